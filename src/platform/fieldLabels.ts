import * as vscode from 'vscode';
import type { EditableField } from '../api/contactChanges.ts';

/** The fields in the order in which they are shown, with their names for the user. */
export const fieldLabels = (): Record<EditableField, string> => ({
  display_name: vscode.l10n.t('Display name'),
  first_name: vscode.l10n.t('First name'),
  last_name: vscode.l10n.t('Last name'),
  email: vscode.l10n.t('E-mail'),
  area_code: vscode.l10n.t('Area code'),
  phone_number: vscode.l10n.t('Phone'),
  company_name: vscode.l10n.t('Company'),
  position: vscode.l10n.t('Position'),
  title: vscode.l10n.t('Title'),
  location: vscode.l10n.t('Location'),
  gender: vscode.l10n.t('Gender'),
  language: vscode.l10n.t('Language'),
  birthday: vscode.l10n.t('Birthday'),
  remark: vscode.l10n.t('Remark'),
  channel_type: vscode.l10n.t('Channel'),
  avatar_url: vscode.l10n.t('Picture'),
});

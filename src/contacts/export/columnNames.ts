import * as vscode from 'vscode';
import type { ExportColumn } from '../../contract/exportColumns.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';

/** What the columns of a file are called for people. */
export const columnNames = (): Record<ExportColumn, string> => ({
  ...fieldLabels(),
  id: vscode.l10n.t('Contact id'),
  labels: vscode.l10n.t('Labels'),
  time_zone: vscode.l10n.t('Time zone'),
  whatsapp_id: vscode.l10n.t('{0} id', 'WhatsApp'),
  facebook_id: vscode.l10n.t('{0} id', 'Facebook'),
  messenger_id: vscode.l10n.t('{0} id', 'Messenger'),
  wechat_id: vscode.l10n.t('{0} id', 'WeChat'),
  line_id: vscode.l10n.t('{0} id', 'LINE'),
  instagram_id: vscode.l10n.t('{0} id', 'Instagram'),
  last_seen: vscode.l10n.t('Last seen'),
  created_at: vscode.l10n.t('Created'),
  updated_at: vscode.l10n.t('Changed'),
  updated_by: vscode.l10n.t('Changed by'),
  organization_id: vscode.l10n.t('Organization id'),
  business_unit_id: vscode.l10n.t('Business unit id'),
  channel_id: vscode.l10n.t('Channel id'),
});

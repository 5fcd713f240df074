import * as vscode from 'vscode';
import type { EditableField } from '../api/contactChanges.ts';
import type { Contact } from '../api/decode/contact.ts';
import { channelTypes, type ChannelType } from '../contract/vocabulary.ts';

/** What to call a contact: its name, else whatever tells it from others. */
export const contactName = (contact: Contact): string =>
  contact.display_name ??
  ([contact.first_name, contact.last_name].filter(Boolean).join(' ') ||
    (contact.email ?? contact.phone_number ?? contact.id));

const channelIcons: Record<ChannelType, string> = {
  web: 'globe',
  whatsapp: 'comment-discussion',
  facebook: 'thumbsup',
  instagram: 'device-camera',
  email: 'mail',
  wechat: 'comment',
  line: 'broadcast',
  wecom: 'organization',
};

const channelNames = (): Record<ChannelType, string> => ({
  web: vscode.l10n.t('Web'),
  whatsapp: 'WhatsApp',
  facebook: 'Facebook',
  instagram: 'Instagram',
  email: vscode.l10n.t('E-mail'),
  wechat: 'WeChat',
  line: 'LINE',
  wecom: 'WeCom',
});

const isChannelType = (text: string): text is ChannelType => (channelTypes as readonly string[]).includes(text);

/** The product icon of a channel. */
export const channelIcon = (channel: string | undefined): string =>
  channel !== undefined && isChannelType(channel) ? channelIcons[channel] : 'account';

/** A channel as people write it. */
export const channelName = (channel: string | undefined): string | undefined =>
  channel !== undefined && isChannelType(channel) ? channelNames()[channel] : channel;

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

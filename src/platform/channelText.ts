import * as vscode from 'vscode';
import { channelTypes, type ChannelType } from '../contract/vocabulary.ts';

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

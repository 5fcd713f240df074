/** The words and limits that both sides of the wire agree on. See docs/contract.md. */

/** The first prefix is the one the client uses; the second is an older alias of the same routes. */
export const apiPrefixes = ['/channel-service/v1', '/v1/backend'] as const;
export const apiPrefix = apiPrefixes[0];
/** Where sign-in lives. */
export const signInPrefix = '/platform/v1';

/** Where our own server takes files in and gives them out; the gateway has nothing like it. */
export const localPrefix = '/local/v1';

export const channelTypes = ['web', 'whatsapp', 'facebook', 'instagram', 'email', 'wechat', 'line', 'wecom'] as const;
export type ChannelType = (typeof channelTypes)[number];

export const conversationStatuses = [
  'active',
  'pending',
  'closed',
  'spam',
  'overdue',
  'soon to be',
  'rep needed',
  'unassigned',
] as const;
export type ConversationStatus = (typeof conversationStatuses)[number];

export const messageTypes = ['text', 'image', 'file'] as const;

export const notificationTypes = [101, 201, 202, 203, 204, 301, 302, 303, 304, 305] as const;
export type NotificationType = (typeof notificationTypes)[number];

/** Every text field of a contact on the wire, in the order the contract lists them. */
export const contactTextFields = [
  'organization_id',
  'business_unit_id',
  'channel_id',
  'channel_type',
  'display_name',
  'first_name',
  'last_name',
  'avatar_url',
  'gender',
  'area_code',
  'phone_number',
  'language',
  'email',
  'remark',
  'time_zone',
  'last_seen',
  'created_at',
  'updated_at',
  'updated_by',
  'title',
  'birthday',
  'location',
  'company_name',
  'position',
  'whatsapp_id',
  'facebook_id',
  'messenger_id',
  'wechat_id',
  'line_id',
  'instagram_id',
] as const;
export type ContactTextField = (typeof contactTextFields)[number];

/** The SDK's names for two fields; an update sends both (section 4.2). */
export const otherSpellings = { display_name: 'name', phone_number: 'phone' } as const;

/** The columns of the server's CSV export, in order. */
export const csvColumns = [
  'id',
  'display_name',
  'first_name',
  'last_name',
  'email',
  'phone_number',
  'channel_type',
  'company_name',
  'title',
  'location',
  'labels',
  'created_at',
  'updated_at',
] as const;

/** Bytes. */
export const maxPictureBytes = 5 * 1024 * 1024;
/** Rows in one page. */
export const maxPageSize = 500;
/** Characters of a text that a client sends. */
export const maxTextLength = 20_000;
/** Characters of a query that are looked for. */
export const maxQueryLength = 500;
/** Labels of a contact, and characters of one. */
export const maxLabels = 200;
export const maxLabelLength = 200;
/** Characters of a contact's own parameters as JSON, and how deep they may be nested. */
export const maxParametersLength = 32_768;
export const maxParametersDepth = 64;

/**
 * The columns that an export can have, in order: what a contact is and how to reach it first. Without its picture, whose
 * address on our own server is good for as long as the server runs.
 */
export const exportColumns = [
  'id',
  'display_name',
  'first_name',
  'last_name',
  'email',
  'area_code',
  'phone_number',
  'company_name',
  'position',
  'title',
  'location',
  'labels',
  'remark',
  'gender',
  'language',
  'birthday',
  'time_zone',
  'channel_type',
  'whatsapp_id',
  'facebook_id',
  'messenger_id',
  'wechat_id',
  'line_id',
  'instagram_id',
  'last_seen',
  'created_at',
  'updated_at',
  'organization_id',
  'business_unit_id',
  'channel_id',
] as const;
export type ExportColumn = (typeof exportColumns)[number];
export const isExportColumn = (name: string): name is ExportColumn =>
  (exportColumns as readonly string[]).includes(name);

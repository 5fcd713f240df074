/** Words of files that the contact server takes in; `imports.ts` has the shapes. */

/** What a column of a file can be. */
export const importFields = [
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
  'gender',
  'language',
  'birthday',
  'remark',
  'channel_type',
  'labels',
  'created_at',
  'updated_at',
] as const;
export type ImportField = (typeof importFields)[number];

export const duplicateRules = ['skip', 'update', 'both'] as const;
/** What becomes of a row about somebody who is there already, by e-mail address or phone number. */
export type DuplicateRule = (typeof duplicateRules)[number];

export const importStates = ['running', 'done', 'cancelled', 'failed', 'undoing', 'undone'] as const;
export type ImportState = (typeof importStates)[number];
/** Those of an import that can be gone on with: what is partly taken back is not. */
export const resumableStates: readonly ImportState[] = ['running', 'cancelled', 'failed'];

/** Encodings that are told apart; `windows-1252` is what a file is taken for that is no UTF-8. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

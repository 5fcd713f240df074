/** What goes over the wire where our own server takes files in and gives them out. The gateway has nothing like it. */

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

/** For each field the columns to take it from: the first of them that is not empty. */
export type Mapping = Partial<Record<ImportField, readonly string[]>>;

export const duplicateRules = ['skip', 'update', 'both'] as const;
/** What becomes of a row about somebody who is there already, by e-mail address or phone number. */
export type DuplicateRule = (typeof duplicateRules)[number];

export const importStates = ['running', 'done', 'cancelled', 'failed', 'undone'] as const;
export type ImportState = (typeof importStates)[number];

export interface ImportRun {
  id: string;
  file: string;
  /** ISO 8601. */
  started_at: string;
  state: ImportState;
  /** Why it failed, in words. */
  fault: string;
  added: number;
  updated: number;
  skipped: number;
  rejected: number;
  /** Of the file, while it is read; not known of a run that this process has not begun. */
  bytesRead?: number | undefined;
  bytes?: number | undefined;
}

export interface ImportProblem {
  line: number;
  reason: string;
}

/** What an undo has done: `kept` were changed since. */
export interface UndoReport {
  removed: number;
  restored: number;
  kept: number;
}

export interface BackupReport {
  contacts: number;
  bytes: number;
}

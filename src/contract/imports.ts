/** What the contact server says of files that it takes in and gives out. The gateway has nothing like it. */
import * as v from 'valibot';
import { requestBody } from './request.ts';
import { duplicateRules, encodings, importFields, importStates } from './localData.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** For each field the columns to take it from: the first of them that is not empty. */
export const mapping = v.record(
  v.picklist(importFields, 'mapping must name columns for fields'),
  v.array(v.string(), 'mapping must name columns for fields'),
);
export type Mapping = v.InferOutput<typeof mapping>;

export const importRun = v.object({
  id: v.string(),
  file: v.string(),
  /** ISO 8601. */
  started_at: v.string(),
  state: v.picklist(importStates),
  /** Why it failed, in words. */
  fault: v.string(),
  added: count,
  updated: count,
  skipped: count,
  rejected: count,
  /** How much of the file has been read. */
  bytesRead: count,
  bytes: count,
});
export type ImportRun = v.InferOutput<typeof importRun>;

export const importRuns = v.object({ data: v.array(importRun) });

/** A row that is not taken in, by its line of the file. */
export const importProblem = v.object({ line: count, reason: v.string() });
export type ImportProblem = v.InferOutput<typeof importProblem>;

export const importProblems = v.object({ data: v.array(importProblem) });

const previewed = v.partial(
  v.object({
    ...v.entriesFromList(
      importFields.filter((field) => field !== 'labels'),
      v.string(),
    ),
    labels: v.array(v.string()),
  }),
);

/** What a file is, and who the first in it are. */
export const importPreview = v.object({
  format: v.picklist(['csv', 'vcard']),
  encoding: v.picklist(encodings),
  delimiter: v.string(),
  /** The file's columns; none for vCards. */
  columns: v.array(v.string()),
  /** The mapping inferred from the column names; empty if they do not identify contacts. */
  mapping,
  contacts: v.array(previewed),
  bytes: count,
});
export type ImportPreview = v.InferOutput<typeof importPreview>;

/** A file of the server's machine, by its whole path. */
const path = v.string('path must be a whole path');
const wanted = v.pipe(
  v.optional(mapping, {}),
  v.transform(
    (given) => Object.fromEntries(Object.entries(given).filter(([, columns]) => columns.length > 0)) as Mapping,
  ),
);
export const pathRequest = requestBody({ path });
export const previewRequest = requestBody({ path, mapping: wanted });
export const importRequest = requestBody({
  path,
  mapping: wanted,
  duplicates: v.picklist(duplicateRules, 'duplicates must be skip, update or both'),
});

/** What an undo has done: `kept` were changed since. */
export const undoReport = v.object({ removed: count, restored: count, kept: count });
export type UndoReport = v.InferOutput<typeof undoReport>;

/** How many sample contacts nobody has changed or written about, and how many somebody has. */
export const samplesReport = v.object({ untouched: v.number(), kept: v.number() });
export type SamplesReport = v.InferOutput<typeof samplesReport>;

export const backupReport = v.object({ contacts: count, bytes: count });
export type BackupReport = v.InferOutput<typeof backupReport>;

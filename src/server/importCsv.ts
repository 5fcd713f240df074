import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parse, type CsvError } from 'csv-parse';
import { channelTypes, csvColumns } from '../contract/vocabulary.ts';
import { cellText } from '../contract/csvCell.ts';
import { fullName, type ContactChanges, type ContactDraft, type StoredContact } from './store/contactStore.ts';
import type { Store } from './store/store.ts';

export interface ImportReport {
  added: number;
  updated: number;
  /** Rows left out, by their line in the file, with the reason in words. */
  rejected: { line: number; reason: string }[];
}

/** The file as a whole cannot be imported. */
export class ImportError extends Error {}

type CsvRow = Record<string, string>;
type Read = (row: CsvRow) => ContactDraft;

const rowsPerTransaction = 1000;
const maxFieldLength = 20_000;

/**
 * Adds the contacts of a CSV file, which has the columns of our own export or of Google Contacts'. A row about a
 * contact that is already there changes it. A malformed row is left out and reported; the rest is in.
 * @throws {ImportError} when the file cannot be read or its header names nothing that is known.
 */
export async function importCsv(store: Store, file: string): Promise<ImportReport> {
  const report: ImportReport = { added: 0, updated: 0, rejected: [] };
  let read: Read | undefined;
  const started = Date.now();
  const parser = parse({
    bom: true,
    columns: (header: string[]) => {
      read = readerFor(header);
      return header.map((name) => name.trim());
    },
    info: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: 1024 * 1024,
    on_skip: (error: CsvError | undefined) => {
      report.rejected.push({ line: Number(error?.['lines'] ?? 0), reason: reasonOf(error) });
      return undefined;
    },
  });
  await pipeline(createReadStream(file), parser, async (records: AsyncIterable<ParsedRecord>) => {
    for await (const batch of inBatches(records, rowsPerTransaction)) {
      store.database.write(() => {
        for (const { record, info } of batch) addRow(record, info.lines);
      });
    }
  }).catch((error: unknown) => {
    throw error instanceof ImportError ? error : new ImportError(`${file} cannot be read.`, { cause: error });
  });
  if (read === undefined) throw new ImportError(`${file} is empty.`);
  return report;

  function addRow(row: CsvRow, line: number): void {
    const draft = read?.(row) ?? {};
    const fault = faultOf(draft);
    if (fault !== undefined) {
      report.rejected.push({ line, reason: fault });
      return;
    }
    const same = store.contacts.findSame(draft);
    if (same === undefined) {
      // Each a moment before the last, so that 'newest first' keeps the order of the file.
      const created_at = draft.created_at || new Date(started - report.added).toISOString();
      store.contacts.insert({ ...draft, created_at, organization_id: store.organizationId });
      report.added++;
    } else {
      store.contacts.applyChanges(same, changesFrom(draft, same));
      report.updated++;
    }
  }
}

/** What a row says about a known contact: a cell that is empty or not there says nothing. */
function changesFrom(draft: ContactDraft, known: StoredContact): ContactChanges {
  const { id: _id, created_at: _created, updated_at: _updated, is_sample: _sample, labels = [], ...fields } = draft;
  const texts = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  const isMadeUp = draft.display_name === draft.email || draft.display_name === draft.phone_number;
  return {
    ...texts,
    ...(isMadeUp ? { display_name: known.display_name } : {}),
    ...(labels.length === 0 ? {} : { labels }),
  };
}

interface ParsedRecord {
  record: CsvRow;
  info: { lines: number };
}

function readerFor(header: readonly string[]): Read {
  const names = new Set(header.map((name) => name.trim()));
  if (names.has('display_name') || (names.has('email') && names.has('phone_number'))) return readOwn;
  const isGoogle = [...names].some((name) => /^(E-mail|Phone) 1 - Value$/.test(name)) || names.has('Given Name');
  if (isGoogle) return readGoogle;
  throw new ImportError('The first line has neither the columns of a contact export nor those of Google Contacts.');
}

const ownTextColumns = csvColumns.filter((column) => column !== 'labels');

function readOwn(row: CsvRow): ContactDraft {
  const draft: ContactDraft = {};
  for (const column of ownTextColumns) {
    const text = cellText(row[column] ?? '').trim();
    if (text !== '') draft[column] = column.endsWith('_at') ? isoTime(text) : text;
  }
  draft.labels = splitLabels(cellText(row['labels'] ?? ''), ';');
  return withName(draft);
}

/** A moment as the store sorts it; what is none stays, to be refused with its row. */
const isoTime = (text: string): string => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString());

/** Google Contacts has changed its headers; both sets are read. */
function readGoogle(row: CsvRow): ContactDraft {
  const text = (...columns: string[]): string => columns.map((column) => row[column]?.trim() ?? '').find(Boolean) ?? '';
  const first = [text('First Name', 'Given Name'), text('Middle Name', 'Additional Name')].filter(Boolean).join(' ');
  return withName({
    display_name: text('Name', 'File As'),
    first_name: first,
    last_name: text('Last Name', 'Family Name'),
    email: firstValue(text('E-mail 1 - Value')),
    phone_number: firstValue(text('Phone 1 - Value')),
    company_name: text('Organization Name', 'Organization 1 - Name'),
    position: text('Organization Title', 'Organization 1 - Title'),
    birthday: text('Birthday'),
    location: text('Address 1 - City', 'Location'),
    remark: text('Notes'),
    labels: splitLabels(text('Labels', 'Group Membership'), ':::').filter((label) => !label.startsWith('* ')),
  });
}

/** Google joins several values of one kind with ` ::: `. */
const firstValue = (text: string): string => text.split(':::')[0]?.trim() ?? '';

const splitLabels = (text: string, separator: string): string[] =>
  text
    .split(separator)
    .map((label) => label.trim())
    .filter(Boolean);

const withName = (draft: ContactDraft): ContactDraft => ({
  ...draft,
  display_name: draft.display_name || fullName(draft) || draft.email || draft.phone_number || draft.company_name || '',
});

function faultOf(draft: ContactDraft): string | undefined {
  if (draft.display_name === '') return 'no name, e-mail or phone number';
  if (draft.id !== undefined && !/^[\w-]{1,100}$/.test(draft.id)) return 'the id is not one';
  if (draft.email && !/^\S+@\S+$/.test(draft.email)) return 'the e-mail address is not one';
  const isKnownChannel = !draft.channel_type || (channelTypes as readonly string[]).includes(draft.channel_type);
  if (!isKnownChannel) return 'the channel is not a known one';
  for (const name of ['created_at', 'updated_at'] as const) {
    if (draft[name] && Number.isNaN(Date.parse(draft[name]))) return `${name} is not a date`;
  }
  return Object.values(draft).some((value) => typeof value === 'string' && value.length > maxFieldLength)
    ? `a field is longer than ${maxFieldLength} characters`
    : undefined;
}

function reasonOf(error: CsvError | undefined): string {
  switch (error?.code) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return 'it does not have as many cells as the first line';
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark is not closed';
    default:
      return 'it is not valid CSV';
  }
}

async function* inBatches<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of source) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Takes a batch of an import's rows into the workspace. */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ImportProblem } from '../../contract/imports.ts';
import type { DuplicateRule } from '../../contract/localData.ts';
import { pictureFormatOf } from '../../contract/pictureFormat.ts';
import { maxPictureBytes } from '../../contract/vocabulary.ts';
import { mediaReference } from '../mediaReference.ts';
import { newContactId } from '../store/contactId.ts';
import { newContact } from '../store/contactChanges.ts';
import type {
  StoredChanges,
  ContactDraft,
  ImportedContact,
  ImportStep,
  Media,
  StoredContact,
} from '../store/records.ts';
import type { WorkspaceStore, WorkspaceTransaction } from '../store/workspaceStore.ts';
import { changesFrom, validateDraft } from './columns.ts';
import type { ParsedContact } from './importSource.ts';
import { keysOf, ExistingContacts } from './existingContacts.ts';

const rowsWithoutPause = 250;

/** A row whose picture, if it has one, is kept. */
export interface ReadyRow {
  line: number;
  draft: ContactDraft;
  picture?: Media | undefined;
}

export type BatchResult = Pick<ImportStep, 'added' | 'updated' | 'skipped' | 'problems' | 'changes'>;

/** Keeps the pictures of those who will be taken in: they are there before anything names them. */
export async function withPictures(
  { contacts, media }: WorkspaceStore,
  incoming: readonly ParsedContact[],
  duplicates: DuplicateRule,
): Promise<ReadyRow[]> {
  const withPhoto = incoming.filter(({ photo }) => photo !== undefined).map(({ draft }) => draft);
  const known = new ExistingContacts(
    duplicates === 'skip' && withPhoto.length > 0 ? await contacts.findByKeys(keysOf(withPhoto)) : [],
  );
  const rows: ReadyRow[] = [];
  for (const { line, draft, photo } of incoming) {
    const format = photo === undefined || photo.length > maxPictureBytes ? undefined : pictureFormatOf(photo);
    const isTaken = (): boolean => validateDraft(draft) === undefined && known.findMatch(draft) === undefined;
    if (photo === undefined || format === undefined || !isTaken()) {
      rows.push({ line, draft });
      continue;
    }
    const key = await media.keep(photo);
    const picture = { key, content_type: format.type, file_name: 'photo', bytes: photo.length };
    rows.push({ line, draft: { ...draft, avatar_url: mediaReference(key) }, picture });
  }
  return rows;
}

export interface BatchOptions {
  duplicates: DuplicateRule;
  organizationId: string;
  /** When a new contact counts as created that does not say so itself, by its place in the batch. */
  createdAt: (index: number) => string;
}

/** Adds whom the rows are about, or changes them. The rows that can be neither are among the problems. */
export async function importRows(
  { contacts, media }: WorkspaceTransaction,
  rows: readonly ReadyRow[],
  { duplicates, organizationId, createdAt }: BatchOptions,
): Promise<BatchResult> {
  const counts = { added: 0, updated: 0, skipped: 0 };
  const problems: ImportProblem[] = [];
  const changes: ImportedContact[] = [];
  const keys = keysOf(rows.map(({ draft }) => draft));
  const asked = duplicates === 'both' ? { ids: keys.ids, emails: [], phoneEndings: [] } : keys;
  const known = new ExistingContacts(await contacts.findByKeys(asked));
  const idStart = randomUUID().slice(0, 4);
  for (const [index, { line, draft, picture }] of rows.entries()) {
    // Reads of others are answered meanwhile.
    if (index % rowsWithoutPause === rowsWithoutPause - 1) await setImmediate();
    const reason = validateDraft(draft);
    if (reason !== undefined) {
      problems.push({ line, reason });
      continue;
    }
    const same = duplicates === 'both' ? undefined : known.findMatch(draft);
    if (same !== undefined && duplicates === 'skip') {
      counts.skipped++;
      continue;
    }
    if (picture !== undefined) await media.add(picture);
    if (same === undefined) {
      const isFree = draft.id !== undefined && known.get(draft.id) === undefined;
      const contact = newContact({
        ...draft,
        id: isFree ? draft.id : newContactId(idStart),
        created_at: draft.created_at || createdAt(index),
        organization_id: organizationId,
      });
      await contacts.insert(contact);
      known.put(contact);
      changes.push({ contactId: contact.id, version: contact.version, before: undefined });
      counts.added++;
    } else {
      const wanted = changesFrom(draft, same);
      const after = await contacts.update(same.id, wanted);
      if (typeof after === 'string') throw new Error('A contact was found and is not there.');
      known.put(after);
      changes.push({ contactId: after.id, version: after.version, before: valuesOf(same, Object.keys(wanted)) });
      counts.updated++;
    }
  }
  return { ...counts, problems, changes };
}

/** How the fields were that a change is about; the name too, which follows its parts. */
function valuesOf(contact: StoredContact, names: readonly string[]): StoredChanges {
  const wanted = new Set([...names, 'display_name']);
  return Object.fromEntries(Object.entries(contact).filter(([name]) => wanted.has(name)));
}

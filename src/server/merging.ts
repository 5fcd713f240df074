/** Two contacts that are the same person become one, and two again; the same over every engine. */
import { randomUUID } from 'node:crypto';
import type { StoredChanges, StoredContact, StoredMerge } from './store/records.ts';
import type { WorkspaceTransaction } from './store/workspaceStore.ts';

/**
 * Gives `goneId`'s history and labels to `keptId`, and removes it. Of other fields, those in `changes` are changed.
 * @returns `notFound` where one of them is not there.
 */
export async function mergeContacts(
  { contacts, history, merges }: WorkspaceTransaction,
  keptId: string,
  goneId: string,
  changes: StoredChanges,
  mergeId = `mrg_${randomUUID()}`,
): Promise<{ contact: StoredContact; mergeId: string } | 'notFound'> {
  const [kept, gone] = [await contacts.get(keptId), await contacts.get(goneId)];
  if (kept === undefined || gone === undefined) return 'notFound';
  const moved = await history.moveAll(goneId, keptId);
  const earlier = await merges.takeAllOf(goneId);
  const contact = await contacts.update(keptId, {
    ...bothOf(kept, gone),
    ...changes,
    labels: labelsOf(kept, gone, changes),
  });
  if (typeof contact === 'string') throw new Error('A contact was there and is not.');
  await contacts.delete(goneId);
  const fields = Object.keys(contact).filter(
    (field): field is keyof StoredChanges =>
      !unmerged.has(field) && !isSame(kept[field as 'labels'], contact[field as 'labels']),
  );
  const merge: StoredMerge = {
    id: mergeId,
    contact_id: keptId,
    created_at: new Date().toISOString(),
    gone,
    before: picked(kept, fields),
    after: picked(contact, fields),
    moved,
    earlier,
  };
  await merges.insert(merge);
  return { contact, mergeId };
}

/**
 * Takes a merge back, once: whoever went is there again with what was theirs and was not deleted since, and the fields of
 * who stayed are as they were, those aside that somebody has changed since.
 * @returns both; `undefined` for a merge that is not known, or whose contact is gone, which is to be rolled back.
 */
export async function undoMerge(
  { contacts, history, merges }: WorkspaceTransaction,
  keptId: string,
  mergeId: string,
): Promise<[StoredContact, StoredContact] | undefined> {
  const merge = await merges.take(mergeId);
  const kept = merge && (await contacts.get(merge.contact_id));
  if (merge === undefined || kept === undefined || kept.id !== keptId) return undefined;
  const { gone, before, after, moved, earlier } = merge;
  if ((await contacts.get(gone.id)) !== undefined) return undefined;
  // What somebody has cached of an earlier version must not pass for this one.
  await contacts.insert({ ...gone, version: gone.version + 1 });
  await history.move(moved, keptId, gone.id);
  const fields = (Object.keys(after) as (keyof StoredChanges)[]).filter((field) => isSame(kept[field], after[field]));
  // Given, so that it is not made anew of the parts of a name that are put back.
  const name = fields.includes('display_name') ? before.display_name : kept.display_name;
  if (fields.length > 0)
    await contacts.update(keptId, {
      ...picked({ ...kept, ...before }, fields),
      ...(name === undefined ? {} : { display_name: name }),
    });
  for (const each of earlier) await merges.insert(each);
  const [one, other] = [await contacts.get(keptId), await contacts.get(gone.id)];
  return one === undefined || other === undefined ? undefined : [one, other];
}

/** Where somebody can be reached, which nobody is asked about: what who stays has not, they get. */
const reached = ['channel_id', 'whatsapp_id', 'facebook_id', 'messenger_id', 'wechat_id', 'line_id', 'instagram_id', 'time_zone'] as const; // prettier-ignore

function bothOf(kept: StoredContact, gone: StoredContact): StoredChanges {
  const missing = reached.filter((field) => kept[field] === '' && gone[field] !== '');
  return {
    ...picked(gone, missing),
    additional_params: { ...gone.additional_params, ...kept.additional_params },
    last_seen: gone.last_seen > kept.last_seen ? gone.last_seen : kept.last_seen,
  };
}

const labelsOf = (kept: StoredContact, gone: StoredContact, { labels = kept.labels }: StoredChanges): string[] => [
  ...new Set([...labels, ...gone.labels]),
];

/** What is of one contact whoever it is merged with. */
const unmerged: ReadonlySet<string> = new Set([
  'id',
  'version',
  'created_at',
  'updated_at',
  'updated_by',
  'organization_id',
]);

const picked = (contact: StoredContact, fields: readonly (keyof StoredChanges)[]): StoredChanges =>
  Object.fromEntries(fields.map((field) => [field, contact[field]]));

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

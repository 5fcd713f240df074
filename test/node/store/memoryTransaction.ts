import type { ImportProblem } from '../../../src/contract/imports.ts';
import { changedContact, newContact } from '../../../src/server/store/contactChanges.ts';
import type { ContactDraft, ImportedContact, MovedHistory, StoredImport } from '../../../src/server/store/records.ts';
import type { WorkspaceTransaction } from '../../../src/server/store/workspaceStore.ts';
import { compareTexts, contactReads, historyReads, importReads } from './memoryReads.ts';
import type { Entry, Tables } from './memoryTables.ts';

export function transactionOver(tables: () => Tables): WorkspaceTransaction {
  const add = (draft: ContactDraft): string => {
    const { contacts } = tables();
    const contact = newContact(structuredClone(draft));
    if (contacts.has(contact.id)) throw new Error('There is a contact of this id.');
    contacts.set(contact.id, { contact, changed: ++tables().changes });
    return contact.id;
  };
  const mustBeThere = (isThere: boolean): void => {
    if (!isThere) throw new Error('It is of nothing that is there.');
  };
  const importOf = (id: string): { run: StoredImport; problems: ImportProblem[]; changes: ImportedContact[] } => {
    const found = tables().imports.get(id);
    if (found === undefined) throw new Error('There is no such import.');
    return found;
  };

  const move = (moved: MovedHistory, from: string, to: string): void => {
    for (const kind of ['conversations', 'comments', 'files'] as const) {
      for (const each of tables()[kind]) {
        if (each.contact_id !== from || !moved[kind].includes(each.id)) continue;
        mustBeThere(tables().contacts.has(to));
        each.contact_id = to;
      }
    }
  };

  return {
    contacts: {
      ...contactReads(tables),
      insert: async (draft) => add(draft),
      bulkInsert: async (drafts) => {
        for (const draft of drafts) add(draft);
        const entries = [...tables().contacts.values()];
        const lastDate = ({ contact }: Entry): string =>
          compareTexts(contact.created_at, contact.updated_at) > 0 ? contact.created_at : contact.updated_at;
        for (const entry of entries.toSorted((one, other) => compareTexts(lastDate(one), lastDate(other)))) {
          entry.changed = ++tables().changes;
        }
      },
      update: async (id, changes, expectedVersion) => {
        const entry = tables().contacts.get(id);
        if (entry === undefined) return 'notFound';
        if (expectedVersion !== undefined && entry.contact.version !== expectedVersion) return 'changedMeanwhile';
        entry.contact = changedContact(entry.contact, structuredClone(changes));
        entry.changed = ++tables().changes;
        return structuredClone(entry.contact);
      },
      delete: async (id) => {
        const all = tables();
        const gone = new Set(all.conversations.filter(({ contact_id }) => contact_id === id).map((each) => each.id));
        all.activities = all.activities.filter(({ conversation_id }) => !gone.has(conversation_id));
        all.messages = all.messages.filter(({ conversation_id }) => !gone.has(conversation_id));
        all.conversations = all.conversations.filter(({ contact_id }) => contact_id !== id);
        all.comments = all.comments.filter(({ contact_id }) => contact_id !== id);
        all.files = all.files.filter(({ contact_id }) => contact_id !== id);
        for (const [key, merge] of all.merges) if (merge.contact_id === id) all.merges.delete(key);
        return all.contacts.delete(id);
      },
    },
    history: {
      newestConversations: (limit) => historyReads(tables).newestConversations(limit),
      insertConversation: async (conversation) => {
        mustBeThere(tables().contacts.has(conversation.contact_id));
        tables().conversations.push(structuredClone(conversation));
      },
      insertComment: async (comment) => {
        mustBeThere(tables().contacts.has(comment.contact_id));
        tables().comments.push(structuredClone(comment));
      },
      comment: (contactId, id) => historyReads(tables).comment(contactId, id),
      comments: (contactId, channels, request) => historyReads(tables).comments(contactId, channels, request),
      updateComment: async (contactId, id, changes) => {
        const found = tables().comments.find((each) => each.contact_id === contactId && each.id === id);
        if (found !== undefined) Object.assign(found, changes);
        return found !== undefined;
      },
      deleteComment: async (contactId, id) => {
        const { comments } = tables();
        const index = comments.findIndex((each) => each.contact_id === contactId && each.id === id);
        if (index >= 0) comments.splice(index, 1);
        return index >= 0;
      },
      insertFile: async (file) => {
        mustBeThere(tables().contacts.has(file.contact_id));
        tables().files.push(structuredClone(file));
      },
      insertActivity: async (activity) => {
        mustBeThere(tables().conversations.some(({ id }) => id === activity.conversation_id));
        tables().activities.push(structuredClone(activity));
      },
      moveAll: async (from, to) => {
        const idsOf = (items: readonly { id: string; contact_id: string }[]): string[] =>
          items.filter(({ contact_id }) => contact_id === from).map(({ id }) => id);
        const { conversations, comments, files } = tables();
        const moved = { conversations: idsOf(conversations), comments: idsOf(comments), files: idsOf(files) };
        move(moved, from, to);
        return moved;
      },
      move: async (moved, from, to) => move(moved, from, to),
      insertMessage: async (message) => {
        mustBeThere(tables().conversations.some(({ id }) => id === message.conversation_id));
        tables().messages.push(structuredClone(message));
      },
    },
    merges: {
      insert: async (merge) => {
        mustBeThere(tables().contacts.has(merge.contact_id));
        tables().merges.set(merge.id, structuredClone(merge));
      },
      take: async (id) => {
        const found = tables().merges.get(id);
        tables().merges.delete(id);
        return structuredClone(found);
      },
      takeAllOf: async (contactId) => {
        const all = [...tables().merges.values()].filter(({ contact_id }) => contact_id === contactId);
        for (const { id } of all) tables().merges.delete(id);
        return structuredClone(all.toSorted((one, other) => compareTexts(one.id, other.id)));
      },
    },
    notifications: {
      insert: async (notification) => void tables().notifications.push(structuredClone(notification)),
      setRead: async (ids, isRead) => {
        for (const each of tables().notifications) if (ids.includes(each.id)) each.is_read = isRead;
      },
      dismiss: async (ids) => {
        const all = tables();
        const before = all.notifications.length;
        all.notifications = all.notifications.filter(({ id }) => !ids.includes(id));
        return before - all.notifications.length;
      },
      dismissAll: async (type) => {
        const all = tables();
        all.notifications = all.notifications.filter((each) => type !== undefined && each.type !== type);
      },
    },
    media: { add: async (media) => void tables().media.set(media.key, structuredClone(media)) },
    imports: {
      find: (id) => importReads(tables).find(id),
      insert: async (run) => {
        const counts = { added: 0, updated: 0, skipped: 0, rejected: 0, position: 0, bytesRead: 0 };
        const whole: StoredImport = { ...run, ...counts, state: 'running', fault: '' };
        tables().imports.set(run.id, { run: whole, problems: [], changes: [] });
      },
      setState: async (id, state, fault = '') => void Object.assign(importOf(id).run, { state, fault }),
      isAt: async (id, position) => {
        const run = tables().imports.get(id)?.run;
        return run?.state === 'running' && run.position === position;
      },
      advance: async (id, step) => {
        const { run, problems, changes } = importOf(id);
        run.position = step.position + step.contacts;
        run.added += step.added;
        run.updated += step.updated;
        run.skipped += step.skipped;
        run.bytesRead = step.bytesRead;
        for (const problem of step.problems) {
          if (!problems.some(({ line }) => line === problem.line)) problems.push({ ...problem });
        }
        run.rejected = problems.length;
        for (const change of step.changes) {
          const known = changes.find(({ contactId }) => contactId === change.contactId);
          if (known === undefined) changes.push(structuredClone(change));
          else {
            known.version = change.version;
            known.before = known.before && { ...change.before, ...known.before };
          }
        }
      },
      takeChanges: async (id, limit) => importOf(id).changes.splice(0, limit),
    },
    claim: async (name) => {
      const isFirst = !tables().claims.has(name);
      tables().claims.add(name);
      return isFirst;
    },
  };
}

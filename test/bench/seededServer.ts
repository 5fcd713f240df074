import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mediaReference } from '../../src/server/mediaReference.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { temporaryDirectory } from '../node/support/app.ts';
import { startServer, type ServerProcess } from '../node/support/serverProcess.ts';

/** The two numbers of contacts that the bounds are for. */
export const fewContacts = 65_000;
export const manyContacts = 1_000_000;
/** A contact with as much as anybody has. */
export const busyContact = { id: 'con_busy', name: 'Busy Person', comments: 2_000, files: 500 };
export const benchToken = 'api_for_the_bench';

export interface SeededServer {
  server: ServerProcess;
  directory: string;
  /** As many as were seeded; the busy one is one more. */
  contacts: number;
  /** Milliseconds that the sample contacts took; `undefined` where they were there already. */
  seeding: number | undefined;
  close(): Promise<void>;
}

/** A contact server with sample contacts, one of them busy. @param kept a folder to keep them in between runs. */
export async function startSeeded(contacts: number, kept?: string): Promise<SeededServer> {
  const directory = kept ?? temporaryDirectory();
  const isThere = existsSync(join(directory, 'contacts.db'));
  if (!isThere) console.log(`seeding ${contacts.toLocaleString('en')} contacts`);
  const started = performance.now();
  if (!isThere) await (await startServer(directory, '--seed', String(contacts), '--token', benchToken)).kill();
  const seeding = isThere ? undefined : performance.now() - started;
  if (!isThere) await addBusyContact(directory);
  const server = await startServer(directory, '--token', benchToken);
  return {
    server,
    directory,
    contacts,
    seeding,
    close: async () => {
      await server.kill();
      if (kept === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function addBusyContact(directory: string): Promise<void> {
  const store = SqliteStore.open(directory);
  const content = new TextEncoder().encode('a file');
  const key = await store.media.keep(content);
  const author = { _id: 'u_bench', display_name: 'Colleague' };
  await store.transaction(async ({ contacts: people, history, media }) => {
    await media.add({ key, content_type: 'text/plain', file_name: 'file.txt', bytes: content.length });
    const { id, name, comments, files } = busyContact;
    const times = (index: number): { created_at: string; updated_at: string } => {
      const at = new Date(Date.now() - index * 60_000).toISOString();
      return { created_at: at, updated_at: at };
    };
    await people.insert({
      id,
      display_name: name,
      email: 'busy@x.example',
      phone_number: '+442079460000',
      created_at: new Date().toISOString(),
    });
    for (let index = 0; index < comments; index++) {
      await history.insertComment({
        id: `cmt_busy_${index}`,
        contact_id: id,
        text: `Comment ${index} on what was said`,
        author,
        channel_type: 'web',
        labels: [],
        ...times(index),
      });
    }
    for (let index = 0; index < files; index++) {
      await history.insertFile({
        id: `msg_busy_${index}`,
        contact_id: id,
        author,
        caption: `file ${index}.txt`,
        url: mediaReference(key),
        extension: 'txt',
        ...times(index),
      });
    }
    for (let index = 0; index < 20; index++) {
      const conversationId = `conv_busy_${index}`;
      await history.insertConversation({
        id: conversationId,
        public_id: `tcu_busy_${index}`,
        contact_id: id,
        channel_type: 'web',
        status: 'active',
        name,
        timestamp: times(index).created_at,
        users: [],
        teams: [],
        latest_message: { type: 'text', content: { text: 'Hello' }, created_at: times(index).created_at },
      });
      await history.insertActivity({
        id: `act_busy_${index}`,
        conversation_id: conversationId,
        user: author,
        type: 'summary',
        summary: 'Asked for a delivery date',
        sentiment: 'neutral',
        importance: 'low',
        ...times(index),
      });
    }
  });
  await store.close();
}

/** Records for the cases, and what they are read with. */
import assert from 'node:assert/strict';
import type {
  StoredPage,
  StoredActivity,
  StoredComment,
  StoredConversation,
  StoredFile,
  StoredMessage,
  StoredNotification,
} from '../../../src/server/store/records.ts';
import type { WorkspaceStore, WorkspaceTransaction } from '../../../src/server/store/workspaceStore.ts';

export interface ConformanceCase {
  title: string;
  /** @param again opens the workspace once more, as another process would. */
  check: (store: WorkspaceStore, again: () => WorkspaceStore) => Promise<void>;
}

export const everything = { limit: 500, skip: 0 };
export const noChannel: string[] = [];
export const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
export const idsOf = ({ items }: Pick<StoredPage<{ id: string }>, 'items'>): string[] => items.map(({ id }) => id);
export const found = async (store: WorkspaceStore, query: string, request = everything): Promise<string[]> =>
  idsOf(await store.contacts.search(query, undefined, request));

export const conversationOf = (contact_id: string, id: string, minute: number): StoredConversation => ({
  id: `conv_${id}`,
  public_id: `tcu_${id}`,
  contact_id,
  channel_type: minute % 2 === 0 ? 'web' : 'line',
  status: 'active',
  name: 'A “name”',
  timestamp: at(minute),
  users: [{ id: 'u_1', display_name: 'Uyên', avatar_url: '' }],
  teams: [],
  latest_message: minute % 3 === 0 ? null : { type: 'text', content: { text: '你好' }, created_at: at(minute) },
});
export const commentOf = (contact_id: string, id: string, minute: number): StoredComment => ({
  id: `cmt_${id}`,
  contact_id,
  text: `said\n${id}`,
  author: minute % 3 === 0 ? null : { _id: 'u_1', display_name: 'Uyên' },
  channel_type: minute % 2 === 0 ? 'web' : '',
  labels: [{ name: 'follow-up', color: '#3794ff' }],
  created_at: at(minute),
  updated_at: at(minute + 1),
});
export const fileOf = (contact_id: string, id: string, minute: number): StoredFile => ({
  id: `msg_${id}`,
  contact_id,
  author: null,
  caption: 'báo cáo.png',
  url: 'https://media.example/a',
  extension: 'png',
  created_at: at(minute),
  updated_at: at(minute),
});
export const activityOf = (conversation: string, id: string, created_at: string): StoredActivity => ({
  id: `act_${id}`,
  conversation_id: `conv_${conversation}`,
  user: { _id: 'u_1', display_name: 'Uyên' },
  type: 'summary',
  summary: 'Asked',
  sentiment: 'neutral',
  importance: 'low',
  created_at,
  updated_at: created_at,
});
export const messageOf = (conversation: string, id: string, minute: number): StoredMessage => ({
  id: `msg_${id}`,
  conversation_id: `conv_${conversation}`,
  author: minute % 2 === 0 ? null : { _id: 'con_1', display_name: 'Uyên' },
  type: minute % 2 === 0 ? 'image' : 'text',
  content: minute % 2 === 0 ? { caption: 'ảnh.png', url: 'https://media.example/a', extension: 'png' } : { text: id },
  created_at: at(minute),
  updated_at: at(minute),
});
export const notificationOf = (id: string, type: number, minute: number): StoredNotification => ({
  id: `not_${id}`,
  title: 'T',
  content: 'C',
  sender: minute % 2 === 0 ? null : { _id: 'u_1', display_name: 'Uyên' },
  type,
  action_to: { team_id: 't_1' },
  recipient: 'u_2',
  is_read: false,
  action_disable: minute % 2 === 0,
  channel_type: '',
  created_at: at(minute),
});

class OnPurpose extends Error {}

/** Runs `work` in a transaction that fails at its end. */
export async function rolledBack(
  store: WorkspaceStore,
  work: (tx: WorkspaceTransaction) => Promise<unknown>,
): Promise<void> {
  const transaction = store.transaction(async (tx) => {
    await work(tx);
    throw new OnPurpose();
  });
  await assert.rejects(transaction, OnPurpose);
}

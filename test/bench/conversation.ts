import type { Frame } from 'playwright-core';
import { sitAtServer } from '../browser/support.ts';
import type { StoredConversation, StoredMessage } from '../../src/server/store/records.ts';
import type { WorkspaceStore } from '../../src/server/store/workspaceStore.ts';
import { poll } from '../harness/processes.ts';
import { rendererBytes } from './rendererMemory.ts';
import { within } from './desk.ts';
import { sizeRow, type BenchRow } from './statistics.ts';

const messageCount = 10_000;
const openings = 40;
const frames = 600;
const stepPixels = 400;
const maxOpenMs = 150;
/** A frame of sixty in a second, and a tenth more for the clock. */
const maxFrameMs = 18.4;
const maxBytes = 50_000_000;
const name = 'Big Talker';
const lastWord = 'the last word';

/** A conversation of 10,000 messages: how soon its last ones are there, and whether all of them scroll smoothly. */
export async function benchConversation(): Promise<BenchRow[]> {
  const desk = await sitAtServer({ seed: 20, day: new Date(), fill: addLongConversation });
  try {
    const panel = await desk.workbench.openContact(name);
    await panel.getByRole('tab', { name: 'Conversations' }).click();
    await panel.getByRole('button', { name: lastWord }).waitFor();
    const opened: number[] = [];
    for (let run = 0; run < openings; run++) {
      if (run > 0) {
        await panel.getByRole('button', { name: 'All Conversations' }).click();
        await panel.getByRole('button', { name: lastWord }).waitFor();
      }
      opened.push(await open(panel));
    }
    const messages = panel.locator('.message');
    const before = await rendererBytes(desk.workbench.page);
    const older = panel.getByRole('button', { name: 'Load Earlier Messages' });
    await poll('all messages', 300_000, async () => {
      await panel.locator('.messages').evaluate((box) => box.scrollTo(0, 0));
      return (await older.count()) === 0 && /message 0\b/.test(await messages.first().innerText());
    });
    const of = `a conversation of ${messageCount.toLocaleString('en')} messages`;
    return [
      within(`${of}: click to its last ones painted`, opened, maxOpenMs),
      within(`${of}, all loaded: a frame while it scrolls`, await scroll(panel), maxFrameMs),
      sizeRow(`${of}, all loaded and scrolled: memory`, (await rendererBytes(desk.workbench.page)) - before, maxBytes),
    ];
  } finally {
    await desk.leave();
  }
}

/** In the page: clicks, and waits until messages are painted. */
const open = (panel: Frame): Promise<number> =>
  panel.evaluate<number>(`new Promise((resolve) => {
    const start = performance.now();
    const look = () =>
      document.querySelector('.message') === null
        ? requestAnimationFrame(look)
        : requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
    [...document.querySelectorAll('button')].find((button) => button.textContent === '${lastWord}').click();
    look();
  })`);

/** In the page: scrolls from the first message on, a step in each frame. @returns how long each frame took. */
const scroll = (panel: Frame): Promise<number[]> =>
  panel.evaluate<number[]>(`new Promise((resolve) => {
    const box = document.querySelector('.messages');
    const took = [];
    let before = performance.now();
    const step = (now) => {
      took.push(now - before);
      before = now;
      box.scrollTo(0, took.length * ${stepPixels});
      if (took.length < ${frames}) requestAnimationFrame(step);
      else resolve(took.slice(1));
    };
    requestAnimationFrame(step);
  })`);

async function addLongConversation(store: WorkspaceStore): Promise<void> {
  const now = new Date().toISOString();
  const conversation: StoredConversation = {
    id: 'conv_big',
    public_id: 'tcu_big',
    contact_id: 'con_big',
    channel_type: 'web',
    status: 'active',
    name,
    timestamp: now,
    users: [],
    teams: [],
    latest_message: { type: 'text', content: { text: lastWord }, created_at: now },
  };
  const message = (n: number): StoredMessage => {
    const at = new Date(Date.UTC(2026, 0, 1) + n * 600_000).toISOString();
    return {
      id: `msg_${n}`,
      conversation_id: conversation.id,
      author: { _id: n % 2 === 0 ? 'con_big' : 'u_1', display_name: 'Uyên' },
      type: 'text',
      content: { text: `message ${n} `.repeat(1 + (n % 9)) },
      created_at: at,
      updated_at: at,
    };
  };
  await store.transaction(async ({ contacts, history }) => {
    await contacts.insert({ id: 'con_big', display_name: name, email: 'b@x.example' });
    await history.insertConversation(conversation);
    for (let n = 0; n < messageCount; n++) await history.insertMessage(message(n));
  });
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { AgentCall, AgentReply, WindowEntry } from './wire.ts';

const noWindow =
  'No window of VS Code lets agents in. Ask the user to open VS Code and to run "Contacts: Connect an Agent…", and try again then.';

/** @param folder where windows say how they can be asked. @param first the entry of the one that is asked before others. */
export async function callWindow(
  folder: string,
  first: string | undefined,
  call: AgentCall,
  signal: AbortSignal,
): Promise<AgentReply> {
  for (const path of [...(first === undefined ? [] : [first]), ...(await entriesIn(folder))]) {
    const entry = await entryAt(path);
    const reply = entry && (await ask(entry, call, signal));
    if (reply !== undefined) return reply;
  }
  return { error: noWindow };
}

/** The one that was used last comes first. */
async function entriesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
  const entries = await Promise.all(
    paths.map(async (path) => ({ path, usedAt: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  return entries.sort((one, other) => other.usedAt - one.usedAt).map(({ path }) => path);
}

async function entryAt(path: string): Promise<WindowEntry | undefined> {
  try {
    const { socket, key } = JSON.parse(await readFile(path, 'utf8')) as Partial<WindowEntry>;
    return typeof socket === 'string' && typeof key === 'string' ? { socket, key } : undefined;
  } catch {
    return undefined;
  }
}

/** @returns `undefined` where nobody answers there, or somebody else does. */
function ask({ socket, key }: WindowEntry, call: AgentCall, signal: AbortSignal): Promise<AgentReply | undefined> {
  const body = JSON.stringify(call);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: socket,
        method: 'POST',
        path: '/call',
        headers: { host: 'window', authorization: `Bearer ${key}`, 'content-length': Buffer.byteLength(body) },
        agent: false,
        signal,
      },
      (answer) => {
        if (answer.statusCode === 401) {
          answer.resume();
          return resolve(undefined);
        }
        text(answer).then((reply) => resolve(replyIn(reply)), failed);
      },
    );
    const failed = (error: NodeJS.ErrnoException): void => {
      if (signal.aborted) return reject(error);
      // It has taken the question, and then it was closed.
      if (error.code === 'ECONNRESET') {
        return resolve({ error: 'The window of VS Code was closed meanwhile. What was asked for may have been done.' });
      }
      resolve(undefined);
    };
    asked.once('error', failed);
    asked.end(body);
  });
}

function replyIn(reply: string): AgentReply {
  try {
    const { result, error } = JSON.parse(reply) as { result?: unknown; error?: unknown };
    if (typeof result === 'string') return { result };
    if (typeof error === 'string') return { error };
  } catch {
    // As below.
  }
  return { error: 'VS Code gave an answer that makes no sense here.' };
}

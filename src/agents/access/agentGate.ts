import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { isObject } from '../../contract/json.ts';
import { agentFolder, maxCallBytes, windowsFolder, type AgentReply, type WindowEntry } from '../../mcp/wire.ts';
import type { ToolInput } from '../tools/agentTool.ts';

const callSchema = v.object({
  client: v.pipe(v.string(), v.maxLength(1_000)),
  tool: v.pipe(v.string(), v.maxLength(100)),
  input: v.custom<ToolInput>(isObject),
});
export type ReceivedCall = v.InferOutput<typeof callSchema>;

/** Answers a call; `signal` aborts when whoever has asked is gone. */
export type Answer = (call: ReceivedCall, signal: AbortSignal) => Promise<AgentReply>;

const maxConnections = 64;
/** What the systems allow for the path of a socket. */
const maxSocketPath = 100;

/**
 * Where programs that agents have started ask this window: a socket in a folder that only this user may open, with a
 * key of its own beside it. Nothing listens on the network.
 */
export class AgentGate {
  private readonly server: Server;
  private readonly entryPath: string;
  private readonly socket: string;

  private constructor(server: Server, entryPath: string, socket: string) {
    this.server = server;
    this.entryPath = entryPath;
    this.socket = socket;
  }

  /** @param onError told of what goes wrong later. @throws {Error} where the folder is somebody else's. */
  static async open(home: string, answer: Answer, onError: (error: unknown) => void): Promise<AgentGate> {
    makePrivate(agentFolder(home));
    makePrivate(windowsFolder(home));
    await sweep(home);
    const id = randomBytes(12).toString('hex');
    const socket = socketPath(home, id);
    const entry: WindowEntry = { socket, key: randomBytes(32).toString('base64url') };
    const server = serve(entry.key, answer);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
    server.on('error', onError);
    const gate = new AgentGate(server, join(windowsFolder(home), `${id}.json`), socket);
    try {
      if (process.platform !== 'win32') chmodSync(socket, 0o600);
      writeFileSync(gate.entryPath, JSON.stringify(entry), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      gate.dispose();
      throw error;
    }
    return gate;
  }

  /** Names this window, for whoever is to ask this one first. */
  get entry(): string {
    return this.entryPath;
  }

  /** The window has been used: of several it is the one to be asked. */
  touch(): void {
    try {
      utimesSync(this.entryPath, new Date(), new Date());
    } catch {
      // Somebody has removed it: then others are asked.
    }
  }

  dispose(): void {
    rmSync(this.entryPath, { force: true });
    this.server.close();
    this.server.closeAllConnections();
    if (process.platform !== 'win32') rmSync(this.socket, { force: true });
  }
}

function serve(key: string, answer: Answer): Server {
  const server = http.createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAlive: false },
    (asked, reply) => {
      const gone = new AbortController();
      reply.once('close', () => gone.abort());
      respond(asked, reply, key, answer, gone.signal).catch(() => reply.destroy());
    },
  );
  server.maxConnections = maxConnections;
  return server;
}

async function respond(
  asked: IncomingMessage,
  reply: ServerResponse,
  key: string,
  answer: Answer,
  gone: AbortSignal,
): Promise<void> {
  const end = (status: number, body: AgentReply): void => {
    reply.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  };
  if (!isSame(asked.headers.authorization ?? '', `Bearer ${key}`)) return end(401, { error: 'The key is wrong.' });
  if (asked.method !== 'POST' || asked.url !== '/call') return end(404, { error: 'There is nothing here.' });
  const body = await bodyOf(asked);
  if (body === undefined) return end(413, { error: `At most ${maxCallBytes} bytes.` });
  const call = v.safeParse(callSchema, parsed(body));
  if (!call.success) return end(400, { error: 'This is no call of a tool.' });
  end(200, await answer(call.output, gone));
}

/** @returns `undefined` where it is too long. */
async function bodyOf(asked: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // What is too much is read and forgotten: a client hears of it only once it has said all.
  for await (const chunk of asked as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxCallBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > maxCallBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** @throws {Error} where it is not this user's alone. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Error('The folder for agents is not ours.');
  chmodSync(folder, 0o700);
}

function socketPath(home: string, id: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\contact-lookup-${id}`;
  const path = join(windowsFolder(home), `${id}.sock`);
  if (Buffer.byteLength(path) <= maxSocketPath) return path;
  const folder = join(tmpdir(), `contact-lookup-${process.getuid?.()}`);
  makePrivate(folder);
  return join(folder, `${id}.sock`);
}

/** Removes what windows have left that were killed. */
async function sweep(home: string): Promise<void> {
  const folder = windowsFolder(home);
  const ids = (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
  await Promise.all(
    ids.map(async (id) => {
      const path = join(folder, `${id}.json`);
      const entry = v.safeParse(v.object({ socket: v.string() }), parsed(await readFile(path, 'utf8').catch(() => '')));
      const socket = entry.success ? entry.output.socket : socketPath(home, id);
      if (!(await isDead(socket))) return;
      await rm(path, { force: true });
      // Only what can have been made by `socketPath`.
      if (process.platform !== 'win32' && basename(socket) === `${id}.sock`) await rm(socket, { force: true });
    }),
  );
}

/** Whether nobody listens there any more; a window that is busy still does. */
const isDead = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(false);
    });
    connection.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ENOENT' || code === 'ECONNREFUSED'),
    );
  });

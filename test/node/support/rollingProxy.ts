/** What stands before several servers and shares out what is asked, as a load balancer does. */
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setInterval } from 'node:timers/promises';

const looksEveryMs = 200;

export interface RollingProxy {
  url: string;
  /** Begins to ask a server whether it is ready, and sends it something once it is. */
  add(port: number): void;
  /** Whether a server is sent what is asked. */
  isUsed(port: number): boolean;
  close(): void;
}

/**
 * Asks each server for `/readyz`, and tries another for what was not sent to one. Nothing is sent twice.
 * @param host what the servers are called in public.
 */
export async function startRollingProxy(host: string): Promise<RollingProxy> {
  const agent = new Agent({ keepAlive: true });
  const ports = new Set<number>();
  const ready = new Set<number>();
  const end = new AbortController();
  let turn = 0;

  const look = async (port: number): Promise<void> => {
    const isReady = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      async (answer) => (await answer.text(), answer.status === 200),
      () => undefined,
    );
    if (isReady === undefined) ports.delete(port);
    if (isReady === true) ready.add(port);
    else ready.delete(port);
  };
  const watch = async (): Promise<void> => {
    for await (const _ of setInterval(looksEveryMs, undefined, { signal: end.signal }))
      await Promise.all([...ports].map(look));
  };
  watch().catch(() => undefined);

  const send = (incoming: IncomingMessage, outgoing: ServerResponse, untried: number[]): void => {
    const port = untried.shift();
    if (port === undefined) return void outgoing.writeHead(502).end();
    const { method, url, headers } = incoming;
    const sent = request({ port, agent, method, path: url, headers: { ...headers, host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    sent.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') send(incoming, outgoing, untried);
      else if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    // Once there is somebody to take it.
    sent.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => incoming.pipe(sent));
      else incoming.pipe(sent);
    });
  };
  const server = createServer((incoming, outgoing) => {
    turn += 1;
    const all = [...ready];
    send(incoming, outgoing, [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (port) => void ports.add(port),
    isUsed: (port) => ready.has(port),
    close: () => {
      end.abort();
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { rejectionReason } from './guard.ts';

export interface Listening {
  /** `127.0.0.1:<port>`. */
  host: string;
  /**
   * Takes no more, and ends every connection.
   * @param graceMs how long the answers that are under way may take.
   */
  close(graceMs?: number): Promise<void>;
}

export interface ListenOptions {
  /** 0 for any free one. */
  port: number;
  /** An address of this machine; only itself is let in where nothing is said. */
  address?: string | undefined;
  maxConnections?: number | undefined;
}

/** Puts an app on a socket. */
export async function listen(
  appFor: (host: () => string) => Pick<Hono, 'fetch'>,
  { port, address = '127.0.0.1', maxConnections = 64 }: ListenOptions,
): Promise<Listening> {
  let host = '';
  const app = appFor(() => host);
  const answer = getRequestListener(app.fetch);
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 5_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 60_000,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      const fault = rejectionReason(request);
      if (fault === undefined) return void answer(request, response);
      response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify({ code: 40300, message: fault }));
      return undefined;
    },
  );
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  host = hostOf(server.address() as AddressInfo);
  return { host, close: (graceMs = 0) => close(server, graceMs) };
}

const hostOf = ({ address, family, port }: AddressInfo): string =>
  `${family === 'IPv6' ? `[${address}]` : address}:${port}`;

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs);
    // Those that have got their answer meanwhile are kept open by the client.
    const idle = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearTimeout(force);
      clearInterval(idle);
      resolve();
    });
    server.closeIdleConnections();
  });
}

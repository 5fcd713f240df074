import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { rejectionReason } from './guard.ts';

export interface Listening {
  /** `127.0.0.1:<port>`. */
  host: string;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * Puts an app on a loopback socket.
 * @param port 0 for any free one.
 */
export async function listen(appFor: (host: () => string) => Hono, port: number): Promise<Listening> {
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
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

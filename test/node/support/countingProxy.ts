import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Passes everything on, and notes what was asked for. */
export interface CountingProxy {
  url: string;
  /** Method and path of each request, in order. */
  requests: string[];
  close(): Promise<void>;
}

/**
 * @param target the contact server that it stands before; without one it is a proxy such as an office has, which takes
 * whole addresses.
 */
export async function startCountingProxy(target?: string): Promise<CountingProxy> {
  const requests: string[] = [];
  const before = target === undefined ? {} : { host: new URL(target).host };
  const server: Server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    const onward = request(
      `${target ?? ''}${incoming.url}`,
      { method: incoming.method ?? 'GET', headers: { ...incoming.headers, ...before } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { request } from 'node:http';

export interface NamedAnswer {
  status: number;
  json: unknown;
}

/** Asks a server by another name than its address, as a proxy does; `fetch` says itself what the host is. */
export function ask(
  at: { port: number; host: string },
  method: string,
  path: string,
  { body, headers = {} }: { body?: object; headers?: Record<string, string> } = {},
): Promise<NamedAnswer> {
  const sent = body === undefined ? '' : JSON.stringify(body);
  const ofBody = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) };
  const all = { host: at.host, ...(body === undefined ? {} : ofBody), ...headers };
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: at.port, path, method, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          json: text.startsWith('{') ? (JSON.parse(text) as unknown) : text,
        });
      });
    })
      .on('error', reject)
      .end(sent);
  });
}

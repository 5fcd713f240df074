/** The second origin: where the stand-in gateway's pictures and files lie, as object storage does it. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeFiles } from '../../../src/server/seed/documents.ts';
import { drawAvatar } from '../../../src/server/seed/pictures.ts';
import { Random } from '../../../src/server/seed/random.ts';
import type { SampleFile } from './history.ts';
import { organizationId } from './people.ts';

export interface MediaRequest {
  path: string;
  headers: IncomingHttpHeaders;
  /** How many others were being answered when it came. */
  beside: number;
}

export interface MediaOrigin {
  origin: string;
  avatarUrls: string[];
  files: SampleFile[];
  requests: MediaRequest[];
  /** Takes a file in. @returns its address. */
  keep(folder: 'contact' | 'chat', extension: string, content: Uint8Array): string;
  close(): Promise<void>;
}

const avatarCount = 48;
/** So long an answer takes, so that pictures asked for at once are under way at once. */
const answerMs = 30;
/** What the platform calls the kinds of files (contract, section 6). */
const platformExtensions: Record<string, string> = { txt: 'plain', log: 'plain', json: 'octet-stream' };

/** @param host an address of this machine. */
export async function startMediaOrigin(host: string): Promise<MediaOrigin> {
  const random = new Random(7);
  const kept = new Map<string, Uint8Array>();
  const requests: MediaRequest[] = [];
  let underWay = 0;
  const server = createServer(({ url = '', headers }, response) => {
    requests.push({ path: url, headers, beside: underWay++ });
    response.on('close', () => underWay--);
    const content = kept.get(url);
    setTimeout(() => {
      if (content === undefined) {
        response.writeHead(403, { 'content-type': 'application/xml' });
        response.end('<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code></Error>');
      } else {
        // Object storage tells a type by the name at most; ours are to be told by their bytes.
        response.writeHead(200, { 'content-type': 'binary/octet-stream', 'content-length': content.length });
        response.end(content);
      }
    }, answerMs);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  const keep = (folder: string, extension: string, content: Uint8Array): string => {
    const path = `/${folder}/${organizationId}/file_${random.hex(24)}.${extension}`;
    kept.set(path, content);
    return origin + path;
  };
  return {
    origin,
    requests,
    keep,
    avatarUrls: Array.from({ length: avatarCount }, () => keep('contact', 'png', drawAvatar(random))),
    files: makeFiles(random).map(({ name, extension, content }) => ({
      name,
      extension: platformExtensions[extension] ?? extension,
      url: keep('chat', platformExtensions[extension] ?? extension, content),
    })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

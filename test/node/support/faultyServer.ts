/**
 * A server that misbehaves as told, on a raw socket: `http.createServer` cannot send a broken answer. It keeps a
 * ledger of one contact and of what was done to it, as a real server would behind the fault.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** `performance.now()` when all of it was there. */
  at: number;
}

/** What the server does with a write, or a read, instead of what it should. */
export interface Fault {
  /** Whether the server acts on a write before it misbehaves. */
  applies: boolean;
  answer(socket: Socket, request: SeenRequest): void;
}

export interface FaultyServer {
  origin: string;
  /** What is wrong with the next requests of the method under test, in turn; afterwards all is well. */
  faults: Fault[];
  requests: SeenRequest[];
  /** What the server holds. */
  remark: string;
  isDeleted: boolean;
  uploads: number;
  openSockets(): number;
  close(): Promise<void>;
}

export const httpAnswer = (status: string, body: string, headers: Record<string, string | number> = {}): string => {
  const all: Record<string, string | number> = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== '');
  return `HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`;
};

/** @param underTest the method that is to meet the faults, or `*`; all others are answered as they should be. */
export async function startFaultyServer(underTest: string): Promise<FaultyServer> {
  const sockets = new Set<Socket>();
  const state: FaultyServer = {
    origin: '',
    faults: [],
    requests: [],
    remark: '',
    isDeleted: false,
    uploads: 0,
    openSockets: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };

  function apply(request: SeenRequest): void {
    if (request.method === 'PUT') state.remark = (JSON.parse(request.body) as { remark: string }).remark;
    if (request.method === 'DELETE') state.isDeleted = true;
    if (request.method === 'POST') state.uploads++;
  }

  function answerWell(socket: Socket, request: SeenRequest): void {
    if (request.method === 'POST')
      socket.write(httpAnswer('200 OK', JSON.stringify({ url: `${state.origin}/media/x` })));
    else if (request.method === 'DELETE') socket.write(httpAnswer('200 OK', '{"success":true}'));
    else if (state.isDeleted) socket.write(httpAnswer('404 Not Found', '{"code":40400,"message":"Not Found"}'));
    else socket.write(httpAnswer('200 OK', JSON.stringify({ id: 'con_1', remark: state.remark })));
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (let request = takeRequest(); request !== undefined; request = takeRequest()) respond(request);
    });

    function takeRequest(): SeenRequest | undefined {
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return undefined;
      const [first = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n');
      const headers = Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
      );
      const rest = received.subarray(end + 4);
      const isChunked = headers['transfer-encoding'] === 'chunked';
      const length = isChunked ? rest.indexOf('0\r\n\r\n') + 5 : Number(headers['content-length'] ?? 0);
      if (rest.length < length || (isChunked && length < 5)) return undefined;
      received = rest.subarray(length);
      const [method = '', path = ''] = first.split(' ');
      return { method, path, headers, body: rest.subarray(0, length).toString('utf8'), at: performance.now() };
    }

    function respond(request: SeenRequest): void {
      state.requests.push(request);
      const fault = [request.method, '*'].includes(underTest) ? state.faults.shift() : undefined;
      if (fault === undefined || fault.applies) apply(request);
      if (fault === undefined) answerWell(socket, request);
      else fault.answer(socket, request);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

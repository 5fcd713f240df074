import { gzipSync } from 'node:zlib';
import type { ApiErrorKind } from '../../../src/api/apiError.ts';
import { httpAnswer, type Fault } from './faultyServer.ts';

/**
 * What a fault means, which decides how often a call is tried: `settled` is final, `notApplied` never happened,
 * `garbled` is an unreadable answer, `unknown` may have happened.
 */
export type Meaning = 'settled' | 'notApplied' | 'garbled' | 'unknown';

export interface FaultCase {
  name: string;
  kind: ApiErrorKind;
  meaning: Meaning;
  fault: Fault;
  /** A write that met it may have been applied, whatever it means for the number of tries. */
  leavesDoubt?: boolean;
  /** Least milliseconds between two tries. */
  waits?: number;
  /** Not tried again although it could be: that would be after the deadline. */
  isTooLong?: boolean;
}

const says = (
  status: string,
  body = '{"code":0,"message":"x"}',
  headers: Record<string, string | number> = {},
): Fault => ({
  applies: false,
  answer: (socket) => void socket.write(httpAnswer(status, body, headers)),
});
const html = '<html><body><h1>502 Bad Gateway</h1></body></html>';
const asHtml = { 'Content-Type': 'text/html' };
const bomb = gzipSync(Buffer.alloc(40_000_000, ' '));

const settled = (name: string, kind: ApiErrorKind, fault: Fault): FaultCase => ({
  name,
  kind,
  meaning: 'settled',
  fault,
});
const unknown = (name: string, kind: ApiErrorKind, fault: Fault): FaultCase => ({
  name,
  kind,
  meaning: 'unknown',
  fault,
});
const garbled = (name: string, fault: Fault): FaultCase => ({
  name,
  kind: 'badReply',
  meaning: 'garbled',
  fault: { ...fault, applies: true },
});
const limited = (name: string, retryAfter: string, more: Partial<FaultCase> = {}): FaultCase => ({
  name,
  kind: 'rateLimited',
  meaning: 'notApplied',
  fault: says('429 Too Many Requests', '{}', { 'Retry-After': retryAfter }),
  ...more,
});

export const faultCases: readonly FaultCase[] = [
  settled('400', 'invalid', says('400 Bad Request')),
  settled('400 that says Not Found', 'notFound', says('400 Bad Request', '{"message":"Not Found"}')),
  settled('401', 'auth', says('401 Unauthorized', '{"code":40001,"message":"Unauthorized"}')),
  settled('403', 'forbidden', says('403 Forbidden')),
  settled('403 for a wrong credential', 'auth', says('403 Forbidden', '{"code":40001,"message":"Unauthorized"}')),
  settled('404', 'notFound', says('404 Not Found')),
  settled('405', 'invalid', says('405 Method Not Allowed')),
  settled('407 of a proxy', 'network', says('407 Proxy Authentication Required', html, asHtml)),
  unknown('408', 'timeout', says('408 Request Timeout')),
  settled('409', 'conflict', says('409 Conflict')),
  settled('412', 'conflict', says('412 Precondition Failed')),
  settled('413', 'tooLarge', says('413 Content Too Large')),
  settled('415', 'invalid', says('415 Unsupported Media Type')),
  settled('422', 'invalid', says('422 Unprocessable Content', '{"errors":[{"field":"email"}]}')),
  limited('429', ''),
  limited('429, Retry-After in seconds', '1', { waits: 1000 }),
  limited('429, Retry-After as a date, by the server’s clock', 'Wed, 21 Oct 2015 07:28:01 GMT', {
    fault: says('429 Too Many Requests', '{}', {
      Date: 'Wed, 21 Oct 2015 07:28:00 GMT',
      'Retry-After': 'Wed, 21 Oct 2015 07:28:01 GMT',
    }),
    waits: 1000,
  }),
  limited('429, Retry-After over the deadline', '45', {
    isTooLong: true,
  }),
  limited('429, Retry-After in the past', 'Wed, 21 Oct 2015 07:28:00 GMT'),
  limited('429, Retry-After that is no time', 'soon'),
  limited('429, Retry-After below zero', '-5'),
  limited('429, Retry-After of years', '1000000000', { isTooLong: true }),
  unknown('500', 'server', says('500 Internal Server Error')),
  unknown('500 after it was done', 'server', { ...says('500 Internal Server Error'), applies: true }),
  unknown('502 with a web page', 'server', says('502 Bad Gateway', html, asHtml)),
  unknown('503', 'server', says('503 Service Unavailable')),
  {
    ...unknown('503, Retry-After', 'server', says('503 Service Unavailable', '{}', { 'Retry-After': '1' })),
    meaning: 'notApplied',
    waits: 1000,
  },
  unknown('504', 'server', says('504 Gateway Timeout')),
  unknown('504 after it was done', 'server', { ...says('504 Gateway Timeout'), applies: true }),
  { ...settled('200 with a web page', 'badReply', says('200 OK', html, asHtml)), leavesDoubt: true },
  garbled('200 with half of the JSON', says('200 OK', '{"id":"con_1","rem')),
  garbled('200 with no JSON at all', says('200 OK', 'well done')),
  {
    ...unknown('200 cut off before its length', 'network', {
      applies: true,
      answer: (socket) => void socket.end(httpAnswer('200 OK', '{"id":"con_1"', { 'Content-Length': 1000 })),
    }),
  },
  garbled('200 cut off, without a length', {
    applies: true,
    answer: (socket) =>
      void socket.end(httpAnswer('200 OK', '{"id":"con_1"', { 'Content-Length': '', Connection: 'close' })),
  }),
  unknown('a reset before the answer', 'network', {
    applies: false,
    answer: (socket) => void socket.resetAndDestroy(),
  }),
  unknown('a reset after it was done', 'network', { applies: true, answer: (socket) => void socket.resetAndDestroy() }),
  unknown('a reset within the body', 'network', {
    applies: true,
    answer: (socket) => {
      socket.write(httpAnswer('200 OK', '{"id":', { 'Content-Length': 1000 }), () => void socket.resetAndDestroy());
    },
  }),
  unknown('an end without an answer', 'network', { applies: false, answer: (socket) => void socket.end() }),
  unknown('an answer that is not HTTP', 'network', {
    applies: false,
    answer: (socket) => void socket.end('220 mail.example ESMTP\r\n'),
  }),
  unknown('no answer', 'timeout', { applies: false, answer: () => undefined }),
  unknown('a body that stalls', 'timeout', {
    applies: true,
    answer: (socket) => void socket.write(httpAnswer('200 OK', '{"id":', { 'Content-Length': 1000 })),
  }),
  {
    ...settled('a body without end', 'tooLarge', {
      applies: true,
      answer: (socket) => {
        socket.write(httpAnswer('200 OK', '', { 'Content-Length': 10_000_000_000 }));
        const piece = Buffer.alloc(1_000_000, ' ');
        const send = (): void => {
          while (!socket.destroyed && socket.write(piece));
        };
        socket.on('drain', send);
        send();
      },
    }),
    leavesDoubt: true,
  },
  {
    ...settled('a little gzip that unpacks to much', 'tooLarge', {
      applies: true,
      answer: (socket) => {
        socket.write(httpAnswer('200 OK', '', { 'Content-Length': bomb.length, 'Content-Encoding': 'gzip' }));
        socket.write(bomb);
      },
    }),
    leavesDoubt: true,
  },
  settled('a redirect elsewhere', 'badReply', says('302 Found', '', { Location: 'https://evil.test/' })),
  {
    ...unknown('a body that drips', 'timeout', {
      applies: true,
      answer: (socket) => {
        socket.write(httpAnswer('200 OK', '{"id":"', { 'Content-Length': 1_000_000 }));
        const timer = setInterval(() => socket.write('x'), 50);
        socket.once('close', () => clearInterval(timer));
      },
    }),
    isTooLong: true,
  },
  settled(
    'a redirect with a user',
    'badReply',
    says('307 Temporary Redirect', '', { Location: 'http://u:p@127.0.0.1/' }),
  ),
];

/** What the user reads of each; of a change that may have been made all the same, a second sentence says so. */
export const sentences: Readonly<Record<string, string | RegExp>> = {
  '200 cut off before its length': 'The connection to the server broke.',
  '200 cut off, without a length': 'The server’s answer was cut off.',
  '200 with a web page': 'A web page answered instead of the server. Is there a login page or proxy between?',
  '200 with half of the JSON': 'The server’s answer was cut off.',
  '200 with no JSON at all': 'The server gave an answer that makes no sense here.',
  '400 that says Not Found': 'This is no longer on the server.',
  '400': 'The server did not accept this.',
  '401': 'Your sign-in is no longer valid.',
  '403 for a wrong credential': 'Your sign-in is no longer valid.',
  '403': 'You may not do this with your account.',
  '404': 'This is no longer on the server.',
  '405': 'This server does not offer that.',
  '407 of a proxy': 'The proxy asks for a login. Look at the setting http.proxy.',
  '408': 'The server did not answer in time.',
  '409': 'Somebody else has changed this meanwhile.',
  '412': 'Somebody else has changed this meanwhile.',
  '413': 'The server’s answer, or what you sent, is too large.',
  '415': 'The server did not accept this.',
  '422': 'The server did not accept the field email.',
  '429': 'The server asks for fewer requests. Try again in a moment.',
  '429, Retry-After as a date, by the server’s clock': 'The server asks for fewer requests. Try again in 1 s.',
  '429, Retry-After below zero': 'The server asks for fewer requests. Try again in a moment.',
  '429, Retry-After in seconds': 'The server asks for fewer requests. Try again in 1 s.',
  '429, Retry-After in the past': 'The server asks for fewer requests. Try again in a moment.',
  // A day ahead, so that the time alone would mislead.
  '429, Retry-After of years':
    /^The server asks for fewer requests\. Try again at [A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d{2}.(?:AM|PM)\.$/,
  '429, Retry-After over the deadline': 'The server asks for fewer requests. Try again in 45 s.',
  '429, Retry-After that is no time': 'The server asks for fewer requests. Try again in a moment.',
  '500 after it was done': 'The server has a problem (error 500).',
  '500': 'The server has a problem (error 500).',
  '502 with a web page': 'The server has a problem (error 502).',
  '503': 'The server has a problem (error 503).',
  '503, Retry-After': 'The server has a problem (error 503).',
  '504 after it was done': 'The server has a problem (error 504).',
  '504': 'The server has a problem (error 504).',
  'a body that drips': 'The server did not answer in time.',
  'a body that stalls': 'The server did not answer in time.',
  'a body without end': 'The server’s answer, or what you sent, is too large.',
  'a little gzip that unpacks to much': 'The server’s answer, or what you sent, is too large.',
  'a redirect elsewhere': 'The server tried to send you to another address; this was refused.',
  'a redirect with a user': 'The server tried to send you to another address; this was refused.',
  'a reset after it was done': 'The connection to the server broke.',
  'a reset before the answer': 'The connection to the server broke.',
  'a reset within the body': 'The connection to the server broke.',
  'an answer that is not HTTP': 'The connection to the server broke.',
  'an end without an answer': 'The connection to the server broke.',
  'no answer': 'The server did not answer in time.',
};

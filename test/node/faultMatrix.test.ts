import assert from 'node:assert/strict';
import pLimit from 'p-limit';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { ApiError } from '../../src/api/apiError.ts';
import { ContactService } from '../../src/api/contactService.ts';
import { Random } from '../../src/server/seed/random.ts';
import { poll } from '../harness/processes.ts';
import { faultCases, sentences, type FaultCase } from './support/faults.ts';
import { startFaultyServer, type FaultyServer } from './support/faultyServer.ts';
import { selfSigned } from './support/selfSigned.ts';
import { randomSeed } from './support/randomSeed.ts';
import { sentenceFor } from './support/sentences.ts';
import { png } from './support/pictures.ts';

const methods = ['GET', 'PUT', 'DELETE', 'POST'] as const;
type Method = (typeof methods)[number];

const timings = { headers: 250, upload: 250, stall: 250, deadline: 3_000, backoffBase: 4, backoffCap: 20 };
/** For faults that are not about time: a machine that is busy must not make one of time of them. */
const patient = { ...timings, headers: 20_000, upload: 20_000, stall: 20_000, deadline: 30_000 };
const timingsOf = ({ kind, isTooLong }: FaultCase): typeof timings =>
  kind === 'timeout' || isTooLong === true ? timings : patient;
/** An upload has the time of its body on top. */
const deadlineOf = (method: Method, { deadline, upload }: typeof timings): number =>
  deadline + (method === 'POST' ? upload : 0);
const slack = 1_500;
const doubt = ' The change may have been made all the same; look before you repeat it.';

const call = (service: ContactService, method: Method): Promise<unknown> =>
  ({
    GET: () => service.get('con_1'),
    PUT: () => service.update('con_1', { remark: 'new' }),
    DELETE: () => service.delete('con_1'),
    POST: () => service.uploadAvatar({ name: 'a.png', content: new Blob([png()]) }),
  })[method]();

/** How often a call is sent that meets the same fault each time. */
function expectedTries(method: Method, { meaning, isTooLong }: FaultCase): number {
  if (isTooLong === true) return 1;
  switch (meaning) {
    case 'settled':
      return 1;
    case 'notApplied':
      return 3;
    case 'garbled':
      return method === 'GET' ? 2 : 1;
    case 'unknown':
      return { GET: 3, PUT: 2, DELETE: 2, POST: 1 }[method];
  }
}

describe('faults of a server, each with each method', () => {
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
  before(() => void process.on('unhandledRejection', onUnhandled));
  after(() => {
    process.off('unhandledRejection', onUnhandled);
    assert.deepEqual(unhandled, []);
  });

  it('are at least 32', () => assert.ok(faultCases.length >= 32, String(faultCases.length)));

  /** Those that wait for as long as a server asks can do so side by side. */
  const outcomes = new Map<string, Promise<void>>();
  before(() => {
    const limit = pLimit(4);
    for (const each of faultCases.filter(({ waits }) => waits !== undefined)) {
      for (const method of methods) {
        const outcome = limit(() => meets(each, method));
        outcome.catch(() => undefined);
        outcomes.set(`${each.name}: ${method}`, outcome);
      }
    }
  });
  for (const each of faultCases) {
    for (const method of methods) {
      const name = `${each.name}: ${method}`;
      it(name, () => outcomes.get(name) ?? meets(each, method));
    }
  }

  async function meets(each: FaultCase, method: Method): Promise<void> {
    const server = await startFaultyServer(method);
    const limits = timingsOf(each);
    const service = new ContactService({
      origin: server.origin,
      credential: { value: 'acc_secret' },
      timings: limits,
    });
    server.faults = Array.from({ length: 10 }, () => each.fault);
    const started = performance.now();
    const error = await call(service, method).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const took = performance.now() - started;
    assert.ok(took < deadlineOf(method, limits) + slack, `${took} ms`);

    const tries = server.requests.filter((request) => request.method === method);
    assert.equal(tries.length, expectedTries(method, each), 'tries');
    for (const [index, request] of tries.entries()) {
      const previous = tries[index - 1];
      if (previous !== undefined) assert.ok(request.at - previous.at >= (each.waits ?? 0), 'not earlier than asked');
      assert.ok(request.at - started < deadlineOf(method, limits), 'nothing after the deadline');
    }

    const isDoubtful = each.leavesDoubt === true || each.meaning === 'garbled' || each.meaning === 'unknown';
    const wasApplied = each.fault.applies;
    // After a doubtful update or removal the service looks, and finds what the server has done.
    const isFoundDone = isDoubtful && wasApplied && (method === 'PUT' || method === 'DELETE');
    const isAlreadyGone = method === 'DELETE' && each.kind === 'notFound';
    if (isFoundDone || isAlreadyGone) {
      assert.equal(error, undefined);
    } else {
      assert.ok(error instanceof ApiError, String(error));
      assert.equal(error.kind, each.kind);
      assert.equal(error.method, method);
      assert.equal(error.mayHaveBeenApplied, isDoubtful && method !== 'GET');
      assert.doesNotMatch(JSON.stringify(error) + error.message, /secret|<html|con_1/);
      const isChange = isDoubtful && method !== 'GET';
      const whole = sentenceFor(error);
      const sentence = whole.replace(doubt, '');
      const expected = sentences[each.name];
      if (expected instanceof RegExp) assert.match(sentence, expected);
      else assert.equal(sentence, expected);
      assert.equal(whole.endsWith(doubt), isChange, 'says that the change may have been made');
    }
    const done = { GET: false, PUT: server.remark === 'new', DELETE: server.isDeleted, POST: server.uploads > 0 }[
      method
    ];
    assert.equal(done, wasApplied && method !== 'GET', 'what the server holds');
    const requests = server.requests.length;
    await closesItsSockets(service, server);
    assert.equal(server.requests.length, requests, 'nothing after the outcome');
  }
});

describe('a server whose certificate nobody vouches for', () => {
  for (const method of methods) {
    it(`gets nothing, and is asked once: ${method}`, async () => {
      let connections = 0;
      let received = 0;
      const server = createTlsServer(selfSigned, (socket) => socket.on('data', (chunk) => (received += chunk.length)));
      server.on('connection', (socket) => {
        connections++;
        socket.on('error', () => undefined);
      });
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const service = new ContactService({
        origin: `https://127.0.0.1:${port}`,
        credential: { value: 'acc_x' },
        timings,
      });
      await assert.rejects(call(service, method), (error) => {
        assert.equal(sentenceFor(error), 'The server’s certificate is not trusted, so nothing was sent.');
        return error instanceof ApiError && error.reason === 'tls' && !error.mayHaveBeenApplied;
      });
      assert.equal(connections, 1);
      assert.equal(received, 0);
      service.dispose();
      await new Promise((resolve) => server.close(resolve));
    });
  }
});

describe('a server that is not there', () => {
  for (const method of methods) {
    it(`is asked again, since nothing was sent: ${method}`, async () => {
      const server = await startFaultyServer(method);
      await server.close();
      const outcomes: string[] = [];
      const service = new ContactService({
        origin: server.origin,
        credential: { value: 'acc_x' },
        timings,
        onAttempt: (record) => outcomes.push(record.outcome),
      });
      await assert.rejects(
        call(service, method),
        (error) =>
          error instanceof ApiError &&
          !error.mayHaveBeenApplied &&
          sentenceFor(error) === 'The server cannot be reached. Are you online?',
      );
      assert.deepEqual(outcomes, ['network', 'network', 'network']);
      service.dispose();
    });
  }
});

describe('a cancel', () => {
  for (const method of methods) {
    it(`ends the request and its socket, and is no error of another kind: ${method}`, async () => {
      const server = await startFaultyServer(method);
      server.faults = [{ applies: false, answer: () => undefined }];
      const service = new ContactService({ origin: server.origin, credential: { value: 'acc_x' } });
      const controller = new AbortController();
      const { signal } = controller;
      const pending = {
        GET: () => service.get('con_1', { signal }),
        PUT: () => service.update('con_1', { remark: 'new' }, { signal }),
        DELETE: () => service.delete('con_1', { signal }),
        POST: () => service.uploadAvatar({ name: 'a.png', content: new Blob([png()]) }, { signal }),
      }[method]();
      const outcome = assert.rejects(pending, (error) => error instanceof ApiError && error.kind === 'cancelled');
      await poll('the request', 60_000, () => server.requests.length === 1);
      controller.abort();
      await outcome;
      await poll('the end of its socket', 60_000, () => server.openSockets() === 0);
      assert.equal(server.requests.length, 1);
      await closesItsSockets(service, server);
    });
  }
});

describe('random sequences of faults', () => {
  it('end with the service claiming what the server holds, 10,000 times', async function () {
    // Those that need no waiting; the waits are in the matrix above.
    const quick = faultCases.filter(
      ({ kind, waits, isTooLong }) =>
        kind !== 'timeout' && kind !== 'tooLarge' && waits === undefined && isTooLong !== true,
    );
    const servers = new Map(
      await Promise.all(methods.map(async (method) => [method, await startFaultyServer(method)] as const)),
    );
    const services = new Map(
      methods.map((method) => [
        method,
        new ContactService({
          origin: servers.get(method)?.origin ?? '',
          credential: { value: 'acc_x' },
          timings: { ...timings, backoffBase: 1, backoffCap: 1 },
        }),
      ]),
    );
    const random = new Random(randomSeed());
    for (let run = 0; run < 10_000; run++) {
      const method = random.pick(['PUT', 'DELETE', 'POST'] as const);
      const server = servers.get(method);
      const service = services.get(method);
      assert.ok(server !== undefined && service !== undefined);
      server.remark = '';
      server.isDeleted = false;
      server.uploads = 0;
      const cases = Array.from({ length: random.between(0, 3) }, () => random.pick(quick));
      server.faults = cases.map((each) => each.fault);
      const error = await call(service, method).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      server.faults = [];
      const holds = { PUT: server.remark === 'new', DELETE: server.isDeleted, POST: server.uploads > 0 }[method];
      const context = `${run} ${method}: ${cases.map((each) => each.name).join(', ')}`;
      if (error === undefined) {
        // To be told that it is not there is to be told that it is removed.
        assert.ok(
          holds || (method === 'DELETE' && cases.some((each) => each.kind === 'notFound')),
          `claimed done: ${context}`,
        );
      } else {
        assert.ok(error instanceof ApiError, context);
        if (!error.mayHaveBeenApplied) assert.ok(!holds, `claimed not done: ${context}`);
      }
      assert.ok(server.uploads <= 1, `uploaded once at the most: ${context}`);
    }
    for (const service of services.values()) service.dispose();
    for (const server of servers.values()) await server.close();
  });
});

describe('redirects', () => {
  const codes = [301, 302, 303, 307, 308];
  it('never carry a credential to another origin: 5 codes, 4 methods, 6 kinds of target', async () => {
    const sink = await startFaultyServer('NONE');
    const sinkPort = new URL(sink.origin).port;
    let cases = 0;
    for (const code of codes) {
      for (const method of methods) {
        const server = await startFaultyServer(method);
        const targets = [
          `${sink.origin}/stolen`,
          `http://localhost:${sinkPort}/stolen`,
          `http://user:pass@127.0.0.1:${sinkPort}/stolen`,
          `//127.0.0.1:${sinkPort}/stolen`,
          `\\\\127.0.0.1:${sinkPort}\\stolen`,
          `https://127.0.0.1:${sinkPort}/stolen`,
        ];
        const service = new ContactService({
          origin: server.origin,
          credential: { value: 'acc_secret', organizationId: 'org_1' },
          timings,
        });
        for (const location of targets) {
          server.faults = [{ applies: false, answer: (socket) => void socket.write(httpRedirect(code, location)) }];
          await assert.rejects(
            call(service, method),
            (error) => error instanceof ApiError && error.reason === 'redirect',
            `${code} ${method} ${location}`,
          );
          cases++;
        }
        service.dispose();
        await server.close();
      }
    }
    assert.equal(cases, 120);
    assert.deepEqual(sink.requests, []);
    await sink.close();
  });

  it('are followed within the origin by reads, three times at the most', async () => {
    const server = await startFaultyServer('GET');
    const service = new ContactService({ origin: server.origin, credential: { value: 'acc_secret' }, timings });
    const here = {
      applies: false,
      answer: (socket: { write(text: string): boolean }) =>
        void socket.write(httpRedirect(307, '/channel-service/v1/contacts/con_2')),
    };
    server.faults = [here, here, here];
    assert.equal((await service.get('con_1')).id, 'con_1');
    server.faults = [here, here, here, here];
    await assert.rejects(service.get('con_1'), (error) => error instanceof ApiError && error.reason === 'redirect');
    await closesItsSockets(service, server);
  });

  const httpRedirect = (code: number, location: string): string =>
    `HTTP/1.1 ${code} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;
});

async function closesItsSockets(service: ContactService, server: FaultyServer): Promise<void> {
  service.dispose();
  await poll('the end of all sockets', 60_000, () => server.openSockets() === 0);
  await server.close();
}

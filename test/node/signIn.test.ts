import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ApiError } from '../../src/api/apiError.ts';
import { ContactService } from '../../src/api/contactService.ts';
import { SignInService, type Login } from '../../src/api/signInService.ts';
import { apiPrefix } from '../../src/contract/vocabulary.ts';
import { Accounts } from '../../src/server/accounts/accounts.ts';
import type { AccountStore } from '../../src/server/accounts/accountStore.ts';
import type { UserDirectory } from '../../src/server/accounts/userDirectory.ts';
import { parseUsersFile, UsersFileError } from '../../src/server/accounts/usersFile.ts';
import { poll } from '../harness/processes.ts';
import { isKind } from './support/isKind.ts';
import { temporaryDirectory } from './support/app.ts';
import { itLocally } from './support/engine.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';
import { expireTokens, organizationNames, people, sentCode, writeUsersFile } from './support/users.ts';

describe('sign-in, against the contact server', () => {
  let directory: string;
  let server: ServerProcess;
  let signIn: SignInService;
  before(async () => {
    directory = temporaryDirectory();
    server = await startServer(directory, '--seed', '20', '--users', writeUsersFile(directory));
    signIn = new SignInService({ origin: server.url });
  });
  after(async () => {
    signIn.dispose();
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  const codeFor = async (email: string): Promise<string> => {
    const before = server.stderr.length;
    await signIn.requestCode(email);
    let code: string | undefined;
    await poll('the code', 60_000, () => {
      code = sentCode(server.stderr.slice(before), email);
      return code !== undefined;
    });
    return code ?? '';
  };
  const serviceFor = async (login: Login, index = 0): Promise<ContactService> => {
    const organizationId = login.organizations[index]?.id ?? '';
    const value = await signIn.exchange(login, organizationId);
    return new ContactService({ origin: server.url, credential: { value, organizationId } });
  };

  it('takes a one-time code, once', async () => {
    const otp = await codeFor(people.one.email);
    const login = await signIn.authenticate(people.one.email, { otp });
    assert.deepEqual(
      login.organizations.map((each) => each.displayName),
      ['Harbour Post'],
    );
    const service = await serviceFor(login);
    assert.equal((await service.list({ limit: 5 })).totalMatching, 20);
    service.dispose();
    await assert.rejects(signIn.authenticate(people.one.email, { otp }), isKind('auth'));
  });

  it('takes a password, and shows each organization its own contacts only', async () => {
    const login = await signIn.authenticate(people.three.email, { password: people.three.password });
    assert.deepEqual(
      login.organizations.map((each) => each.displayName),
      organizationNames,
    );
    const services = await Promise.all([0, 1, 2].map((index) => serviceFor(login, index)));
    const pages = await Promise.all(services.map((service) => service.list({ limit: 500 })));
    const [first, second, third] = pages.map((page) => new Set(page.items.map((contact) => contact.id)));
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    assert.equal(new Set([...first, ...second, ...third]).size, 60);
    const [own] = services;
    assert.ok(own !== undefined);
    for (const id of second) await assert.rejects(own.get(id), isKind('notFound'));
    // The server's own secret opens the first.
    const withSecret = server.service();
    assert.ok(first.has((await withSecret.list({ limit: 1 })).items[0]?.id ?? ''));
    for (const service of [withSecret, ...services]) service.dispose();
  });

  it('finds nobody of another organization, whatever is searched for', async function () {
    const login = await signIn.authenticate(people.three.email, { password: people.three.password });
    const services = await Promise.all([0, 1].map((index) => serviceFor(login, index)));
    const owned = await Promise.all(
      services.map(async (service) => new Set((await service.list({ limit: 500 })).items.map(({ id }) => id))),
    );
    const names = await Promise.all(services.map(async (service) => (await service.list({ limit: 500 })).items));
    const piece = fc.constantFrom(
      ...names.flat().flatMap(({ id, display_name: name = '', email = '' }) => [id, name, email]),
    );
    const typed = fc.oneof(
      piece,
      fc.tuple(piece, fc.nat(20), fc.nat(8)).map(([text, start, length]) => text.slice(start, start + 1 + length)),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
      fc.constantFrom('" OR "a', 'a* OR b', '%', '_', '@', '+', 'con_', "' OR 1=1 --"),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (q) => {
        for (const [index, service] of services.entries()) {
          const { items } = await service.search({ q: q.toWellFormed(), limit: 50 });
          for (const { id } of items) assert.ok(owned[index]?.has(id), `${id} for ${q}`);
        }
      }),
      { numRuns: 1_000 },
    );
    for (const service of services) service.dispose();
  });

  it('lets in nobody who is wrong', async () => {
    const { authenticate } = { authenticate: signIn.authenticate.bind(signIn) };
    await assert.rejects(authenticate(people.one.email, { password: people.three.password }), isKind('auth'));
    await assert.rejects(authenticate(people.one.email, { otp: '12345' }), isKind('auth'));
    await assert.rejects(authenticate('nobody@example.test', { password: '' }), isKind('invalid'));
    await assert.rejects(authenticate('nobody@example.test', { password: 'undefined' }), isKind('auth'));
    await signIn.requestCode('nobody@example.test');
    assert.ok(!server.stderr.some((line) => line.includes('nobody')));
  });

  it('says of no answer that another organization has had it', async () => {
    const login = await signIn.authenticate(people.three.email, { password: people.three.password });
    const answers = login.organizations.map(async ({ id }) => {
      const token = await signIn.exchange(login, id);
      const ask = (tag?: string): Promise<Response> =>
        fetch(`${server.url}${apiPrefix}/contacts`, {
          headers: { 'x-access-token': token, ...(tag === undefined ? {} : { 'if-none-match': tag }) },
        });
      const { headers } = await ask();
      assert.equal(headers.get('cache-control'), 'private, no-cache');
      const tag = headers.get('etag') ?? assert.fail();
      assert.equal((await ask(tag)).status, 304);
      return tag;
    });
    assert.equal(new Set(await Promise.all(answers)).size, login.organizations.length);
  });

  it('does as much for whom it does not know as for whom it knows, so that the time tells nothing', async () => {
    const done: string[] = [];
    const known = { email: 'known@example.test', displayName: '', organizations: [] };
    const note = (name: string, answer?: unknown) => async () => {
      done.push(name);
      return answer;
    };
    const store = { putCode: note('putCode') } as unknown as AccountStore;
    const users = { find: async (email: string) => (done.push('find'), email === known.email ? known : undefined) };
    const delivered: string[] = [];
    const accounts = new Accounts({
      store,
      users: users as unknown as UserDirectory,
      deliverCode: (email) => delivered.push(email),
    });
    await accounts.sendCode('known@example.test');
    const ofKnown = done.splice(0);
    await accounts.sendCode('unknown@example.test');
    assert.deepEqual([done, delivered], [ofKnown, ['known@example.test']]);
  });

  it('has a user with no organization, who gets no further', async () => {
    const login = await signIn.authenticate(people.none.email, { password: people.none.password });
    assert.deepEqual(login.organizations, []);
    const other = await signIn.authenticate(people.three.email, { password: people.three.password });
    const foreign = other.organizations[0]?.id ?? '';
    await assert.rejects(signIn.exchange(login, foreign), isKind('forbidden'));
    await assert.rejects(signIn.exchange({ ...login, token: 'login_acc_made_up' }, foreign), isKind('auth'));
    const withLoginToken = new ContactService({ origin: server.url, credential: { value: login.token } });
    await assert.rejects(withLoginToken.list(), isKind('auth'));
    withLoginToken.dispose();
  });

  it('refuses a token for an organization that is not the one it was given for', async () => {
    const login = await signIn.authenticate(people.three.email, { password: people.three.password });
    const [first, second] = login.organizations;
    const value = await signIn.exchange(login, first?.id ?? '');
    const mixed = new ContactService({
      origin: server.url,
      credential: { value, organizationId: second?.id ?? '' },
    });
    await assert.rejects(mixed.list(), isKind('forbidden'));
    mixed.dispose();
  });

  it('makes who guesses wait', async () => {
    const guess = (): Promise<unknown> => signIn.authenticate('guess@example.test', { otp: '000000' });
    for (let attempt = 0; attempt < 5; attempt++) await assert.rejects(guess(), isKind('auth'));
    await assert.rejects(
      guess(),
      (error) => error instanceof ApiError && error.kind === 'rateLimited' && (error.retryAfterSeconds ?? 0) > 800,
    );
    // The service holds back by itself from then on; another one is refused by the server.
    const another = new SignInService({ origin: server.url });
    await assert.rejects(another.authenticate('guess@example.test', { otp: '000000' }), isKind('rateLimited'));
    another.dispose();
    signIn.dispose();
    signIn = new SignInService({ origin: server.url });
  });

  it('counts guesses for all processes of a server, and knows the codes of all', async () => {
    const second = await startServer(directory, '--users', join(directory, 'users.json'));
    const other = new SignInService({ origin: second.url });
    const email = 'both@example.test';
    for (let attempt = 0; attempt < 5; attempt++) {
      const at = attempt % 2 === 0 ? signIn : other;
      await assert.rejects(at.authenticate(email, { otp: '000000' }), isKind('auth'));
    }
    await assert.rejects(other.authenticate(email, { otp: '000000' }), isKind('rateLimited'));
    other.dispose();
    const third = new SignInService({ origin: second.url });
    const login = await third.authenticate(people.one.email, { otp: await codeFor(people.one.email) });
    assert.equal(login.organizations.length, 1);
    third.dispose();
    await second.kill();
  });

  itLocally(
    'keeps a token over a restart, in no form that opens anything, until it expires or its user is gone',
    async () => {
      const login = await signIn.authenticate(people.three.email, { password: people.three.password });
      const value = await signIn.exchange(login, login.organizations[0]?.id ?? '');
      const list = async (): Promise<unknown> => {
        const service = new ContactService({ origin: server.url, credential: { value } });
        return service.list().finally(() => service.dispose());
      };
      const again = async (...parameters: string[]): Promise<void> => {
        await server.kill();
        server = await startServer(directory, ...parameters);
        signIn.dispose();
        signIn = new SignInService({ origin: server.url });
      };
      await again('--users', writeUsersFile(directory));
      await list();
      for (const file of readdirSync(directory).filter((name) => name.startsWith('accounts.db'))) {
        assert.ok(!readFileSync(join(directory, file)).includes(value), file);
      }
      await again(
        '--users',
        writeUsersFile(directory, (users) => users.slice(0, 2)),
      );
      await assert.rejects(list(), isKind('auth'));
      await again('--users', writeUsersFile(directory));
      await list();
      expireTokens(directory);
      await assert.rejects(list(), isKind('auth'));
      await again();
      await assert.rejects(
        signIn.authenticate(people.one.email, { password: people.one.password }),
        isKind('notFound'),
      );
    },
  );

  itLocally('gives nobody the contacts of another organization when the file is edited', async () => {
    const other = temporaryDirectory();
    const file = join(other, 'users.json');
    const write = (...organizations: string[]): void =>
      writeFileSync(file, JSON.stringify({ organizations, users: [] }));
    write('Alpha', 'Beta');
    await (await startServer(other, '--users', file)).kill();
    write('Beta');
    await assert.rejects(startServer(other, '--users', file), /holds the contacts of "Alpha"/);
    write('Beta', 'Alpha');
    await assert.rejects(startServer(other, '--users', file), /holds the contacts of "Alpha"/);
    write('Alpha', 'Alpha');
    await assert.rejects(startServer(other, '--users', file), /twice/);
    write('Alpha');
    await (await startServer(other, '--users', file)).kill();
    rmSync(other, { recursive: true, force: true });
  });
});

describe('the users file', () => {
  it('says what is wrong with it, without a password', () => {
    const user = { email: 'a@x.example', password: 'hidden', organizations: ['A'] };
    for (const [value, message] of [
      [{}, /list of organizations/],
      [{ organizations: [] }, /list of organizations/],
      [{ organizations: ['A'] }, /list of users/],
      [{ organizations: ['A'], users: ['x'] }, /users\[0\]/],
      [{ organizations: ['A'], users: [{ ...user, email: 'x' }] }, /users\[0\]\.email/],
      [{ organizations: ['A'], users: [{ ...user, password: '' }] }, /users\[0\]\.password/],
      [{ organizations: ['A'], users: [{ ...user, organizations: ['B'] }] }, /"B"/],
      [{ organizations: ['A'], users: [user, { ...user, email: 'A@x.example' }] }, /twice/],
    ] as const) {
      assert.throws(
        () => parseUsersFile(JSON.stringify(value)),
        (error) => error instanceof UsersFileError && message.test(error.message) && !error.message.includes('hidden'),
      );
    }
    assert.throws(() => parseUsersFile('{'), UsersFileError);
  });

  itLocally('stops the server that is given a wrong one', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'users.json');
    writeFileSync(file, '{}');
    await assert.rejects(startServer(directory, '--users', file), /list of organizations/);
    await assert.rejects(startServer(directory, '--users', join(directory, 'none.json')), /cannot be read/);
    rmSync(directory, { recursive: true, force: true });
  });
});

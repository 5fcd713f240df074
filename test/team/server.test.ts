import assert from 'node:assert/strict';
import { ContactService } from '../../src/api/contactService.ts';
import { SignInService } from '../../src/api/signInService.ts';
import { apiPrefix, signInPrefix } from '../../src/contract/vocabulary.ts';
import { Accounts } from '../../src/server/accounts/accounts.ts';
import { PostgresAccounts } from '../../src/server/store/postgres/accounts.ts';
import { PostgresDatabase } from '../../src/server/store/postgres/database.ts';
import type { OrganizationName } from '../../src/server/store/postgres/organizations.ts';
import { PostgresUsers } from '../../src/server/store/postgres/users.ts';
import { freePort, poll } from '../harness/processes.ts';
import { isKind } from '../node/support/isKind.ts';
import { admin } from '../node/support/engine.ts';
import { ask } from '../node/support/namedRequest.ts';
import { png } from '../node/support/pictures.ts';
import { startTeamServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { asAdmin, teamDatabase, type TeamDatabase } from '../node/support/teamDatabase.ts';

const people = {
  an: { email: 'an@team.example', name: 'Nguyễn An', password: 'mật khẩu của An 1', organizations: ['Alpha'] },
  bo: { email: 'bo@team.example', name: 'Bo', password: 'a password for Bo', organizations: ['Alpha', 'Beta'] },
  cy: { email: 'cy@team.example', name: '', password: 'a password for Cy', organizations: ['Beta'] },
} as const;
type Person = keyof typeof people;

/** How often everything of another organization is asked for. */
const rounds = Number(process.env['ROUNDS'] ?? 1);

describe('a server for a team', () => {
  let database: TeamDatabase;
  let server: ServerProcess;
  const services: ContactService[] = [];
  before(async () => {
    database = await teamDatabase();
    for (const name of ['Alpha', 'Beta']) await admin(database.url, ['create-organization', name]);
    for (const { email, name, password, organizations } of Object.values(people)) {
      const memberships = organizations.flatMap((each) => ['--organization', each]);
      await admin(database.url, ['add-user', email, '--name', name, ...memberships], password);
    }
    server = await startTeamServer(database.url, '--seed', '30');
  });
  after(async () => {
    for (const service of services) service.dispose();
    await server.kill();
    await database.drop();
  });

  /** What somebody is signed in with. */
  const tokenOf = async (person: Person, organization: string, at = server): Promise<{ value: string; id: string }> => {
    const signIn = new SignInService({ origin: at.url });
    try {
      const { email, password } = people[person];
      const login = await signIn.authenticate(email, { password });
      const { id } = login.organizations.find(({ displayName }) => displayName === organization) ?? { id: '' };
      return { value: await signIn.exchange(login, id), id };
    } finally {
      signIn.dispose();
    }
  };
  const serviceOf = async (person: Person, organization: string, at = server): Promise<ContactService> => {
    const { value, id } = await tokenOf(person, organization, at);
    const service = new ContactService({ origin: at.url, credential: { value, organizationId: id } });
    services.push(service);
    return service;
  };

  it('lists who is in it, with no password and no token', async () => {
    const listed = await admin(database.url, ['list-users']);
    assert.deepEqual(
      listed,
      Object.values(people).map(({ email, name, organizations }) => ({
        email,
        displayName: name,
        isDisabled: false,
        organizations: [...organizations],
      })),
    );
    assert.deepEqual(
      (await admin(database.url, ['list-organizations'])).map((each) => (each as { displayName: string }).displayName),
      ['Alpha', 'Beta'],
    );
    const { value } = await tokenOf('an', 'Alpha');
    const kept = await asAdmin(database.url, async (client) => {
      const tables = ['person', 'token'].map(async (name) => (await client.query(`SELECT * FROM ${name}`)).rows);
      return JSON.stringify(await Promise.all(tables));
    });
    for (const secret of [value, ...Object.values(people).map(({ password }) => password)]) {
      assert.ok(!kept.includes(secret), secret);
    }
  });

  it('shows two people of an organization what each other writes, by name', async () => {
    const [an, bo, cy] = [
      await serviceOf('an', 'Alpha'),
      await serviceOf('bo', 'Alpha'),
      await serviceOf('cy', 'Beta'),
    ];
    const { id } = (await an.list({ limit: 1 })).items[0] ?? { id: '' };
    await an.addComment(id, 'called, will call again');
    const [comment] = (await bo.getComments(id, { limit: 1 })).items;
    assert.equal(comment?.text, 'called, will call again');
    assert.equal(comment.from?.display_name, people.an.name);
    const { contact } = await bo.update(id, { remark: 'seen by Bo' });
    const seen = await an.get(id, { isFresh: true });
    assert.deepEqual([seen.remark, seen.updated_by], [contact.remark, people.bo.name]);
    await assert.rejects(cy.get(id), isKind('notFound'));
    const { id: theirs } = (await cy.list({ limit: 1 })).items[0] ?? { id: '' };
    await cy.addComment(theirs, 'without a name');
    assert.equal((await cy.getComments(theirs, { limit: 1 })).items[0]?.from?.display_name, people.cy.email);
  });

  it('answers nothing of another organization, whatever is asked for it', async () => {
    const [alpha, beta] = [await tokenOf('an', 'Alpha'), await tokenOf('cy', 'Beta')];
    const askAs = (token: string, path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`${server.url}${apiPrefix}${path}`, { ...init, headers: { ...init.headers, 'x-access-token': token } });
    const json = async (response: Response): Promise<Record<string, unknown>> =>
      (await response.json()) as Record<string, unknown>;
    const form = new FormData();
    form.set('file', new File([new Uint8Array(png())], 'theirs.png', { type: 'image/png' }));
    const { url } = await json(await askAs(beta.value, '/contacts/_fileupload', { method: 'POST', body: form }));
    const media = new URL(String(url)).pathname.slice(apiPrefix.length);
    assert.equal((await askAs(beta.value, media)).status, 200);
    const theirs = (await json(await askAs(beta.value, '/contacts?limit=100')))['data'] as { id: string }[];
    const conversations: string[] = [];
    for (const { id } of theirs.slice(0, 10)) {
      const { data } = await json(await askAs(beta.value, `/contacts/${id}/conversations`));
      conversations.push(...(data as { _id: string }[]).map(({ _id }) => _id));
    }
    const notifications = (await json(await askAs(beta.value, '/notifications?limit=50')))['data'] as { id: string }[];
    assert.ok(theirs.length > 20 && conversations.length > 0 && notifications.length > 0);
    const jsonBody = (method: string, body: unknown): RequestInit => ({
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    const attempts: [path: string, init?: RequestInit][] = [
      [media],
      ...theirs.flatMap(({ id }): [string, RequestInit?][] => [
        [`/contacts/${id}`],
        [`/contacts/${id}`, jsonBody('PUT', { remark: 'taken' })],
        [`/contacts/${id}`, { method: 'DELETE' }],
        [`/contacts/${id}/comments`],
        [`/contacts/${id}/comments`, jsonBody('POST', { content: 'taken' })],
        [`/contacts/${id}/conversations`],
        [`/contacts/${id}/files`],
      ]),
      ...notifications.map(({ id }): [string, RequestInit?] => [
        '/notifications/dismiss',
        jsonBody('DELETE', { notification_id: id }),
      ]),
    ];
    const before = await (await askAs(beta.value, '/contacts/_export_csv?sort=id')).text();
    for (const [path, init] of Array.from({ length: rounds }, () => attempts).flat()) {
      const response = await askAs(alpha.value, path, init);
      assert.equal(response.status, 404, `${init?.method ?? 'GET'} ${path}`);
      const claimed = await askAs(alpha.value, path, {
        ...init,
        headers: { ...init?.headers, 'x-organization-id': beta.id },
      });
      assert.equal(claimed.status, 403, `${init?.method ?? 'GET'} ${path}, as of theirs`);
    }
    for (const id of conversations) {
      assert.equal((await askAs(alpha.value, `/conversations_activities/${id}`)).status, 404);
      const { count } = await json(await askAs(alpha.value, `/contacts/_search?q=${id}`));
      assert.equal(count, 0);
    }
    for (const { id } of theirs)
      assert.equal((await json(await askAs(alpha.value, `/contacts/_search?q=${id}`)))['count'], 0);
    assert.equal(await (await askAs(beta.value, '/contacts/_export_csv?sort=id')).text(), before);
  });

  it('lets in nobody who is disabled or whose tokens are revoked, at once', async () => {
    const bo = await serviceOf('bo', 'Beta');
    await bo.list({ limit: 1 });
    const [revoked] = await admin(database.url, ['revoke-tokens', people.bo.email]);
    assert.ok((revoked as { revoked: number }).revoked > 0);
    await assert.rejects(bo.list({ limit: 2 }), isKind('auth'));
    const again = await serviceOf('bo', 'Beta');
    await again.list({ limit: 1 });
    await admin(database.url, ['disable-user', people.bo.email.toUpperCase()]);
    await assert.rejects(again.list({ limit: 2 }), isKind('auth'));
    await assert.rejects(serviceOf('bo', 'Beta'), isKind('auth'));
    await admin(database.url, ['enable-user', people.bo.email]);
    await (await serviceOf('bo', 'Beta')).list({ limit: 1 });
  });

  it('gives no token for what was shown before all sign-ins were ended', async () => {
    const { email, password } = people.cy;
    const opened = await PostgresDatabase.open(database.url);
    const [users, store] = [new PostgresUsers(opened), new PostgresAccounts(opened)];
    const endings: Record<string, () => Promise<unknown>> = {
      'another password': () => users.put(email, { name: '', password: 'another one for Cy', organizations: [] }),
      'the same again': () => users.put(email, { name: '', password, organizations: [] }),
      'an end of all sign-ins': () => users.revokeTokens(email),
      'no more access, for a moment': async () => {
        await users.setDisabled(email, true);
        await users.setDisabled(email, false);
      },
    };
    /** Somebody ends them just after `during` has looked. */
    const accountsWith = (during: 'isPassword' | 'find', end: () => Promise<unknown>): Accounts<OrganizationName> => {
      const directory = Object.create(users, {
        [during]: {
          value: async (...given: [string, string]) => {
            const found = await users[during](...given);
            await end();
            return found;
          },
        },
      }) as PostgresUsers;
      return new Accounts({ store, users: directory, deliverCode: () => undefined });
    };
    try {
      for (const [what, end] of Object.entries(endings)) {
        const unchanged = new Accounts({ store, users, deliverCode: () => undefined });
        await assert.rejects(accountsWith('isPassword', end).authenticate(email, { password }), { status: 401 }, what);
        await users.put(email, { name: '', password, organizations: [] });
        const { token, user } = await unchanged.authenticate(email, { password });
        const id = user.organizations[0]?.id ?? '';
        await assert.rejects(accountsWith('find', end).exchange(token, id), { status: 401 }, what);
        await users.put(email, { name: '', password, organizations: [] });
        const { rows } = await opened.common('SELECT kind FROM token WHERE email = $1', email);
        assert.deepEqual(rows, [], what);
      }
    } finally {
      await opened.close();
    }
  });

  it('says what is wrong with a command or an option, and starts nothing then', async () => {
    for (const [parameters, message, password = ''] of [
      [['nothing'], /admin needs one of/],
      [['add-user', 'nobody'], /e-mail address/],
      [['add-user', 'd@team.example'], /12 characters/, 'too short'],
      [['add-user', people.an.email, '--organization', 'Gamma'], /no organization "Gamma"/, 'another password'],
      [['disable-user', 'd2@team.example'], /no user/],
    ] as const) {
      await assert.rejects(admin(database.url, parameters, password), message, parameters.join(' '));
    }
    // What failed has changed nothing of who was there.
    await tokenOf('an', 'Alpha');
    for (const [parameters, message] of [
      [['--listen', '0.0.0.0:0'], /--public-url/],
      [['--listen', 'localhost:0'], /ADDRESS:PORT/],
      [['--public-url', 'http://contacts.example'], /https/],
      [['--public-url', 'https://contacts.example/path'], /no path/],
      [['--public-url', 'https://contacts.example', '--token', 'T'], /people sign in/],
      [['--trusted-proxy', 'proxy'], /needs an address/],
      [['--data', '/tmp'], /not with --database/],
    ] as const) {
      await assert.rejects(startTeamServer(database.url, ...parameters), message, parameters.join(' '));
    }
    await assert.rejects(startTeamServer('mysql://x'), /postgres:\/\//);
    await assert.rejects(startTeamServer('postgres://nobody:wrong@127.0.0.1:1/x'), /does not answer/);
    await assert.rejects(startTeamServer(database.adminUrl), /row-level security/);
  });

  it('is called what it is called in public, and believes its proxy alone who asks', async () => {
    const publicHost = 'contacts.example';
    const guess = async (port: number, attempt: number, from: string): Promise<number> => {
      const path = `${signInPrefix}/login/authenticate`;
      const body = { email: `guess${attempt}@team.example`, otp: '000000' };
      return (await ask({ port, host: publicHost }, 'POST', path, { body, headers: { 'x-forwarded-for': from } }))
        .status;
    };
    for (const trusts of [true, false]) {
      const port = await freePort();
      const another = await teamDatabase();
      const proxied = await startTeamServer(
        another.url,
        '--listen',
        `127.0.0.1:${port}`,
        '--public-url',
        `https://${publicHost}`,
        ...(trusts ? ['--trusted-proxy', '127.0.0.1'] : []),
      );
      try {
        assert.equal(proxied.url, `https://${publicHost}`);
        const wrongHost = await fetch(`http://127.0.0.1:${port}/`);
        assert.equal(wrongHost.status, 403);
        const statuses: number[] = [];
        for (let attempt = 0; attempt < 205; attempt++) {
          // What the visitor says stands before what the proxy says.
          statuses.push(await guess(port, attempt, `10.0.0.${attempt}, 192.0.2.7`));
        }
        assert.deepEqual([...new Set(statuses.slice(0, 200))], [401], String(trusts));
        assert.deepEqual([...new Set(statuses.slice(200))], [429], String(trusts));
        // Whoever has come to the limit gets no more by calling itself an account.
        const address = trusts ? '192.0.2.7' : '127.0.0.1';
        for (const email of [`from ${address}`, `address:${address}`]) {
          const body = { email, otp: '000000' };
          const asked = { body, headers: { 'x-forwarded-for': '192.0.2.200' } };
          await ask({ port, host: publicHost }, 'POST', `${signInPrefix}/login/authenticate`, asked);
        }
        assert.equal(await guess(port, 998, '192.0.2.7'), 429);
        assert.equal(await guess(port, 999, '192.0.2.9'), trusts ? 401 : 429);
        // Each form of an address is that address.
        if (trusts) assert.equal(await guess(port, 1_000, '192.0.2.7, ::ffff:127.0.0.1'), 429);
      } finally {
        await proxied.kill();
        await another.drop();
      }
    }
  });

  it('says that it lives and that it is ready, and comes back by itself when its database was gone', async () => {
    const status = async (path: string): Promise<number> => (await fetch(`${server.url}${path}`)).status;
    assert.deepEqual([await status('/healthz'), await status('/readyz')], [200, 200]);
    const { value } = await tokenOf('an', 'Alpha');
    const list = (): Promise<Response> =>
      fetch(`${server.url}${apiPrefix}/contacts`, { headers: { 'x-access-token': value } });
    assert.equal((await list()).status, 200);
    const name = new URL(database.url).pathname.slice(1);
    const onServer = database.adminUrl.replace(name, 'postgres');
    const allow = (isAllowed: boolean): Promise<void> =>
      asAdmin(onServer, async (client) => {
        await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS ${isAllowed}`);
        await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      });
    await allow(false);
    try {
      const gone = await list();
      assert.deepEqual([gone.status, gone.headers.get('retry-after')], [503, '2']);
      assert.deepEqual([await status('/healthz'), await status('/readyz')], [200, 503]);
    } finally {
      await allow(true);
    }
    await poll('an answer', 60_000, async () => (await list()).status === 200);
    assert.equal(await status('/readyz'), 200);
  });

  it('is measured, on a port of its own, with nobody’s id', async () => {
    const watched = await startTeamServer(database.url, '--metrics', '127.0.0.1:0');
    try {
      const an = await serviceOf('an', 'Alpha', watched);
      const { id } = (await an.list({ limit: 1 })).items[0] ?? { id: '' };
      await an.get(id);
      await assert.rejects(an.get('con_nobody of this name'));
      for (const path of ['/_secret', `${apiPrefix}/contacts/_${id}/x`]) await fetch(`${watched.url}${path}`);
      const line = await poll('where', 60_000, () => watched.stderr.find((each) => each.startsWith('metrics: ')));
      const url = line.slice('metrics: '.length);
      const text = await (await fetch(url)).text();
      const route = `${apiPrefix}/contacts/:id`;
      assert.ok(
        text.includes(`contact_lookup_request_seconds_count{method="GET",route="${route}",status="200"} 1`),
        text,
      );
      assert.ok(
        text.includes(`contact_lookup_request_seconds_count{method="GET",route="${route}",status="404"} 1`),
        text,
      );
      assert.ok(text.includes('route="other"') && !text.includes('secret'), text);
      assert.match(text, /contact_lookup_database_connections\{state="waiting"\} 0/);
      assert.ok(!text.includes(id) && !text.includes('con_') && !text.includes(people.an.email));
      assert.equal((await fetch(new URL('/', url))).status, 404);
      assert.equal((await fetch(`${watched.url}/metrics`)).status, 401);
    } finally {
      await watched.kill();
    }
  });

  it('answers what it has begun when it is told to end', async () => {
    const ending = await startTeamServer(database.url);
    const an = await serviceOf('an', 'Alpha', ending);
    const { id } = (await an.list({ limit: 1 })).items[0] ?? { id: '' };
    await asAdmin(database.adminUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM workspace FOR UPDATE');
      const asked = an.addComment(id, 'begun before the end');
      await poll('that it has begun', 60_000, async () => {
        const sql = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        return (await client.query(sql)).rowCount === 1;
      });
      const ended = ending.kill();
      await poll('that it takes no more', 60_000, () =>
        fetch(`${ending.url}/healthz`).then(
          () => false,
          () => true,
        ),
      );
      await client.query('COMMIT');
      assert.equal((await asked).text, 'begun before the end');
      assert.equal(await ended, 0);
    });
  });
});

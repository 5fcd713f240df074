import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client, type PoolClient } from 'pg';
import { PostgresDatabase } from '../../src/server/store/postgres/database.ts';
import { PostgresOrganizations } from '../../src/server/store/postgres/organizations.ts';
import { PostgresStore } from '../../src/server/store/postgres/postgresStore.ts';
import { mergeContacts } from '../../src/server/merging.ts';
import { seedWorkspace } from '../../src/server/seed/seedWorkspace.ts';
import { StoreBusyError, StoreError, StoreUnavailableError } from '../../src/server/store/errors.ts';
import { inTransaction } from '../../src/server/store/postgres/transactions.ts';
import { poll } from '../harness/processes.ts';
import { conformanceCases } from '../node/store/conformance.ts';
import { addContacts, testDay } from '../node/support/app.ts';
import { recording } from '../node/support/recordedStatements.ts';
import { asAdmin, teamDatabase, type TeamDatabase } from '../node/support/teamDatabase.ts';

const partitions = 16;
/** Not of any organization alone: who they are, and who may sign in. */
const common = new Set([
  'organization',
  'person',
  'membership',
  'token',
  'sign_in_code',
  'sign_in_failure',
  'schema_version',
]);

describe('the workspaces of a database', () => {
  let database: TeamDatabase;
  let opened: PostgresDatabase;
  before(async () => {
    database = await teamDatabase();
    opened = await PostgresDatabase.open(database.url);
  });
  after(async () => {
    await opened.close();
    await database.drop();
  });

  const newStore = async (on = opened): Promise<PostgresStore> =>
    new PostgresStore(on, (await new PostgresOrganizations(on).findOrCreate(randomUUID())).id);

  const tables = (): Promise<string[]> =>
    asAdmin(database.adminUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition",
      );
      return rows.map(({ name }) => name).filter((name) => !common.has(name));
    });

  it('are searched as this version does after an earlier one has written them, once', async () => {
    const store = await newStore();
    await addContacts(store, { id: 'con_old', display_name: '佐藤 健', location: 'Wuppertal' }, { id: 'con_new' });
    const found = async (query: string): Promise<string[]> =>
      (await store.contacts.search(query, undefined, { limit: 9, skip: 0 })).items.map(({ id }) => id);
    const entries = (): Promise<unknown[]> =>
      asAdmin(database.adminUrl, async (client) => {
        const sql = 'SELECT change_seq, text FROM search_entry WHERE organization_id = $1 ORDER BY 1';
        return (await client.query(sql, [store.organizationId])).rows;
      });
    const asWritten = await entries();
    await store.ensureSearch();
    assert.deepEqual(await entries(), asWritten, 'a new one is as it should be');
    await asAdmin(database.adminUrl, async (client) => {
      const own = [store.organizationId];
      await client.query("UPDATE search_entry SET text = 'old', grams = '{}' WHERE organization_id = $1", own);
      await client.query('DELETE FROM claim WHERE organization_id = $1', own);
    });
    assert.deepEqual(await found('wuppertal'), []);
    await Promise.all([store.ensureSearch(), store.ensureSearch()]);
    assert.deepEqual([await found('wuppertal'), await found('佐藤健')], [['con_old'], ['con_old']]);
    const rebuilt = await entries();
    await store.ensureSearch();
    assert.deepEqual(await entries(), rebuilt);
  });

  it('are nobody else’s, whatever a statement of the server’s own role asks', async () => {
    const [own, other] = [await newStore(), await newStore()];
    for (const store of [own, other]) {
      await seedWorkspace(store, 40, testDay);
      const [one] = (await store.contacts.list({ column: 'id', descending: false }, { limit: 1, skip: 0 })).items;
      await addContacts(store, { id: 'con_twin' });
      await store.transaction((tx) => mergeContacts(tx, one?.id ?? '', 'con_twin', {}));
    }
    const names = await tables();
    assert.ok(names.length >= 14, names.join());
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const enter = (organization: string): Promise<unknown> =>
      client.query("SELECT set_config('contact_lookup.organization', $1, false)", [organization]);
    const empty = new Set(['import_run', 'import_contact', 'import_problem']);
    try {
      for (const name of names) {
        const count = async (): Promise<number> =>
          (await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${name}`)).rows.map(({ n }) => Number(n))[0] ??
          NaN;
        await enter(own.organizationId);
        const { rows } = await client.query(`SELECT 1 FROM ${name} WHERE organization_id = $1`, [other.organizationId]);
        assert.equal(rows.length, 0, name);
        assert.equal((await count()) > 0, !empty.has(name), name);
        for (const wrong of ['', 'org_nobody', "' OR true --"]) {
          await enter(wrong);
          assert.equal(await count(), 0, `${name} for ${wrong}`);
        }
        await enter(own.organizationId);
        const gone = await client.query(`DELETE FROM ${name} WHERE organization_id = $1`, [other.organizationId]);
        assert.equal(gone.rowCount, 0, name);
        const taken = client.query(`UPDATE ${name} SET organization_id = $1`, [other.organizationId]);
        await (empty.has(name) ? taken : assert.rejects(taken, /row-level security|foreign key/));
      }
    } finally {
      await client.end();
    }
    assert.equal(await other.contacts.count(), 40);
  });

  it('are not written to when others were writing for so long that nobody waits any more', async () => {
    const store = await newStore();
    const add = (name: string): Promise<unknown> => addContacts(store, { display_name: name });
    await asAdmin(database.adminUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM workspace WHERE organization_id = $1 FOR UPDATE', [store.organizationId]);
      const wanted = ['first', 'second', 'third'].map(add);
      await assert.rejects(wanted[0] as Promise<unknown>, StoreBusyError);
      await client.query('ROLLBACK');
      for (const each of wanted) await assert.rejects(each, StoreBusyError);
    });
    assert.equal(await store.contacts.count(), 0);
    await add('fourth');
    assert.equal(await store.contacts.count(), 1);
  });

  it('are not waited for when the database has gone silent', async () => {
    const sent: string[] = [];
    const client = {
      query: ({ text }: { text: string }) => {
        sent.push(text);
        if (text === 'BEGIN') return Promise.resolve({ rows: [] });
        return text === 'UPDATE' ? Promise.reject(new Error('Query read timeout')) : new Promise(() => undefined);
      },
    } as unknown as PoolClient;
    await assert.rejects(
      inTransaction(client, () => client.query({ text: 'UPDATE' })),
      /Query read timeout/,
    );
    assert.deepEqual(sent, ['BEGIN', 'UPDATE'], 'nothing is asked of it any more');
  });

  it('leave it open whether all connections are in use, where only their database is asked for', async () => {
    const busy = Promise.all(Array.from({ length: 10 }, () => opened.common('SELECT pg_sleep(3)')));
    await poll('all connections in use', 20_000, () => opened.connections.total - opened.connections.idle >= 10);
    let isOver = false;
    void busy.then(() => (isOver = true));
    assert.deepEqual([await opened.isUp(), isOver], [true, false]);
    await busy;
  });

  it('are exported however many exports were broken off, and say so where the database breaks one off', async () => {
    const store = await newStore();
    // More than connections hold on their way.
    const drafts = Array.from({ length: 2_000 }, () => ({ remark: 'x'.repeat(8_000) }));
    await store.transaction(({ contacts }) => contacts.bulkInsert(drafts));
    const begun = async (): Promise<AsyncIterator<Uint8Array>> => {
      const sort = { column: 'created_at', descending: true };
      const csv = store.contacts.exportCsv({ sort, columns: ['id', 'remark'], isExact: true })[Symbol.asyncIterator]();
      assert.ok(!(await csv.next()).done);
      return csv;
    };
    for (let n = 0; n < 12; n++) await (await begun()).return?.();
    const all = await Promise.all([begun(), begun(), begun(), begun()]);
    for (const csv of all) {
      let length = 0;
      for (let piece = await csv.next(); piece.done !== true; piece = await csv.next()) length += piece.value.length;
      assert.ok(length > 15_000_000, String(length));
    }
    const broken = await begun();
    await asAdmin(database.adminUrl, (client) =>
      client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY (%' AND datname = current_database() AND state = 'active'",
      ),
    );
    await assert.rejects(async () => {
      while ((await broken.next()).done !== true);
    }, StoreUnavailableError);
    await (await begun()).return?.();
  });

  it('are not opened as a role that the policies do not hold for', async () => {
    await assert.rejects(
      PostgresDatabase.open(database.adminUrl),
      (error) => error instanceof StoreError && /row-level security/.test(error.message),
    );
  });

  it('are each in one partition of every table, which is all that a statement reads', async () => {
    const partitioned = await teamDatabase();
    const first = await PostgresDatabase.open(partitioned.url);
    await first.close();
    await partition(partitioned.url, await tables());
    const on = await PostgresDatabase.open(partitioned.url);
    try {
      const recorded = await recording(async () => {
        for (const { check } of conformanceCases) {
          const store = await newStore(on);
          await check(store, () => new PostgresStore(on, store.organizationId));
        }
      });
      assert.ok(recorded.length > 60, String(recorded.length));
      // For whom no policy chooses a partition: the statements must do it themselves.
      await asAdmin(partitioned.adminUrl, async (client) => {
        const faults: string[] = [];
        for (const { sql, values } of recorded) {
          const read = await partitionsOf(client, sql, values);
          if (read.size > 1) faults.push(`${[...read].join()}: ${sql}`);
        }
        assert.deepEqual(faults, []);
        const control = await partitionsOf(client, 'SELECT id FROM contact WHERE id = $2 AND $1 <> id', [
          'org_x',
          'con_x',
        ]);
        assert.equal(control.size, partitions, 'a statement that forgets its organization is found');
      });
    } finally {
      await on.close();
      await partitioned.drop();
    }
  });
});

/** Makes each table one that is partitioned by its organization, as somebody with very many of them would. */
async function partition(url: string, names: readonly string[]): Promise<void> {
  await asAdmin(url, async (client) => {
    const { rows: keys } = await client.query<{ name: string; definition: string }>(
      `SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
       WHERE contype = 'f' AND conrelid::regclass::text = ANY ($1)`,
      [names],
    );
    for (const name of names) await client.query(`ALTER TABLE ${name} RENAME TO ${name}_whole`);
    for (const name of names) {
      await client.query(`CREATE TABLE ${name} (LIKE ${name}_whole INCLUDING ALL) PARTITION BY HASH (organization_id)`);
      for (let part = 0; part < partitions; part++) {
        await client.query(
          `CREATE TABLE ${name}_p${part} PARTITION OF ${name} FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${part})`,
        );
      }
    }
    for (const name of names.toReversed()) await client.query(`DROP TABLE ${name}_whole CASCADE`);
    for (const { name, definition } of keys) await client.query(`ALTER TABLE ${name} ADD ${definition}`);
    for (const name of names) {
      await client.query(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
      await client.query(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
      await client.query(
        `CREATE POLICY own_organization ON ${name} USING (organization_id = current_setting('contact_lookup.organization', true))`,
      );
    }
  });
}

/** The numbers of the partitions that a statement reads or writes. */
async function partitionsOf(client: Client, sql: string, values: unknown[]): Promise<Set<string>> {
  const statement = sql.replace(/^DECLARE .*? FOR /, '').replace(/^COPY \((.*)\) TO STDOUT .*$/s, '$1');
  const { rows } = await client.query<Record<string, unknown>>(`EXPLAIN (FORMAT JSON) ${statement}`, values);
  const plan = JSON.stringify(rows);
  return new Set([...plan.matchAll(/"Relation Name":\s*"\w+_p(\d+)"/g)].map(([, part]) => part ?? ''));
}

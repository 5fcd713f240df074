import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { seedWorkspace } from '../../src/server/seed/seedWorkspace.ts';
import { PostgresDatabase } from '../../src/server/store/postgres/database.ts';
import { PostgresOrganizations } from '../../src/server/store/postgres/organizations.ts';
import { PostgresStore } from '../../src/server/store/postgres/postgresStore.ts';
import { testDay } from '../node/support/app.ts';
import { recording, type Recorded } from '../node/support/recordedStatements.ts';
import { teamDatabase, type TeamDatabase } from '../node/support/teamDatabase.ts';

const contacts = 4_000;
const maxInVain = 400;
const newest = { column: 'created_at', descending: true } as const;

describe('what a team’s server reads of an organization', () => {
  let database: TeamDatabase;
  let opened: PostgresDatabase;
  let store: PostgresStore;
  before(async () => {
    database = await teamDatabase();
    opened = await PostgresDatabase.open(database.url);
    const { id } = await new PostgresOrganizations(opened).findOrCreate(randomUUID());
    store = new PostgresStore(opened, id);
    const filled = await PostgresDatabase.open(database.url, undefined, 'filling');
    await seedWorkspace(new PostgresStore(filled, id), contacts, testDay);
    await filled.close();
  });
  after(async () => {
    await opened.close();
    await database.drop();
  });

  it('is found by an index, and not among all that there is', async () => {
    const { items } = await store.contacts.list(newest, { limit: 300, skip: 1_000 });
    const [one] = items;
    assert.ok(one !== undefined);
    const recorded = await recording(async () => {
      const found = await store.contacts.findByKeys({
        ids: items.slice(0, 20).map(({ id }) => id),
        emails: items.map(({ email }) => email).filter(Boolean),
        phoneEndings: items.map(({ phone_number: phone }) => phone.slice(-6)).filter(Boolean),
      });
      assert.ok(found.length >= 20);
      assert.equal((await store.contacts.get(one.id))?.id, one.id);
      await store.history.conversations(one.id, []);
      await store.contacts.list(newest, { limit: 50, skip: 0 });
    });
    assert.ok(recorded.length >= 4, String(recorded.length));
    const faults: string[] = [];
    for (const each of recorded) {
      const removed = await removedByFilters(database.url, store.organizationId, each);
      if (removed > maxInVain) faults.push(`${removed} rows read in vain: ${each.sql}`);
    }
    assert.deepEqual(faults, []);
    const control = { sql: 'SELECT 1 FROM contact WHERE organization_id = $1 AND remark = $2', values: ['nobody’s'] };
    const controlled = { ...control, values: [store.organizationId, ...control.values] };
    assert.ok((await removedByFilters(database.url, store.organizationId, controlled)) > maxInVain);
  });

  it('is filled without the limits that are made for requests', async () => {
    const setting = async (on: PostgresDatabase, name: string): Promise<unknown> =>
      (await on.common('SELECT current_setting($1) AS set', name)).rows[0]?.['set'];
    const filled = await PostgresDatabase.open(database.url, undefined, 'filling');
    assert.equal(await setting(filled, 'statement_timeout'), '0');
    assert.equal(await setting(filled, 'lock_timeout'), '10s');
    await filled.close();
    assert.equal(await setting(opened, 'statement_timeout'), '30s');
  });
});

interface PlanNode {
  'Rows Removed by Filter'?: number;
  'Actual Loops'?: number;
  Plans?: PlanNode[];
}

/** How many rows a statement reads, as the server's own role, that are not what it asks for. */
async function removedByFilters(url: string, organizationId: string, { sql, values }: Recorded): Promise<number> {
  const client = new Client({ connectionString: url, options: '-c enable_seqscan=off' });
  await client.connect();
  try {
    await client.query("SELECT set_config('contact_lookup.organization', $1, false)", [organizationId]);
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      values,
    );
    const sum = (node: PlanNode): number =>
      (node['Rows Removed by Filter'] ?? 0) * (node['Actual Loops'] ?? 1) +
      (node.Plans ?? []).reduce((total, each) => total + sum(each), 0);
    return (rows[0]?.['QUERY PLAN'] ?? []).reduce((total, { Plan }) => total + sum(Plan), 0);
  } finally {
    await client.end();
  }
}

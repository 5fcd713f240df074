import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../harness/paths.ts';
import { startFiles } from '../harness/startFiles.ts';

/** What each library leaves in a bundle, whatever it is minified to. */
const marks = {
  'valibot, which checks what a page says': 'kind:"schema"',
  'node-fetch and what talks to servers': 'x-organization-id',
  'the rules of phone numbers': 'country_calling_codes',
  'ipaddr.js, which knows addresses': 'carrierGradeNat',
  'lru-cache, which keeps pictures': 'sizeCalculation',
  'the tools of agents': 'must name at least one field',
};
const maxBytes = 90_000;
const maxFiles = 3;

describe('the start of VS Code', () => {
  const dist = join(projectRoot, 'dist');
  let start: Map<string, string>;
  before(async () => {
    start = await startFiles(join(dist, 'extension.js'));
  });

  it(`reads at most ${maxBytes / 1000} kB in ${maxFiles} files`, () => {
    const bytes = [...start.values()].reduce((sum, source) => sum + Buffer.byteLength(source), 0);
    assert.ok(bytes > 50_000, `${bytes} bytes: where is the rest?`);
    assert.ok(bytes <= maxBytes, `${bytes} bytes`);
    assert.ok(start.size <= maxFiles, [...start.keys()].join());
  });

  for (const [library, mark] of Object.entries(marks)) {
    it(`does not read ${library}`, () => {
      for (const [file, source] of start) assert.ok(!source.includes(mark), file);
      const onDemand = globSync('on-demand/*.js', { cwd: dist }).map((file) => readFileSync(join(dist, file), 'utf8'));
      assert.ok(
        onDemand.some((source) => source.includes(mark)),
        'it is somewhere else',
      );
    });
  }
});

/** What only a team's server needs. */
const marksOfTeam = {
  'pg, which talks to PostgreSQL': 'SCRAM-SERVER-FINAL-MESSAGE',
  'prom-client, which measures': 'contact_lookup_request_seconds',
  'the statements of the store': 'FOR NO KEY UPDATE',
};

describe('the start of the local workspace’s server', () => {
  const dist = join(projectRoot, 'dist');
  let start: Map<string, string>;
  before(async () => {
    start = await startFiles(join(dist, 'server.js'));
  });

  for (const [library, mark] of Object.entries(marksOfTeam)) {
    it(`does not read ${library}`, () => {
      for (const [file, source] of start) assert.ok(!source.includes(mark), file);
      const all = globSync('on-demand/server-*.js', { cwd: dist }).map((file) =>
        readFileSync(join(dist, file), 'utf8'),
      );
      assert.ok(
        all.some((source) => source.includes(mark)),
        'it is somewhere else',
      );
    });
  }
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../harness/paths.ts';

/** What each library leaves in a bundle, whatever it is minified to. */
const marks = {
  'valibot, which checks what a page says': 'kind:"schema"',
  'node-fetch and what talks to servers': 'x-organization-id',
  'the rules of phone numbers': 'country_calling_codes',
  'ipaddr.js, which knows addresses': 'carrierGradeNat',
  'lru-cache, which keeps pictures': 'sizeCalculation',
};

describe('the start of VS Code', () => {
  const bundle = (name: string): string => readFileSync(join(projectRoot, 'dist', `${name}.js`), 'utf8');
  for (const [library, mark] of Object.entries(marks)) {
    it(`does not read ${library}`, () => {
      for (const name of ['extension', 'shared']) assert.ok(!bundle(name).includes(mark), name);
      const others = ['later', 'service', 'phone'].filter((name) => bundle(name).includes(mark));
      assert.ok(others.length > 0, 'it is somewhere else');
    });
  }
});

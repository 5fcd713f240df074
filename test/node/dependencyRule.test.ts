import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../harness/paths.ts';
import { temporaryDirectory } from './support/app.ts';

describe('the rule on which folder may know which', () => {
  const forbidden: [folder: string, imported: string][] = [
    ['contract', '../api/index.ts'],
    ['contract', 'vscode'],
    ['protocol', '../platform/commands.ts'],
    ['api', 'vscode'],
    ['api', '../server/app.ts'],
    ['api', '../platform/commands.ts'],
    ['api/decode', '../../session/session.ts'],
    ['server', 'vscode'],
    ['server', '../api/index.ts'],
    ['server/routes', '../../api/index.ts'],
    ['server/routes', '../../platform/displayText.ts'],
    ['webview', 'vscode'],
    ['webview', 'node:fs'],
    ['webview', '../contacts/contactName.ts'],
    ['platform', '../session/session.ts'],
    ['session', '../contacts/contactsModel.ts'],
    ['notifications', '../contacts/contactsModel.ts'],
    ['contacts', '../lookup/index.ts'],
    ['contacts/panel', '../../notifications/index.ts'],
    ['contacts', '../server/app.ts'],
    ['contacts', '../webview/dom.ts'],
    ['lookup', '../notifications/index.ts'],
    ['lookup', '../extension.ts'],
    ['lookup', '../agents/index.ts'],
    ['agents', '../lookup/index.ts'],
    ['contacts', '../agents/index.ts'],
    ['contacts', '../localData/index.ts'],
    ['lookup', '../localData/index.ts'],
    ['session', '../localData/index.ts'],
    ['server', '../localData/index.ts'],
    ['api', '../localData/index.ts'],
    ['notifications', '../localData/index.ts'],
    ['agents', '../localData/index.ts'],
    ['localData', '../contacts/contactsModel.ts'],
    ['localData', '../server/backup.ts'],
  ];
  const allowed: [folder: string, imported: string][] = [
    ['api', '../contract/vocabulary.ts'],
    ['api/decode', '../../contract/vocabulary.ts'],
    ['server/routes', '../../contract/vocabulary.ts'],
    ['server/routes', '../store/store.ts'],
    ['webview', '../protocol/contactPage.ts'],
    ['platform', '../api/apiError.ts'],
    ['session', '../platform/commands.ts'],
    ['contacts/panel', '../../protocol/contactPage.ts'],
    ['lookup', '../contacts/contactName.ts'],
    ['localData', '../session/session.ts'],
  ];
  let folder: string;
  before(() => {
    folder = temporaryDirectory();
    copyFileSync(join(projectRoot, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Whether the lint rule refuses a file in `src/<place>` that imports `imported`. */
  function isRefused(place: string, imported: string): boolean {
    const file = join(folder, 'src', place, 'sample.ts');
    mkdirSync(join(folder, 'src', place), { recursive: true });
    writeFileSync(file, `import { sample } from '${imported}';\nexport const used = sample;\n`);
    const oxlint = join(projectRoot, 'node_modules', 'oxlint', 'bin', 'oxlint');
    const { stdout } = spawnSync(process.execPath, [oxlint, '-f', 'unix', file], { cwd: folder, encoding: 'utf8' });
    rmSync(file);
    return stdout.includes('no-restricted-imports');
  }

  it('refuses what goes the wrong way', () => {
    for (const [place, imported] of forbidden)
      assert.ok(isRefused(place, imported), `${place} may not know ${imported}`);
  });

  it('lets through what goes the right way', () => {
    for (const [place, imported] of allowed) assert.ok(!isRefused(place, imported), `${place} may know ${imported}`);
  });
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    ['agents/access', '../../mcp/windowCalls.ts'],
    ['mcp', '../agents/index.ts'],
    ['mcp', 'vscode'],
    ['contacts', '../mcp/wire.ts'],
    ['contacts', '../agents/index.ts'],
    ['contacts', '../localData/index.ts'],
    ['lookup', '../localData/index.ts'],
    ['session', '../localData/index.ts'],
    ['server', '../localData/index.ts'],
    ['api', '../localData/index.ts'],
    ['notifications', '../localData/index.ts'],
    ['agents', '../localData/index.ts'],
    ['session', '../mirror/index.ts'],
    ['contacts', '../mirror/index.ts'],
    ['mirror', '../contacts/contactsModel.ts'],
    ['localData', '../contacts/contactsModel.ts'],
    ['localData', '../server/store/sqlite/backup.ts'],
    ['server/routes', '../store/sqlite/sqliteStore.ts'],
    ['server/imports', 'node:sqlite'],
    ['server/store/sqlite', '../../httpProblem.ts'],
    ['server/store', '../routes/contacts.ts'],
  ];
  const allowed: [folder: string, imported: string][] = [
    ['api', '../contract/vocabulary.ts'],
    ['api/decode', '../../contract/vocabulary.ts'],
    ['server/routes', '../../contract/vocabulary.ts'],
    ['server/routes', '../store/workspaceStore.ts'],
    ['server/store/sqlite', '../workspaceStore.ts'],
    ['server/store/sqlite', 'node:sqlite'],
    ['webview', '../protocol/contactPage.ts'],
    ['platform', '../api/apiError.ts'],
    ['session', '../platform/commands.ts'],
    ['contacts/panel', '../../protocol/contactPage.ts'],
    ['lookup', '../contacts/contactName.ts'],
    ['localData', '../session/session.ts'],
    ['mirror', '../session/session.ts'],
  ];
  /** The imports, as `folder import`, that the lint rule refuses; all are judged by one run of the linter. */
  let refused: Set<string>;
  before(() => {
    const folder = temporaryDirectory();
    copyFileSync(join(projectRoot, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    const files = new Map<string, string>();
    for (const [index, [place, imported]] of [...forbidden, ...allowed].entries()) {
      const file = join('src', place, `sample${index}.ts`);
      mkdirSync(join(folder, 'src', place), { recursive: true });
      writeFileSync(join(folder, file), `import { sample } from '${imported}';\nexport const used = sample;\n`);
      files.set(file, `${place} ${imported}`);
    }
    const oxlint = join(projectRoot, 'node_modules', 'oxlint', 'bin', 'oxlint');
    const { stdout } = spawnSync(process.execPath, [oxlint, '-f', 'unix'], { cwd: folder, encoding: 'utf8' });
    const lines = stdout.split('\n').filter((line) => line.includes('no-restricted-imports'));
    refused = new Set([...files].filter(([file]) => lines.some((line) => line.includes(file))).map(([, key]) => key));
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses what goes the wrong way', () => {
    for (const [place, imported] of forbidden)
      assert.ok(refused.has(`${place} ${imported}`), `${place} may not know ${imported}`);
  });

  it('lets through what goes the right way', () => {
    for (const [place, imported] of allowed)
      assert.ok(!refused.has(`${place} ${imported}`), `${place} may know ${imported}`);
  });

  for (const [world, canName] of [
    ['src', true],
    ['src/api', false],
    ['src/server', false],
  ] as const) {
    it(`${canName ? 'lets' : 'does not let'} what is in ${world} name VS Code`, () => {
      // Beside the project, where the types that it has installed are found.
      const folder = mkdtempSync(join(projectRoot, 'dist', 'world-'));
      const sample = "import { window } from 'vscode';\nexport const used = window;\n";
      writeFileSync(join(folder, 'sample.ts'), sample);
      const settings = { extends: join(projectRoot, world, 'tsconfig.json'), include: ['sample.ts'], exclude: [] };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
      const tsc = join(projectRoot, 'node_modules', '.bin', 'tsc');
      const { status } = spawnSync(tsc, ['--project', folder], { encoding: 'utf8' });
      rmSync(folder, { recursive: true, force: true });
      assert.equal(status === 0, canName);
    });
  }
});

describe('the source', () => {
  const files = globSync('src/**/*.{ts,tsx,css}', { cwd: projectRoot });
  const sources = files.map((file) => ({ file, text: readFileSync(join(projectRoot, file), 'utf8') }));
  const having = (isMeant: (text: string) => boolean): string[] =>
    sources.filter(({ text }) => isMeant(text)).map(({ file }) => file);

  it('is in files of at most 400 lines, style sheets too', () => {
    assert.ok(files.length > 250 && files.some((file) => file.endsWith('.css')));
    assert.deepEqual(
      having((text) => text.split('\n').length > 401),
      [],
    );
  });

  it('casts through unknown in one file', () => {
    assert.deepEqual(
      having((text) => text.includes('as unknown as')),
      [join('src', 'protocol', 'calls.ts')],
    );
  });
});

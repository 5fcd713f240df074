// Builds dist/: the extension, the contact server, the API service as a library, and the pages of the webviews.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, transform } from 'esbuild';

const common = {
  bundle: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};
const node = { ...common, platform: 'node', target: 'node22', format: 'cjs' };

/**
 * A namespace import of a CommonJS module makes a copy of it in every file that has one. `vscode` has some five
 * hundred members and a third of our files import it, which was most of the time that the extension took to load.
 */
const oneVSCode = {
  name: 'one-vscode',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace("import * as vscode from 'vscode';", "const vscode = require('vscode');");
      return { contents, loader: 'ts' };
    });
  },
};

/** Libraries of their own, so that neither the start of VS Code nor a command reads them before they are needed. */
const apart = { service: 'src/api/services.ts', phone: 'src/contacts/phone.ts' };
/** What commands and panels do, in one file beside the extension's: the start of VS Code need not even parse it. */
const later = [
  'src/contacts/export/exportCsv.ts',
  'src/contacts/files/openFile.ts',
  'src/contacts/files/saveFiles.ts',
  'src/contacts/panel/contactPanel.ts',
  'src/contacts/pictureStore.ts',
  'src/contacts/updateContact.ts',
  'src/localData/backup.ts',
  'src/localData/importProgress.ts',
  'src/localData/importWizard.ts',
  'src/lookup/lookupText.ts',
  'src/lookup/pickContact.ts',
  'src/session/serverProcess.ts',
  'src/session/signIn.ts',
];
const loadedLater = {
  name: 'loaded-later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^later$/ }, () => ({ path: 'later', namespace: 'later' }));
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const module = relative('.', join(resolveDir, path)).replaceAll('\\', '/');
      const library = Object.keys(apart).find((name) => apart[name] === module);
      if (library !== undefined) return { path: `./${library}.js`, external: true };
      if (!later.includes(module)) throw new Error(`${module} is loaded later, and is not in the list of what is`);
      return { path: 'later', namespace: 'later' };
    });
    onLoad({ filter: /^later$/, namespace: 'later' }, () => ({
      contents: later.map((module) => `export * from './${module}';`).join('\n'),
      resolveDir: '.',
    }));
  },
};

/** Files that share a third can only be ES modules, and VS Code loads CommonJS: each is made that afterwards. */
async function buildExtension() {
  const { outputFiles } = await build({
    ...node,
    format: 'esm',
    splitting: true,
    entryPoints: { extension: 'src/extension.ts', later: 'later' },
    chunkNames: 'shared',
    outdir: 'dist',
    write: false,
    minify: false,
    external: ['vscode'],
    plugins: [oneVSCode, loadedLater],
  });
  await mkdir('dist', { recursive: true });
  for (const { path, text } of outputFiles) {
    const supported = { 'dynamic-import': false };
    const { code } = await transform(text, {
      platform: 'node',
      format: 'cjs',
      target: node.target,
      minify: true,
      supported,
    });
    await writeFile(path, code);
  }
}

/** Pictures of one colour as the numbers they are drawn by; a page may not make elements of text. */
const iconShapes = {
  name: 'icon-shapes',
  setup({ onLoad }) {
    onLoad({ filter: /\.svg$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const shape = {
        box: /viewBox="([^"]+)"/.exec(source)?.[1],
        rule: /fill-rule="([^"]+)"/.exec(source)?.[1] ?? 'nonzero',
        paths: [...source.matchAll(/ d="([^"]+)"/g)].map(([, drawing]) => drawing),
      };
      if (shape.box === undefined || shape.paths.length === 0 || /<(?!\/|svg|path)/.test(source)) {
        throw new Error(`${path} is more than paths`);
      }
      return { contents: JSON.stringify(shape), loader: 'json' };
    });
  },
};

await rm('dist', { recursive: true, force: true });
await Promise.all([
  buildExtension(),
  build({ ...node, entryPoints: apart, outdir: 'dist' }),
  build({ ...node, entryPoints: ['src/server/main.ts'], outfile: 'dist/server.js' }),
  build({
    ...node,
    entryPoints: ['src/api/index.ts'],
    outfile: 'dist/api.mjs',
    format: 'esm',
    // Some of what is bundled is CommonJS and asks for Node's own modules with require.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  }),
  build({
    ...common,
    platform: 'browser',
    target: 'chrome140',
    format: 'iife',
    entryPoints: { contact: 'src/webview/contactPage.ts' },
    outdir: 'dist/webview',
    plugins: [iconShapes],
  }),
]);

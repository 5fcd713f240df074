// Builds dist/: the extension, the contact server, the API service as a library, and the pages of the webviews.
import { readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

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

/** What is large and not needed at once is a file of its own, so that the start of VS Code need not read it. */
const apart = { service: 'src/api/services.ts', phone: 'src/contacts/phone.ts' };
const loadedApart = {
  name: 'loaded-apart',
  setup({ onResolve }) {
    for (const [name, path] of Object.entries(apart)) {
      const fileName = path.slice(path.lastIndexOf('/') + 1).replace('.', '\\.');
      onResolve({ filter: new RegExp(`/${fileName}$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}.js`, external: true } : undefined,
      );
    }
  },
};

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
  build({
    ...node,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    plugins: [oneVSCode, loadedApart],
  }),
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

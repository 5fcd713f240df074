// Builds dist/: the extension, the contact server, the API service as a library, and the pages of the webviews.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const common = {
  bundle: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};
const node = { ...common, platform: 'node', target: 'node22', format: 'cjs' };

await rm('dist', { recursive: true, force: true });
await Promise.all([
  build({ ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] }),
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
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  }),
]);

// Builds dist/: the extension, the contact server, the API service as a library, what agents' programs start, and the
// page of the contact panel.
//
//     node esbuild.mjs [--minify] [--watch]
import { cp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { context } from 'esbuild';

const minify = process.argv.includes('--minify');
const isWatching = process.argv.includes('--watch');
const logLevel = isWatching ? 'info' : 'warning';
const common = { bundle: true, minify, sourcemap: !minify, legalComments: 'none', logLevel };
// Some libraries are CommonJS and ask for Node's own modules with `require`.
const banner = {
  js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
};
const node = { ...common, platform: 'node', target: 'node22', format: 'esm' };

/**
 * Whatever is loaded on demand is loaded after the start, so that all that the start reads lies in one file. Without
 * it, each part of the start that is needed on demand too becomes a file of its own, and VS Code reads twenty.
 */
const afterStart = {
  name: 'after-start',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' ? { path: join(resolveDir, path), namespace: 'after-start' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'after-start' }, ({ path }) => ({
      contents: `import ${JSON.stringify(resolve('src/extension.ts'))};\nexport * from ${JSON.stringify(path)};`,
      resolveDir: '.',
    }));
  },
};

/**
 * VS Code sends what an extension asks through the user's proxy, with the user's certificates, by the modules that it
 * gives to `require`; an `import` would get Node's own.
 */
const throughProxy = {
  name: 'through-proxy',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:https?$/ }, ({ path }) => ({ path, namespace: 'through-proxy' }));
    onLoad({ filter: /./, namespace: 'through-proxy' }, ({ path }) => ({
      contents: `import { createRequire } from 'node:module';
        const given = createRequire(import.meta.url)('${path}');
        export default given;
        export const { Agent, request } = given;`,
    }));
  },
};

/** Pictures of one color as the numbers they are drawn by; a page may not make elements of text. */
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
await cp('src/l10n', 'dist/l10n', { recursive: true });
const contexts = await Promise.all(
  [
    {
      ...node,
      entryPoints: ['src/extension.ts'],
      outdir: 'dist',
      external: ['vscode'],
      splitting: true,
      chunkNames: 'on-demand/[name]-[hash]',
      plugins: [afterStart, throughProxy],
    },
    {
      ...node,
      banner,
      entryPoints: { server: 'src/server/main.ts' },
      outdir: 'dist',
      // A local workspace's server does not read what only a team's needs.
      splitting: true,
      chunkNames: 'on-demand/server-[name]-[hash]',
    },
    { ...node, banner, entryPoints: ['src/api/index.ts'], outfile: 'dist/api.mjs' },
    // One file, which other programs start.
    { ...node, banner, entryPoints: { mcp: 'src/mcp/main.ts' }, outdir: 'dist' },
    {
      ...common,
      platform: 'browser',
      target: 'chrome140',
      format: 'iife',
      entryPoints: { contact: 'src/webview/contactPage.tsx' },
      outdir: 'dist/webview',
      plugins: [iconShapes],
    },
  ].map((options) => context(options)),
);

if (isWatching) {
  await Promise.allSettled(contexts.map((each) => each.rebuild()));
  await Promise.all(contexts.map((each) => each.watch()));
  // What the task in `.vscode/tasks.json` waits for.
  console.log('Watching for changes.');
} else {
  await Promise.all(contexts.map((each) => each.rebuild()));
  await Promise.all(contexts.map((each) => each.dispose()));
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { listFiles, PackageManager } from '@vscode/vsce';
import { imageSize } from 'image-size';
import { projectRoot } from '../harness/paths.ts';

const read = (path: string): Buffer => readFileSync(join(projectRoot, path));

describe('the page in a marketplace', () => {
  const manifest = JSON.parse(read('package.json').toString()) as Record<string, unknown>;

  it('has what both marketplaces ask for, and nothing that tells on its readers', () => {
    const { icon, galleryBanner, categories, keywords, license, qna } = manifest;
    const { width, height } = imageSize(read(String(icon)));
    assert.ok(width >= 128 && width === height, `${width} x ${height}`);
    assert.match((galleryBanner as { color: string }).color, /^#[0-9a-f]{6}$/);
    assert.ok(Array.isArray(categories) && categories.length > 0);
    // More than thirty are refused.
    assert.ok(Array.isArray(keywords) && keywords.length > 0 && keywords.length <= 30);
    assert.equal(license, 'MIT');
    assert.equal(qna, 'marketplace');
    // Pictures that others serve see who reads.
    assert.equal(manifest['badges'], undefined);
    assert.equal(manifest['sponsor'], undefined);
  });

  it('has pictures of its own only, which are no SVG, each with words for who does not see it', () => {
    for (const name of ['README.md', 'CHANGELOG.md']) {
      const pictures = [
        ...read(name)
          .toString()
          .matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g),
      ];
      for (const [, words, path] of pictures) {
        assert.ok((words ?? '').length > 10, path);
        assert.match(path ?? '', /^media\/.*\.(?:png|gif)$/);
        assert.ok(imageSize(read(path ?? '')).width > 0);
      }
      if (name === 'README.md') assert.ok(pictures.length > 0);
    }
  });

  it('comes with what runs, and with nothing else', async () => {
    const files = await listFiles({ cwd: projectRoot, packageManager: PackageManager.None });
    const known =
      /^(?:package(?:\.nls(?:\.[\w-]+)?)?\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/(?:extension|server|mcp)\.js|dist\/(?:on-demand|webview|l10n)\/[\w.-]+|media\/(?:walkthrough\/)?[\w-]+\.(?:png|svg))$/;
    assert.deepEqual(
      files.filter((file) => !known.test(file)),
      [],
    );
    for (const needed of ['dist/extension.js', 'dist/server.js', 'dist/mcp.js', 'LICENSE', String(manifest['icon'])])
      assert.ok(files.includes(needed), needed);
  });

  it('is taken by the program of Open VSX, which sends it whole', async () => {
    const vsix = join(projectRoot, 'contact-lookup.vsix');
    const sent: { path: string; body: Buffer }[] = [];
    const registry = createServer((asked, reply) => {
      buffer(asked).then((body) => {
        if (asked.method === 'POST') sent.push({ path: asked.url ?? '', body });
        reply.writeHead(201, { 'content-type': 'application/json' });
        reply.end(
          JSON.stringify({ namespace: manifest['publisher'], name: manifest['name'], version: '1', files: {} }),
        );
      }, reply.destroy.bind(reply));
    }).listen(0, '127.0.0.1');
    await once(registry, 'listening');
    try {
      const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
      const ovsx = createRequire(import.meta.url).resolve('ovsx/bin/ovsx');
      const publish = [ovsx, 'publish', vsix, '--registryUrl', url, '--pat', 'not-a-token'];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--no-warnings', ...publish], {
        timeout: 120_000,
      });
      assert.match(stdout, /Published/, stderr);
      assert.equal(stderr, '');
    } finally {
      registry.close();
    }
    assert.deepEqual(
      sent.map(({ path }) => new URL(path, 'http://registry').pathname),
      ['/api/-/publish'],
    );
    assert.ok(sent[0]?.body.equals(readFileSync(vsix)));
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
});

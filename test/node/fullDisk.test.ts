import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './support/app.ts';
import { randomSeed } from './support/randomSeed.ts';

const namespace = ['--map-root-user', '--mount'];
const points = Number(process.env['POINTS'] ?? 50);

describe('a disk that is full', () => {
  it(`loses nothing that was answered, at ${points} points, and says what is wrong`, function () {
    // A disk of its own, of any size, can be had without being root on Linux alone.
    if (spawnSync('unshare', [...namespace, 'true']).status !== 0) this.skip();
    const folder = temporaryDirectory();
    const script = fileURLToPath(new URL('support/fillDisk.ts', import.meta.url));
    const { stdout, stderr } = spawnSync(
      'unshare',
      [...namespace, process.execPath, script, folder, String(points), String(randomSeed())],
      { encoding: 'utf8' },
    );
    rmSync(folder, { recursive: true, force: true });
    assert.equal(stderr, '');
    const report = JSON.parse(stdout) as Record<string, number> & { wrong: string[] };
    assert.deepEqual(report.wrong, []);
    assert.ok((report['acknowledged'] ?? 0) > points, JSON.stringify(report));
    assert.ok((report['writes'] ?? 0) >= points - 1, JSON.stringify(report));
  });
});

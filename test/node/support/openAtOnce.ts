/** node openAtOnce.ts FOLDER START COUNT: opens COUNT new stores, each at the moment that other processes do. */
import { join } from 'node:path';
import { SqliteStore } from '../../../src/server/store/sqlite/sqliteStore.ts';

const [folder = '', start = '0', count = '0'] = process.argv.slice(2);
const intervalMs = 60;

for (let n = 0; n < Number(count); n++) {
  const moment = Number(start) + n * intervalMs;
  // Spinning, because a timer would wake the processes one after another.
  while (Date.now() < moment);
  await SqliteStore.open(join(folder, String(n))).close();
}

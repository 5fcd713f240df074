import { rmSync } from 'node:fs';
import { temporaryDirectory } from '../node/support/app.ts';
import { startServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { spreadOf, type BenchRow } from './statistics.ts';

const processes = 4;
const writesEach = 500;
const runs = 5;
const maxMs = 250;

/** Several windows that change contacts of one workspace all at once: how long each change takes, the worst above all. */
export async function benchWriters(): Promise<BenchRow[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(...(await writeAtOnce()));
  const spread = spreadOf(times);
  const bound = { text: `the worst under ${maxMs} ms`, holds: spread.max < maxMs };
  return [{ name: `update, ${processes} processes at once`, unit: 'ms', spread, bound }];
}

async function writeAtOnce(): Promise<number[]> {
  const directory = temporaryDirectory();
  const servers: ServerProcess[] = [await startServer(directory, '--seed', String(processes))];
  while (servers.length < processes) servers.push(await startServer(directory));
  const times: number[] = [];
  await Promise.all(
    servers.map(async (server, index) => {
      const service = server.service();
      const { items } = await service.list({ limit: 1, skip: index });
      for (let n = 0; n < writesEach; n++) {
        const started = performance.now();
        // One that is refused ends the bench.
        await service.update(items[0]?.id ?? '', { remark: String(n) });
        times.push(performance.now() - started);
      }
      service.dispose();
    }),
  );
  for (const server of servers) await server.kill();
  rmSync(directory, { recursive: true, force: true });
  return times;
}

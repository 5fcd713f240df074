/**
 * Imports a file into a workspace and is killed at one of the calls that write; without a number it says which those
 * are. It prints `committed` for each transaction that it was told is on disk.
 *
 *     node importUntilKilled.ts FOLDER FILE [CALL [tooEarly]]
 *
 * @param tooEarly it says so before COMMIT, as a store would that is wrong.
 */
import { writeSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { importFile } from '../../../src/server/imports/importFile.ts';
import { SqliteStore } from '../../../src/server/store/sqlite/sqliteStore.ts';

const [folder = '', file = '', fatal, tooEarly] = process.argv.slice(2);
type Method = (this: Partial<StatementSync>, ...parameters: unknown[]) => unknown;

const calls: string[] = [];

function beforeCall(sql: string): void {
  if (calls.push(sql) - 1 === Number(fatal)) process.kill(process.pid, 'SIGKILL');
}

const store = SqliteStore.open(folder);
for (const prototype of [StatementSync.prototype, DatabaseSync.prototype] as unknown as Record<string, Method>[]) {
  for (const name of ['run', 'exec']) {
    const method = prototype[name];
    if (method === undefined) continue;
    prototype[name] = function counted(this: Partial<StatementSync>, ...parameters: unknown[]) {
      beforeCall(this.sourceSQL ?? String(parameters[0]));
      return method.apply(this, parameters);
    };
  }
}
const say = (): number => writeSync(1, 'committed\n');
const transaction = store.transaction.bind(store);
store.transaction = async (work) => {
  const result = await transaction(async (tx) => {
    const done = await work(tx);
    if (tooEarly !== undefined) say();
    return done;
  });
  if (tooEarly === undefined) say();
  return result;
};
await importFile(store, file);
if (fatal === undefined) writeSync(1, JSON.stringify(calls));

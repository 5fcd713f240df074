/** What the command line says. */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** The command line cannot be followed; the message says why. */
export class UsageError extends Error {}

interface CommonOptions {
  token: string;
  seed: number;
  import: string | undefined;
}

/** For the workspace of one machine, in a folder of it. */
export interface LocalOptions extends CommonOptions {
  port: number;
  data: string;
  users: string | undefined;
  restore: string | undefined;
  setAside: boolean;
  acceptLoss: boolean;
  /** The workspace is a mirror of another server's contacts, which fills it. */
  mirror: boolean;
}

/** For the contacts of a team, in a database. */
export interface TeamOptions extends Omit<CommonOptions, 'token'> {
  database: string;
  address: string;
  port: number;
  /** Where people reach the server, with no path: TLS ends at a proxy in front of it. */
  publicUrl: URL | undefined;
  /** The addresses of proxies, which are believed when they say who asks. */
  trustedProxies: ReadonlySet<string>;
  /** Where Prometheus finds the metrics, if anywhere. */
  metrics: { address: string; port: number } | undefined;
  /** What opens the first organization, where that was wanted. */
  token: string | undefined;
}

const loopback = new Set(['127.0.0.1', '::1']);
/** Where the address of the database is when it is not on the command line, which others of the machine can read. */
const databaseVariable = 'CONTACT_LOOKUP_DATABASE';
const onlyLocal = ['data', 'users', 'restore', 'set-aside', 'accept-loss', 'mirror'] as const;
const onlyTeam = ['listen', 'public-url', 'trusted-proxy', 'metrics'] as const;

/** @throws {UsageError} */
export function readOptions(parameters: readonly string[]): { local: LocalOptions } | { team: TeamOptions } {
  const values = parse(parameters);
  if (values.token === '') throw new UsageError('--token must not be empty');
  const { import: file, token } = values;
  const seed = wholeNumber('--seed', values.seed ?? '0', 10_000_000);
  const database = values.database === undefined ? undefined : databaseIn(values.database);
  const misplaced = (database === undefined ? onlyTeam : onlyLocal).find((name) => values[name] !== undefined);
  if (misplaced !== undefined) {
    throw new UsageError(`--${misplaced} goes ${database === undefined ? 'only' : 'not'} with --database`);
  }
  if (database !== undefined) {
    return { team: { database, token, seed, import: file, ...publicOptions(values) } };
  }
  return {
    local: {
      data: values.data ?? join(process.cwd(), 'contact-data'),
      port: wholeNumber('--port', values.port ?? '0', 65_535),
      token: token ?? randomBytes(32).toString('base64url'),
      seed,
      import: file,
      users: values.users,
      restore: values.restore,
      setAside: values['set-aside'] ?? false,
      acceptLoss: values['accept-loss'] ?? false,
      mirror: values.mirror ?? false,
    },
  };
}

/** The database's address: what was given, or what the environment says where `given` is empty. @throws {UsageError} */
export function databaseIn(given: string): string {
  const database = given === '' ? (process.env[databaseVariable] ?? '') : given;
  if (/^postgres(?:ql)?:\/\//.test(database)) return database;
  throw new UsageError(`--database needs an address, postgres://…, or --database= with it in ${databaseVariable}`);
}

type Values = ReturnType<typeof parse>;

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        data: { type: 'string' },
        database: { type: 'string' },
        port: { type: 'string' },
        token: { type: 'string' },
        seed: { type: 'string' },
        import: { type: 'string' },
        users: { type: 'string' },
        restore: { type: 'string' },
        'set-aside': { type: 'boolean' },
        'accept-loss': { type: 'boolean' },
        mirror: { type: 'boolean' },
        listen: { type: 'string' },
        'public-url': { type: 'string' },
        'trusted-proxy': { type: 'string', multiple: true },
        metrics: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function publicOptions(
  values: Values,
): Pick<TeamOptions, 'address' | 'port' | 'publicUrl' | 'trustedProxies' | 'metrics'> {
  const { listen, port } = values;
  if (listen !== undefined && port !== undefined) throw new UsageError('--listen says the port too');
  const socket = socketIn('--listen', listen ?? '127.0.0.1:0');
  if (port !== undefined) socket.port = wholeNumber('--port', port, 65_535);
  const { address } = socket;
  const publicUrl = publicUrlIn(values['public-url']);
  if (!loopback.has(address) && publicUrl === undefined) {
    throw new UsageError('Beyond this machine the server is reached by TLS: name it with --public-url https://…');
  }
  if (publicUrl !== undefined && values.token !== undefined) {
    throw new UsageError('--token opens the first organization on this machine alone; in public, people sign in');
  }
  const proxies = values['trusted-proxy'] ?? [];
  const wrong = proxies.find((proxy) => isIP(proxy) === 0);
  if (wrong !== undefined) throw new UsageError(`--trusted-proxy needs an address: ${wrong}`);
  const metrics = values.metrics === undefined ? undefined : socketIn('--metrics', values.metrics);
  return { ...socket, publicUrl, trustedProxies: new Set(proxies), metrics };
}

function socketIn(name: string, text: string): { address: string; port: number } {
  const [, address = '', port = ''] = /^\[?([\d.:a-f]+?)\]?:(\d+)$/i.exec(text) ?? [];
  if (isIP(address) === 0) throw new UsageError(`${name} needs ADDRESS:PORT`);
  return { address, port: wholeNumber('the port', port, 65_535) };
}

function publicUrlIn(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || `${url.origin}/` !== url.href) {
    throw new UsageError('--public-url needs https:// and a name, with no path');
  }
  return url;
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = /^\d{1,8}$/.test(text) ? Number(text) : NaN;
  if (!(value <= max)) throw new UsageError(`${name} must be a whole number up to ${max}`);
  return value;
}

import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { exitOf } from '../processes.ts';
import type { GatewayRequest } from './gatewayApp.ts';
import type { MediaRequest } from './mediaOrigin.ts';
import type { GatewayBehavior } from './gatewayBehavior.ts';

export interface GatewayLog {
  requests: GatewayRequest[];
  /** What the second origin was asked for. */
  media: MediaRequest[];
  /** Every write that was done, as `what id text`. */
  ledger: string[];
}

export interface Gateway {
  url: string;
  /** The second origin. */
  media: string;
  /** An API key. */
  key: string;
  /** Changes how it behaves from now on. */
  behave(behavior: Partial<GatewayBehavior>): Promise<void>;
  log(): Promise<GatewayLog>;
  stop(): Promise<void>;
}

/**
 * Starts the stand-in for the hosted gateway.
 * @param mediaHost the address of the second origin.
 * @param contacts how many it has; as many as were seen where nothing is said.
 */
export async function startGateway(
  behavior: Partial<GatewayBehavior> = {},
  mediaHost = '127.0.0.1',
  contacts?: number,
): Promise<Gateway> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = fork(
    main,
    ['--media-host', mediaHost, ...(contacts === undefined ? [] : ['--contacts', String(contacts)])],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const ended = exitOf(child);
  const { stdout } = child;
  if (stdout === null) throw new Error('The gateway has no output');
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: stdout }).once('line', resolve);
    void ended.then(() => reject(new Error('The gateway ended')));
  });
  const ask = (message: { behavior?: Partial<GatewayBehavior> }): Promise<GatewayLog> =>
    new Promise((resolve) => {
      child.once('message', (answer) => resolve(answer as GatewayLog));
      child.send(message);
    });
  await ask({ behavior });
  return {
    ...(JSON.parse(line) as { url: string; media: string; key: string }),
    behave: async (changed) => {
      await ask({ behavior: changed });
    },
    log: () => ask({}),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

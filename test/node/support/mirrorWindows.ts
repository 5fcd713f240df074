import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ContactChanges } from '../../../src/api/contactChanges.ts';
import type { SyncPace } from '../../../src/api/mirror/syncState.ts';
import type { Contact } from '../../../src/api/decode/contact.ts';
import type { Page } from '../../../src/api/decode/page.ts';
import type { MirrorState } from '../../../src/contract/mirror.ts';
import type { Gateway } from '../../harness/gateway/startGateway.ts';
import { exitOf } from '../../harness/processes.ts';

/** What can be asked of a window, and what it takes. */
export interface WindowCall {
  state: undefined;
  access: undefined;
  look: undefined;
  update: { id: string; changes: ContactChanges };
  create: ContactChanges;
  delete: { id: string };
  get: { id: string };
  search: { q: string };
  list: { skip: number };
  loseMirror: undefined;
  close: undefined;
}

interface Results {
  state: MirrorState;
  access: { url: string; token: string };
  look: void;
  update: { contact: Contact };
  create: Contact;
  delete: void;
  get: Contact;
  search: Page<Contact>;
  list: Page<Contact>;
  loseMirror: void;
  close: void;
}

export interface WindowAnswer {
  number: number;
  serverPid?: number | undefined;
  result?: unknown;
  fault?: string;
}

/** The window, or its server, did not do what it was asked. */
export class WindowFault extends Error {}

export class MirrorWindow {
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private readonly waiting = new Map<number, PromiseWithResolvers<unknown>>();
  private readonly started = Promise.withResolvers<number>();
  private asked = 0;

  private constructor(child: ChildProcess) {
    this.child = child;
    this.ended = exitOf(child).then(() => {
      this.started.reject(new WindowFault('ended'));
      for (const each of this.waiting.values()) each.reject(new WindowFault('ended'));
    });
    this.started.promise.catch(() => undefined);
    child.on('message', ({ number, serverPid, result, fault }: WindowAnswer) => {
      if (serverPid !== undefined) this.started.resolve(serverPid);
      const waiting = this.waiting.get(number);
      this.waiting.delete(number);
      if (fault === undefined) waiting?.resolve(result);
      else waiting?.reject(new WindowFault(fault));
    });
  }

  static async open(data: string, gateway: Gateway, pace: Partial<SyncPace>): Promise<MirrorWindow> {
    const module = fileURLToPath(new URL('mirrorWindow.ts', import.meta.url));
    const window = new MirrorWindow(fork(module, [data, gateway.url, gateway.key, JSON.stringify(pace)]));
    await window.started.promise;
    return window;
  }

  /** @throws {WindowFault} */
  ask<Name extends keyof WindowCall>(
    name: Name,
    ...[call]: undefined extends WindowCall[Name] ? [] : [WindowCall[Name]]
  ): Promise<Results[Name]> {
    const number = ++this.asked;
    const waiting = Promise.withResolvers<unknown>();
    this.waiting.set(number, waiting);
    this.child.send({ number, name, call });
    return waiting.promise as Promise<Results[Name]>;
  }

  /** Ends the window as a crash does; its server ends because its parent is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends the server alone, as a crash does. */
  async killServer(): Promise<void> {
    process.kill(await this.started.promise, 'SIGKILL');
  }

  async close(): Promise<void> {
    await this.ask('close').catch(() => undefined);
    this.child.disconnect();
    await this.ended;
  }
}

/** @throws when it does not become so in time. */
export async function until(isSo: () => Promise<boolean>, what: string, limitMs = 300_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

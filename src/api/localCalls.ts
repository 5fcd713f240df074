import * as v from 'valibot';
import { localPrefix } from '../contract/vocabulary.ts';
import { Transport, type TransportOptions } from './transport.ts';

/** Bytes. */
const maxJsonBytes = 20_000_000;

/** Calls of routes that only our own server on this machine has, each answer as its schema says. */
export class LocalCalls {
  private readonly transport: Transport;

  constructor(options: TransportOptions) {
    this.transport = new Transport(options);
  }

  dispose(): void {
    this.transport.dispose();
  }

  get<T>(pathTemplate: string, path: string, schema: v.GenericSchema<unknown, T>): Promise<T> {
    return this.request({ method: 'GET', pathTemplate, path: `${localPrefix}${path}` }, schema);
  }

  /** @param body what takes long is asked for with it, so the answer is waited for as one to an upload. */
  send<T>(
    method: 'POST' | 'PUT',
    { pathTemplate, path = pathTemplate }: { pathTemplate: string; path?: string },
    body: object,
    schema: v.GenericSchema<unknown, T>,
  ): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const whole = { method, pathTemplate, path: `${localPrefix}${path}`, headers, isUpload: true } as const;
    const text = JSON.stringify(body);
    return this.request({ ...whole, body: () => text }, schema);
  }

  private request<T>(request: Parameters<Transport['send']>[0], schema: v.GenericSchema<unknown, T>): Promise<T> {
    return this.transport.send(request, async (answer) => {
      const decoded = v.safeParse(schema, await answer.json(maxJsonBytes));
      if (!decoded.success) throw answer.failure('settled', 'badReply', { reason: 'shape' });
      return decoded.output;
    });
  }
}

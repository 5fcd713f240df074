/** What the team's server asks PostgreSQL. */
import { Client } from 'pg';

/** A statement that was run for an organization, with the values that it had first. */
export interface Recorded {
  sql: string;
  values: unknown[];
}

/** The statements about an organization that are run during `work`, each once. */
export async function recording(work: () => Promise<void>): Promise<Recorded[]> {
  const found = new Map<string, unknown[]>();
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the client it belongs to
  const { query } = Client.prototype;
  Client.prototype.query = function recorded(this: Client, ...parameters: unknown[]) {
    const [config, values] = parameters as [{ text: string; values: unknown[] } | string, unknown[] | undefined];
    const [sql, bound = []] = typeof config === 'string' ? [config, values] : [config.text, config.values];
    if (/organization_id/.test(sql)) found.set(sql, found.get(sql) ?? bound);
    return Reflect.apply(query, this, parameters) as unknown;
  } as typeof query;
  try {
    await work();
  } finally {
    Client.prototype.query = query;
  }
  return [...found].map(([sql, values]) => ({ sql, values }));
}

import { isObject, type JsonObject } from '../../contract/json.ts';

/** Told of every value that was left out because it is not of the type the contract gives it. */
export type OnDropped = (path: string, problem: string) => void;

/** A record as servers send it: every field may be missing, empty or null, and is absent then. */
export type Sent<T> = { readonly [Key in keyof T]?: NonNullable<T[Key]> | undefined };

/** Reads one JSON object field by field: what is missing, null or empty is absent, a wrong type is dropped. */
export class ObjectReader {
  readonly value: JsonObject;
  private readonly path: string;
  private readonly onDropped: OnDropped;

  constructor(value: JsonObject, path: string, onDropped: OnDropped) {
    this.value = value;
    this.path = path;
    this.onDropped = onDropped;
  }

  /** The first of `names` that holds text. */
  text(...names: string[]): string | undefined {
    return this.first(names, 'text', (value) => (typeof value === 'string' ? value : undefined));
  }

  number(...names: string[]): number | undefined {
    return this.first(names, 'a number', (value) => {
      const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
    });
  }

  boolean(...names: string[]): boolean | undefined {
    return this.first(names, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  object(...names: string[]): ObjectReader | undefined {
    return this.first(names, 'an object', (value, name) =>
      isObject(value) ? new ObjectReader(value, `${this.path}.${name}`, this.onDropped) : undefined,
    );
  }

  /** The items of a list that `read` can make something of; the rest is dropped, one by one. */
  list<T>(name: string, read: (item: unknown, path: string) => T | undefined): T[] {
    const items = this.first([name], 'a list', (value) => (Array.isArray(value) ? (value as unknown[]) : undefined));
    return readItems(items ?? [], `${this.path}.${name}`, this.onDropped, read);
  }

  private first<T>(
    names: readonly string[],
    wanted: string,
    read: (value: unknown, name: string) => T | undefined,
  ): T | undefined {
    for (const name of names) {
      const value = Object.hasOwn(this.value, name) ? this.value[name] : undefined;
      if (value === undefined || value === null || value === '') continue;
      const result = read(value, name);
      if (result !== undefined) return result;
      this.onDropped(`${this.path}.${name}`, `not ${wanted}`);
    }
    return undefined;
  }
}

export function readItems<T>(
  items: readonly unknown[],
  path: string,
  onDropped: OnDropped,
  read: (item: unknown, path: string) => T | undefined,
): T[] {
  const results: T[] = [];
  for (const [index, item] of items.entries()) {
    const result = read(item, `${path}[${index}]`);
    if (result === undefined) onDropped(`${path}[${index}]`, 'not readable');
    else results.push(result);
  }
  return results;
}

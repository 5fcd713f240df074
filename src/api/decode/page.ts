import { isObject } from '../../contract/json.ts';
import { ObjectReader, readItems, type OnDropped } from './primitives.ts';

export interface PageRequest {
  limit?: number | undefined;
  skip?: number | undefined;
}

/** One page of a listing. */
export interface Page<T> {
  items: readonly T[];
  /** How many match in all; absent where the server does not say. */
  totalMatching: number | undefined;
  /** Where the server stopped counting before all that match. */
  countedAtLeast?: number;
  hasMore: boolean;
  /** Of a search that matches nobody: these come nearest. */
  isNear?: boolean;
  /** The server has left out whom the filter that it was given does not mean; few know of one. */
  isFiltered?: boolean;
  /** The labels that any contact has, where they were asked for and the server knows of that. */
  labelsInUse?: readonly string[];
  /** Rows that the server sent, those that could not be read included. */
  received: number;
}

/**
 * Every list shape of the contract's section 4.1: the gateway's envelope (`count` matches in all, `total` on this
 * page), the SDK's (`total` matches in all), `{data}`, `{items}`, and a bare array.
 * @returns `undefined` when `body` is no list at all.
 */
export function decodePage<T>(
  body: unknown,
  request: PageRequest,
  onDropped: OnDropped,
  decode: (value: unknown, path: string, onDropped: OnDropped) => T | undefined,
): Page<T> | undefined {
  const rows = rowsOf(body);
  if (rows === undefined) return undefined;
  const items = readItems(rows, 'list', onDropped, (value, path) => decode(value, path, onDropped));
  const envelope = isObject(body) ? new ObjectReader(body, 'list', onDropped) : undefined;
  const counts = [envelope?.number('count'), envelope?.number('total')].filter((count) => count !== undefined);
  // The gateway's count is never below its total, and the SDK has a total only: the larger is what matches.
  const isExact = envelope?.boolean('count_is_exact') !== false;
  const counted = counts.length > 0 ? Math.max(...counts, rows.length) : undefined;
  const totalMatching = isExact ? counted : undefined;
  return {
    items,
    totalMatching,
    ...(isExact || counted === undefined ? {} : { countedAtLeast: counted }),
    ...(envelope?.boolean('is_near') === true ? { isNear: true } : {}),
    ...(envelope?.boolean('is_filtered') === true ? { isFiltered: true } : {}),
    ...(isObject(body) && Array.isArray(body['labels_in_use']) ? { labelsInUse: texts(body['labels_in_use']) } : {}),
    hasMore: envelope?.boolean('has_more') ?? guessHasMore(rows.length),
    received: rows.length,
  };

  function guessHasMore(received: number): boolean {
    if (totalMatching !== undefined) return (request.skip ?? 0) + received < totalMatching;
    return request.limit !== undefined && received >= request.limit;
  }
}

const texts = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string');

/** The rows of any of them; `undefined` of what is no list. */
export function rowsOf(body: unknown): unknown[] | undefined {
  if (Array.isArray(body)) return body;
  if (!isObject(body)) return undefined;
  const { data, items } = body;
  const rows = data ?? items;
  if (Array.isArray(rows)) return rows;
  // Every field may be null (contract, section 4).
  return rows === null || (rows === undefined && data === null) ? [] : undefined;
}

/** A record may come alone or as `{"data": record}`. */
export const unwrapped = (body: unknown): unknown => (isObject(body) && isObject(body['data']) ? body['data'] : body);

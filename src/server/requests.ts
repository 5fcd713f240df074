/** Reads what a request asks for, and refuses what it may not ask. */
import type { Context } from 'hono';
import { maxPageSize } from '../contract/vocabulary.ts';
import { badRequest, HttpProblem } from './httpProblem.ts';
import { sortableColumns, type PageRequest, type Sort } from './store/records.ts';

const defaultPageSize = 10;
const maxSkip = 100_000_000;
const maxTextLength = 20_000;

export const pageRequest = (c: Context): PageRequest => ({
  limit: wholeNumber(c, 'limit', 1, maxPageSize) ?? defaultPageSize,
  skip: wholeNumber(c, 'skip', 0, maxSkip) ?? 0,
});

export function wholeNumber(c: Context, name: string, min: number, max: number): number | undefined {
  const text = c.req.query(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) throw badRequest(`${name} must be a whole number from ${min} to ${max}`);
  return value;
}

/** `sort=-created_at`: a minus is descending. */
export function sortOf(c: Context): Sort | undefined {
  const text = c.req.query('sort');
  if (text === undefined || text === '') return undefined;
  const descending = text.startsWith('-');
  const column = descending ? text.slice(1) : text;
  if (!sortableColumns.has(column)) throw badRequest('sort names no column of a contact');
  return { column, descending };
}

/** One comma-separated value, or the parameter repeated. */
export const channelTypesOf = (c: Context): string[] =>
  (c.req.queries('channel_types') ?? [])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter(Boolean);

/** A day as `YYYY-MM-DD`. */
export function dayOf(c: Context, name: string): string | undefined {
  const text = c.req.query(name);
  if (text === undefined || text === '') return undefined;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  if (!isDay) throw badRequest(`${name} must be a day as YYYY-MM-DD`);
  return text;
}

/** The JSON of a write's body, which must say that it is JSON: a form of another site cannot. */
export async function jsonBody(c: Context): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw new HttpProblem(415, 'The body must be application/json');
  }
  try {
    return (await c.req.json()) as unknown;
  } catch (cause) {
    throw new HttpProblem(400, 'The body is not valid JSON', { cause });
  }
}

export async function jsonObject(c: Context): Promise<Record<string, unknown>> {
  const body = await jsonBody(c);
  if (!isObject(body)) throw badRequest('The body must be a JSON object');
  return body;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text under the first of `names` that is there; null means not set. */
export function textIn(body: Record<string, unknown>, ...names: string[]): string | undefined {
  const name = names.find((candidate) => body[candidate] !== undefined);
  if (name === undefined) return undefined;
  const value = body[name] ?? '';
  if (typeof value !== 'string') throw badRequest(`${name} must be text`);
  if (value.length > maxTextLength) throw badRequest(`${name} is longer than ${maxTextLength} characters`);
  return value;
}

/** Labels as texts or as `{name}`. */
export function labelsIn(body: Record<string, unknown>): string[] | undefined {
  const value = body['labels'];
  if (value === undefined) return undefined;
  if (value === null) return [];
  const labels = Array.isArray(value) ? value.map((label: unknown) => (isObject(label) ? label['name'] : label)) : [0];
  if (!labels.every((label) => typeof label === 'string')) throw badRequest('labels must be a list of text');
  return labels;
}

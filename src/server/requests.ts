/** Reads what a request asks for, and refuses what it may not ask. */
import type { Context } from 'hono';
import * as v from 'valibot';
import { maxPageSize } from '../contract/vocabulary.ts';
import { badRequest, HttpProblem } from './httpProblem.ts';
import { sortableColumns } from './store/records.ts';

const maxSkip = 100_000_000;

/** A whole number that is written as one. */
export function wholeNumber(min: number, max: number) {
  const fault = `must be a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, fault),
    v.transform(Number),
    v.minValue(min, fault),
    v.maxValue(max, fault),
  );
}

export const pageQuery = v.object({
  limit: v.optional(wholeNumber(1, maxPageSize), '10'),
  skip: v.optional(wholeNumber(0, maxSkip), '0'),
});

/** Empty means the same as not there. */
const orNothing = <Output>(schema: v.GenericSchema<string, Output>) =>
  v.optional(
    v.union([
      v.pipe(
        v.literal(''),
        v.transform(() => undefined),
      ),
      schema,
    ]),
  );

/** `sort=-created_at`: a minus is descending. */
export const sortQuery = v.object({
  sort: orNothing(
    v.pipe(
      v.string(),
      v.transform((text) => ({ column: text.replace(/^-/, ''), descending: text.startsWith('-') })),
      v.check(({ column }) => sortableColumns.has(column), 'names no column of a contact'),
    ),
  ),
});

export const typeQuery = v.object({ type: v.optional(wholeNumber(0, 999)) });

const day = v.pipe(
  v.string(),
  v.check(
    (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)),
    'must be a day as YYYY-MM-DD',
  ),
);
export const daysQuery = v.object({ start_date: orNothing(day), end_date: orNothing(day) });

/** A conversation by its id, or by that of a team's view of it (contract, section 7). */
export const messagesQuery = v.pipe(
  v.object({ conversation_id: orNothing(v.string()), q: orNothing(v.string()) }),
  v.check(({ conversation_id, q }) => (conversation_id ?? q) !== undefined, 'conversation_id must be an id'),
);

/** One comma-separated value, or the parameter repeated. */
export const channelTypesOf = (c: Context): string[] =>
  (c.req.queries('channel_types') ?? [])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter(Boolean);

/** What a request's query asks for. @throws {HttpProblem} 400 */
export const queryOf = <Schema extends v.GenericSchema>(c: Context, schema: Schema): v.InferOutput<Schema> =>
  accepted(c.req.query(), schema);

/**
 * The JSON of a write's body, which must say that it is JSON: a form of another site cannot.
 * @throws {HttpProblem} 400, 415
 */
export async function bodyOf<Schema extends v.GenericSchema>(
  c: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw new HttpProblem(415, 'The body must be application/json');
  }
  let body: unknown;
  try {
    body = await c.req.json();
  } catch (cause) {
    throw new HttpProblem(400, 'The body is not valid JSON', { cause });
  }
  return accepted(body, schema);
}

function accepted<Schema extends v.GenericSchema>(value: unknown, schema: Schema): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const [{ message, path = [] }] = issues;
  throw badRequest([...path.map(({ key }) => String(key)), message].join(' '));
}

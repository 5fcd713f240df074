import type { Contact } from '../../api/decode/contact.ts';
import { digitsOf, fold } from '../../contract/folding.ts';
import { channelTypes } from '../../contract/vocabulary.ts';
import { timeRange, type TimeRange } from './timeRange.ts';

/** What can be said of a contact beside plain words: `label:vip`, `-has:email`, `seen:<7d`. */
export const operatorNames = [
  'label',
  'channel',
  'company',
  'position',
  'location',
  'name',
  'email',
  'phone',
  'remark',
  'language',
  'has',
  'seen',
  'created',
  'changed',
] as const;
export type OperatorName = (typeof operatorNames)[number];

/** What `has:` asks for, each with the field that is then not empty. */
export const hasKinds = {
  email: ({ email }: Contact) => email,
  phone: ({ phone_number }: Contact) => phone_number,
  company: ({ company_name }: Contact) => company_name,
  position: ({ position }: Contact) => position,
  location: ({ location }: Contact) => location,
  birthday: ({ birthday }: Contact) => birthday,
  remark: ({ remark }: Contact) => remark,
  picture: ({ avatar_url }: Contact) => avatar_url,
  label: ({ labels }: Contact) => labels[0],
} as const;

/** A part of a query that cannot be meant, with what was typed. */
export interface QueryFault {
  kind: 'unknown' | 'noValue' | 'noTime' | 'noKind' | 'noChannel';
  typed: string;
}

export interface ParsedQuery {
  /** What is searched for by words; empty for none. */
  text: string;
  /** Whether the conditions let a contact through. */
  matches: (contact: Contact) => boolean;
  hasConditions: boolean;
  /** What of the conditions a server can be asked for: a channel, and a label as it was typed. */
  channel?: string;
  label?: string;
  /** Whether there are others. */
  hasOthers: boolean;
  faults: readonly QueryFault[];
  /**
   * What to search for where that finds nobody: the name before an address that was pasted; what is before the first
   * letters of an exclusion, which may be under way.
   */
  fallback?: string;
}

type TextField =
  | 'display_name'
  | 'first_name'
  | 'last_name'
  | 'company_name'
  | 'position'
  | 'location'
  | 'email'
  | 'remark';
type Test = (contact: Contact) => boolean;

/** A word, a text in quotes, or a name with either behind a colon. */
const tokens = /(-?)(?:([a-z]+):(?!\/\/))?(?:"([^"]*)"?|([^\s"]+))?/giu;
/** What people paste that only looks like an operator. */
const schemes: ReadonlySet<string> = new Set([
  'tel',
  'mailto',
  'sms',
  'http',
  'https',
  'urn',
  'ext',
  're',
  'fwd',
  'aw',
]);

/**
 * A query as its words and conditions. What is wrong in it is left out and told, so that half a query finds something.
 * A mail program's `Ana Lim <ana@x.example>` is the address alone.
 * @param now what `seen:<7d` is counted from; times are of the user's own time zone.
 */
export function parseQuery(query: string, now = new Date()): ParsedQuery {
  const [, before = '', address] = /^([^<>]*)<([^<>\s@]+@[^<>\s@]+)>[\s,;]*$/.exec(query) ?? [];
  if (address !== undefined) {
    const fallback = wordsOf([before.replaceAll('"', '')]);
    return { text: address, matches: () => true, hasConditions: false, hasOthers: false, faults: [], fallback };
  }
  const words: string[] = [];
  const tests: Test[] = [];
  const faults: QueryFault[] = [];
  const asked: { channel?: string; label?: string } = {};
  for (const [typed, minus = '', name, quoted, bare] of query.matchAll(tokens)) {
    if (typed === '') continue;
    const value = (quoted ?? bare ?? '').trim();
    const operator = operatorNames.find((each) => each === name?.toLowerCase());
    if (operator === undefined) {
      if (name !== undefined && !schemes.has(name.toLowerCase()) && /^\p{L}/u.test(value)) {
        faults.push({ kind: 'unknown', typed: `${name}:` });
      }
      words.push(quoted === undefined ? typed : quoted);
      continue;
    }
    const test = value === '' ? fault('noValue', `${operator}:`) : testOf(operator, value, now);
    if (typeof test !== 'function') {
      faults.push(test);
      continue;
    }
    tests.push(minus === '' ? test : (contact) => !test(contact));
    if (minus === '' && (operator === 'channel' || operator === 'label')) asked[operator] ??= value.toLowerCase();
  }
  return {
    text: wordsOf(words),
    matches: (contact) => tests.every((test) => test(contact)),
    hasConditions: tests.length > 0,
    ...asked,
    hasOthers: tests.length > Object.keys(asked).length,
    faults,
    ...(words.length > 1 && mayBecomeExclusion(query) ? { fallback: wordsOf(words.slice(0, -1)) } : {}),
  };
}

/** Whether the end is `-`, or `-h` of `-has:`. */
function mayBecomeExclusion(query: string): boolean {
  const [, letters] = /(?:^|\s)-([a-z]*)$/i.exec(query) ?? [];
  return letters !== undefined && operatorNames.some((name) => name.startsWith(letters.toLowerCase()));
}

const fault = (kind: QueryFault['kind'], typed: string): QueryFault => ({ kind, typed });

/** `Fletcher, James` is the same as without its comma; a comma within a word stays. */
const wordsOf = (words: readonly string[]): string =>
  words
    .join(' ')
    .replace(/[,;](?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

function testOf(operator: OperatorName, value: string, now: Date): Test | QueryFault {
  const wanted = fold(value);
  const holds =
    (...fields: readonly TextField[]): Test =>
    (contact) =>
      fields.some((field) => fold(contact[field] ?? '').includes(wanted));
  switch (operator) {
    case 'label':
      return ({ labels }) => labels.some((label) => fold(label) === wanted);
    case 'channel': {
      const channel = channelTypes.find((each) => each === value.toLowerCase());
      return channel === undefined
        ? fault('noChannel', value)
        : ({ channel_type }) => channel_type?.toLowerCase() === channel;
    }
    case 'company':
      return holds('company_name');
    case 'name':
      return holds('display_name', 'first_name', 'last_name');
    case 'phone': {
      const digits = digitsOf(value);
      if (digits === '') return fault('noValue', 'phone:');
      return ({ area_code = '', phone_number = '' }) =>
        `${area_code}${phone_number}`.replace(/\D/g, '').includes(digits);
    }
    case 'language':
      return ({ language = '' }) => fold(language).split(/[-_]/)[0] === wanted || fold(language) === wanted;
    case 'has': {
      const kind = value.toLowerCase();
      if (!isHasKind(kind)) return fault('noKind', value);
      return (contact) => (hasKinds[kind](contact) ?? '') !== '';
    }
    case 'seen':
      return within('last_seen', value, now);
    case 'created':
      return within('created_at', value, now);
    case 'changed':
      return within('updated_at', value, now);
    default:
      return holds(operator);
  }
}

const isHasKind = (kind: string): kind is keyof typeof hasKinds => Object.hasOwn(hasKinds, kind);

function within(field: 'last_seen' | 'created_at' | 'updated_at', value: string, now: Date): Test | QueryFault {
  if (value.toLowerCase() === 'never') return (contact) => contact[field] === undefined;
  const range = timeRange(value, now);
  return range === undefined ? fault('noTime', value) : (contact) => isWithin(contact[field], range);
}

function isWithin(time: string | undefined, { from, until }: TimeRange): boolean {
  const moment = Date.parse(time ?? '');
  return moment >= from && moment < until;
}

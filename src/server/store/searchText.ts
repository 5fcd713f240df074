/** What search compares: the fields of a contact as one folded text, and a query as the patterns to look for in it. */
import { digitsOf, fold } from '../../contract/folding.ts';
import type { StoredContact } from './records.ts';

/** Another number has every index of an earlier one built anew. */
export const searchLayout = '4';

/** The parts of a contact that search looks into as they are; another order is another layout of the index. */
const searchedTexts = [
  'display_name',
  'first_name',
  'last_name',
  'email',
  'company_name',
  'position',
  'location',
  'id',
  'labels',
  'remark',
] as const satisfies readonly (keyof StoredContact)[];
/** All that a contact's `searchText` is made of. */
export const searchedFields = [...searchedTexts, 'area_code', 'phone_number'] as const;
export type SearchedContact = Partial<Pick<StoredContact, (typeof searchedFields)[number]>>;

/** More words than anybody types; each costs a condition. */
const maxWords = 16;
const maxWholeLength = 200;
const maxTrigrams = 48;
const minPhoneDigits = 3;

/**
 * Delimits each field and encodes its length, so that a trigram with a delimiter in it already separates most fields
 * that equal a text from those that merely contain it. These code points have no meaning in Unicode.
 */
const edgeOf = (field: string): string => String.fromCodePoint(0xe0_00 + Math.min([...field].length, 1_000));
const edges = /[\ue000-\uf8ff]/g;

/**
 * An address or domain as a word is coded by its first two letters too: many have its letters somewhere, in a name and
 * in another address, of whom each would have to be looked at.
 */
export const addressCode = '\uf000';
const isAddress = (word: string): boolean => /\S[.@]\S/.test(word);
const addressCodeOf = (word: string): string => addressCode + [...word].slice(0, 2).join('');

const foldedLine = (text: string): string => fold(text).replace(edges, '\ufffd').trim().replace(/\s+/g, ' ');

/**
 * The fields, each between two edges, each word after a space, and the codes of addresses; the end leaves room for the
 * last three letters.
 */
export function searchText(contact: SearchedContact): string {
  const texts = searchedTexts.flatMap((field) => contact[field] ?? []);
  const joined = joinedName(contact.display_name ?? '');
  const phone = digitsOf(`${contact.area_code ?? ''}${contact.phone_number ?? ''}`);
  const lines = new Set([...texts, joined, phone].map(foldedLine).filter(Boolean));
  const addresses = [...lines].flatMap((line) => line.split(' ')).filter(isAddress);
  const codes = new Set(addresses.map(addressCodeOf));
  const fields = [...lines].map((line) => `${edgeOf(line)} ${line}${edgeOf(line)}`);
  return `${[...fields, ...codes].join('')}\ue000\ue000`;
}

/** Names of these scripts are written with and without a space between their parts. */
const joinedScripts = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー\s\u3000・]+$/u;

/** `佐藤 健` as `佐藤健`, which it is written as too; empty for other names. */
const joinedName = (name: string): string => (joinedScripts.test(name) ? name.replace(/[\s\u3000・]+/gu, '') : '');

/** Ids that a conversation may have. */
const conversationId = /^(?:conv|tcu)_[\w-]+$/;

/** The id that a query may be, which finds whose conversation it is. */
export const conversationIdIn = (query: string): string | undefined => conversationId.exec(query.trim())?.[0];

/** How well a contact matches, best first: a whole field, the start of every word, anywhere. */
export const matchKinds = ['field', 'start', 'part'] as const;
export type MatchKind = (typeof matchKinds)[number];

/** Texts that must all be there, for one way to match; a query may offer several ways. */
export type Patterns = readonly string[];

/** The pattern of a field that is `text` and nothing else. */
const field = (text: string): Patterns => [`${edgeOf(text)} ${text}${edgeOf(text)}`];

/** What is compared of a query, word by word. */
export const wordsOf = (query: string): string[] => foldedLine(query).split(' ').filter(Boolean).slice(0, maxWords);

/** The ways in which `query` can match, for each kind; none for a query without a word. */
export function waysToMatch(query: string): Record<MatchKind, Patterns[]> {
  const words = wordsOf(query);
  if (words.length === 0) return { field: [], start: [], part: [] };
  const whole = [...words.join(' ')].slice(0, maxWholeLength).join('');
  const ways = {
    field: [field(whole)],
    start: [words.flatMap((word) => [` ${word}`, ...(isAddress(word) ? [addressCodeOf(word)] : [])])],
    part: [words as Patterns],
  };
  const begun = /^\+(\d{1,2})$/.exec(whole)?.[1];
  // Whoever types an international number begins with its country, which every such number is stored with.
  if (begun !== undefined) {
    const beginning: Patterns[] = [[` ${begun}`]];
    return { field: beginning, start: beginning, part: [...beginning, [whole]] };
  }
  const phone = phoneOf(query);
  if (phone === undefined) return ways;
  // As a text it is one thing; its groups of digits are no words to look for one by one.
  ways.start = [[` ${whole}`]];
  // What has the end in it is found by that.
  ways.part = [[phone.end], ...(whole.includes(phone.end) ? [] : [[whole]])];
  for (const digits of phone.whole) {
    if (digits !== whole) ways.field.push(field(digits));
    // As a part it would be in too many.
    if (!digits.includes(phone.end)) ways.part.push(field(digits));
  }
  return ways;
}

/**
 * A query that is a phone number in any format: the digits that end it, without trunk zeros and at most nine; and
 * how the whole of it may be stored. A country code has one to three digits.
 */
export function phoneOf(query: string): { whole: string[]; end: string } | undefined {
  const text = foldedLine(query)
    .replace(/^tel:/, '')
    .replace(/[,;]?\s*(?:ext\.?|x)\s*\d{1,5}$/, '')
    .replace(/[\s,;]+$/, '');
  if (!/^[\d\s()+./-]+$/.test(text)) return undefined;
  const digits = digitsOf(text);
  const bare = digits.replace(/^0+/, '');
  const wanted = bare.length < minPhoneDigits ? digits : bare;
  if (wanted.length < minPhoneDigits) return undefined;
  const hasCountry = text.startsWith('+') || digits.startsWith('00');
  const national = hasCountry ? [1, 2, 3].map((length) => bare.slice(length)).filter((rest) => rest.length >= 6) : [];
  return {
    whole: [...new Set([digits, wanted, ...national.flatMap((rest) => [rest, `0${rest}`])])],
    end: wanted.slice(-9),
  };
}

/**
 * The trigrams of `patterns`, by which the index finds candidates. Each costs a list of all the contacts that
 * have it: of long patterns, and of several, as few as hold every letter; of a short one, which these would not tell
 * apart, every one.
 * Around a mark between letters there are fewer contacts than in any word: beside it, only the ends of a long pattern
 * and its digits leave out more than they cost.
 */
export function trigramsOf(patterns: Patterns): string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const letters = [...pattern];
    const last = letters.length - 3;
    if (last < 0) continue;
    const trigramAt = (start: number): string => letters.slice(start, start + 3).join('');
    const step = last > (patterns.length > 1 ? 1 : 2) ? 3 : 1;
    const mark = letters.findIndex((letter, place) => place > 0 && /[^\p{L}\p{M}\p{N}\s]/u.test(letter));
    const isMarked = mark > 0 && mark <= last + 1;
    if (isMarked) found.add(trigramAt(mark - 1));
    for (let start = 0; start < letters.length && found.size < maxTrigrams; start += step) {
      const trigram = trigramAt(Math.min(start, last));
      const isTelling = start === 0 || start >= last || /\p{N}/u.test(trigram);
      if (isTelling || !isMarked || step === 1) found.add(trigram);
    }
  }
  return [...found];
}

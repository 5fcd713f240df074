import type { Encoding } from '../../contract/localData.ts';
import ICAL from 'ical.js';
import { normalizePhone } from '../../contract/internationalNumber.ts';
import type { ContactDraft } from '../store/records.ts';
import { withName } from './columns.ts';
import { textOf } from './textFile.ts';

/** A contact of a vCard, with the line that it begins in and its picture; or why it is none. */
export type VcardRow =
  | { line: number; draft: ContactDraft; photo?: Uint8Array | undefined }
  | { line: number; reason: string };

const cardsAtOnce = 500;
const maxCardLength = 12 * 1024 * 1024;

/** The contacts of a file of vCards (2.1, 3.0, 4.0). */
export async function* vcardRows(
  path: string,
  encoding: Encoding,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<VcardRow[]> {
  let rows: VcardRow[] = [];
  let card: string[] | undefined;
  let length = 0;
  let start = 0;
  let number = 0;
  for await (const line of linesOf(textOf(path, encoding, onBytes))) {
    number++;
    if (/^BEGIN:VCARD\s*$/i.test(line)) {
      if (card !== undefined) rows.push({ line: start, reason: 'it has no end' });
      [card, start, length] = [[], number, 0];
    } else if (/^END:VCARD\s*$/i.test(line) && card !== undefined) {
      rows.push(length > maxCardLength ? { line: start, reason: 'it is too large' } : cardRow(card, start));
      card = undefined;
      if (rows.length >= cardsAtOnce) {
        yield rows;
        rows = [];
      }
    } else {
      length += line.length;
      if (length <= maxCardLength) card?.push(line);
    }
  }
  if (card !== undefined) rows.push({ line: start, reason: 'it has no end' });
  yield rows;
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}

function cardRow(lines: readonly string[], line: number): VcardRow {
  try {
    const whole = wholeLines(lines.filter((each) => each !== ''));
    const text = ['BEGIN:VCARD', ...whole.map(withNamedParameters), 'END:VCARD'].join('\r\n');
    const [, properties] = ICAL.parse(text) as [string, Property[], unknown];
    const draft = withName(draftOf(properties));
    return { line, draft, photo: photoOf(properties) };
  } catch {
    return { line, reason: 'it is not a valid vCard' };
  }
}

/** Name, parameters, type, then the values. */
type Property = [string, Record<string, string | string[]>, string, ...unknown[]];

/** Puts the pieces of a quoted-printable property together and decodes it, which the parser does not do. */
function wholeLines(lines: readonly string[]): string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const last = whole.at(-1);
    if (last !== undefined && isQuotedPrintable(last) && last.endsWith('=')) {
      whole[whole.length - 1] = decoded(`${last.slice(0, -1)}${line}`);
    } else whole.push(decoded(line));
  }
  return whole;
}

/** vCard 2.1 leaves the name of a parameter out: `TEL;CELL:` is `TEL;TYPE=CELL:`. */
const withNamedParameters = (line: string): string =>
  line.replace(/^[\w.-]+(?:;(?:[\w-]+=(?:"[^"]*"|[^";:]*)|[\w-]+))+(?=:)/, (name) =>
    name.replaceAll(/;(?=[\w-]+(?:;|$))/g, ';TYPE='),
  );

const isQuotedPrintable = (line: string): boolean =>
  /^[^:]*;ENCODING=QUOTED-PRINTABLE[;:]/i.test(line) || /^[^:]*;QUOTED-PRINTABLE[;:]/i.test(line);

function decoded(line: string): string {
  if (!isQuotedPrintable(line) || line.endsWith('=')) return line;
  const colon = line.indexOf(':');
  const charset = /;CHARSET=([\w-]+)/i.exec(line.slice(0, colon))?.[1] ?? 'utf-8';
  const bytes = Buffer.from(
    line
      .slice(colon + 1)
      .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  const value = decoderFor(charset).decode(bytes).replace(/\r?\n/g, '\\n');
  const name = line
    .slice(0, colon)
    .replace(/;(?:ENCODING=)?QUOTED-PRINTABLE/i, '')
    .replace(/;CHARSET=[\w-]+/i, '');
  return `${name}:${value}`;
}

function decoderFor(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

function draftOf(properties: readonly Property[]): ContactDraft {
  const first = (name: string): unknown =>
    preferred(properties.filter(([each, , , value]) => each === name && value !== ''))?.[3];
  // Apple writes a day without a year as one of 1604.
  const hasYear = !properties.some(([name, parameters]) => name === 'bday' && 'x-apple-omit-year' in parameters);
  const text = (name: string): string => textIn(first(name));
  const [last = '', given = '', middle = ''] = partsOf(first('n'));
  const [company = ''] = partsOf(first('org'));
  const city = partsOf(first('adr'))[3] ?? '';
  const country = partsOf(first('adr'))[6] ?? '';
  const labels = properties
    .filter(([name]) => name === 'categories')
    .flatMap(([, , , ...values]) => values.flatMap((value) => textIn(value).split(',')));
  const draft: ContactDraft = {
    display_name: text('fn'),
    first_name: [given, middle].filter(Boolean).join(' '),
    last_name: last,
    email: text('email').replace(/^mailto:/i, ''),
    phone_number: normalizePhone(text('tel').replace(/^tel:/i, '')),
    company_name: company,
    position: text('title') || text('role'),
    location: city || country,
    birthday: hasYear ? text('bday') : '',
    gender: { m: 'male', f: 'female' }[text('gender').toLowerCase()] ?? '',
    language: text('lang'),
    remark: text('note'),
    labels: labels.map((label) => label.trim()).filter(Boolean),
  };
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== ''));
}

/** The one that is marked as preferred, else the first. */
function preferred(properties: readonly Property[]): Property | undefined {
  const isPreferred = ([, parameters]: Property): boolean =>
    parameters['pref'] !== undefined || [parameters['type']].flat().some((type) => type?.toLowerCase() === 'pref');
  return properties.find(isPreferred) ?? properties[0];
}

/** What the parser leaves escaped in a text of one part. */
const plain = (text: string): string => text.replace(/\\([;,\\])/g, '$1');

const textIn = (value: unknown): string =>
  typeof value === 'string' ? plain(value).trim() : value === undefined ? '' : partsOf(value).filter(Boolean).join(' ');

/** The parts of a structured value, each as one text. */
const partsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : typeof value === 'string' ? value.split(/(?<!\\);/) : []).map((part: unknown) =>
    (Array.isArray(part) ? part.join(' ') : typeof part === 'string' ? part : '').replace(/\\([;,\\])/g, '$1').trim(),
  );

/** A picture within the card; one that is only named is not fetched. */
function photoOf(properties: readonly Property[]): Uint8Array | undefined {
  const photo = properties.find(([name]) => name === 'photo');
  const value = photo?.[3];
  if (typeof value !== 'string') return undefined;
  const data = /^data:[^,]*;base64,(.*)$/is.exec(value)?.[1] ?? (/^\w+:/.test(value) ? undefined : value);
  if (data === undefined) return undefined;
  const bytes = Buffer.from(data, 'base64');
  return bytes.length > 0 ? bytes : undefined;
}

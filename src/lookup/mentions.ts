/** What in a text names a person: an e-mail address, a phone number or a contact's id. */
export type MentionKind = 'email' | 'phone' | 'id';

export interface Mention {
  kind: MentionKind;
  text: string;
  /** Where it is in its line, in UTF-16 code units. */
  start: number;
  end: number;
}

/** Longer lines are data rather than something to read; only their beginning is looked at. */
const maxLineLength = 20_000;

const patterns: Readonly<Record<MentionKind, RegExp>> = {
  // With a digit in it: a name in code may begin alike.
  id: /(?<![\w-])con_(?=[\w-]*\d)[\w-]{1,80}(?![\w-])/gu,
  // "name@1.2.3" is a version.
  email:
    /(?<![\p{L}\p{N}._%+@])[\p{L}\p{N}_%+][\p{L}\p{N}._%+'-]{0,63}@(?!\d+\.\d)(?:[\p{L}\p{N}-]{1,63}\.){1,8}(?:xn--[\p{L}\p{N}-]{1,59}|\p{L}{2,63})(?![\p{L}\p{N}]|-+[\p{L}\p{N}])/gu,
  // With a country code, or with the zero that begins a number within a country: any other digits are just digits, and
  // some are a date.
  phone:
    /(?<![\w.+/-])(?!\d\d([.-])\d\d\1(?:19|20)\d\d(?![\d.-]))(?:\+\d|00[1-9]|\(?0[1-9])(?:[\s().-]{0,2}\d){6,13}(?![\w-]|\.\d)/gu,
};

const maxAddressLength = 2_000;

/**
 * Whether the text that follows `before` is the secret in a URL such as "scheme://name:secret@host.example" rather than
 * an e-mail address. In web URLs the credentials end before the path, which may contain an address; in other schemes, a
 * secret may contain anything.
 */
function isPartOfAddress(before: string): boolean {
  const colon = before.lastIndexOf('://');
  const rest = before.slice(colon + 3);
  if (colon < 0 || /[\s"'<>|,;`]/.test(rest)) return false;
  return !/(?:https?|wss?)$/i.test(before.slice(0, colon)) || !/[/?#]/.test(rest);
}

/** The mentions in a line, in their order. One within another is left out. */
export function mentionsIn(line: string): Mention[] {
  const text = line.slice(0, maxLineLength);
  const found: Mention[] = [];
  for (const kind of ['id', 'email', 'phone'] as const) {
    for (const match of text.matchAll(patterns[kind])) {
      if (kind === 'email' && isPartOfAddress(text.slice(Math.max(0, match.index - maxAddressLength), match.index)))
        continue;
      const [start, end] = [match.index, match.index + match[0].length];
      if (!found.some((other) => start < other.end && end > other.start)) {
        found.push({ kind, text: match[0], start, end });
      }
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

/** What a text is, when it is one mention and nothing else; as a whole, any digits may be a phone number. */
export function mentionOf(text: string): Mention | undefined {
  const bare = text
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .trim()
    .replace(/^(?:tel|mailto):/i, '');
  const [first] = mentionsIn(bare);
  if (first?.text === bare) return first;
  const isDate = /^(?:19|20)\d\d([.-])\d\d\1\d\d$/.test(bare);
  const isPhone = /^[\d\s().-]+$/.test(bare) && /^\d{7,15}$/.test(bare.replace(/\D/g, ''));
  return isPhone && !isDate ? { kind: 'phone', text: bare, start: 0, end: bare.length } : undefined;
}

/**
 * What the index of trigrams knows nothing of, or too little, as numbers:
 *
 * - two letters inside a word, and one of another script than Latin;
 * - the beginning of a word after a space, of two letters or of one sign: to `pg_trgm` every sign ends a word;
 * - the last two letters of a field with its length (`searchText.ts`).
 *
 * Different letters may have the same number; a text that is found is looked at. What is in almost every text is left
 * out, since an index of it costs much and finds nothing: single letters from A to Z, and pairs of hexadecimal digits,
 * which ids are made of.
 */
export function gramsOf(text: string): number[] {
  return gramsAmong([...text], true);
}

/**
 * Grams that every text has in which `pattern` occurs; none where they would tell nothing apart.
 * @param withLetters whether those inside of words are wanted, which trigrams know better where there are any.
 */
export const gramsIn = (pattern: string, withLetters: boolean): number[] => gramsAmong([...pattern], withLetters);

function gramsAmong(letters: readonly string[], withLetters: boolean): number[] {
  const found = new Set<number>();
  let [beforeLast, before] = ['', ''];
  for (const letter of letters) {
    if (withLetters && letter > lastAscii) letterInWord.add(found, letter);
    if (before === ' ') signAtStart.add(found, before + letter);
    else if (withLetters && before !== '') pairInWord.add(found, before + letter);
    if (beforeLast === ' ' || isEdge(letter)) startOrEnd.add(found, beforeLast + before + letter);
    [beforeLast, before] = [before, letter];
  }
  return [...found];
}

const lastAscii = '\x7f';
const isEdge = (letter: string): boolean => letter >= '\ue000' && letter <= '\uf8ff';

/** A kind of gram, and what was looked at: the same few thousand come again and again in an import. */
class Kind {
  private readonly pattern: RegExp;
  private readonly known = new Map<string, number | typeof noGram>();

  constructor(pattern: RegExp) {
    this.pattern = pattern;
  }

  add(found: Set<number>, letters: string): void {
    let gram = this.known.get(letters);
    if (gram === undefined) {
      if (this.known.size >= maxKnown) this.known.clear();
      gram = this.pattern.test(letters) ? numberOf(letters) : noGram;
      this.known.set(letters, gram);
    }
    if (gram !== noGram) found.add(gram);
  }
}

const noGram = 'none';
const maxKnown = 50_000;

const letterInWord = new Kind(/^(?![\0-\x7f])[\p{L}\p{N}]$/u);
const pairInWord = new Kind(/^(?![\da-f]{2}$)[\p{L}\p{N}\p{M}]{2}$/u);
const signAtStart = new Kind(/^ [^\p{L}\p{N}\p{M} \ue000-\uf8ff]$/u);
const startOrEnd = new Kind(/^ [^ \ue000-\uf8ff]{2}$|^[^\ue000-\uf8ff][^ \ue000-\uf8ff][\ue000-\uf8ff]$/u);

const numberOf = (letters: string): number =>
  [...letters].reduce((number, letter) => (Math.imul(number, 0x9e_37_79_b1) ^ (letter.codePointAt(0) ?? 0)) | 0, 0);

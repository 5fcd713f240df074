/**
 * What the index of trigrams knows nothing of, as numbers: texts of one or two letters inside a word, the end of a field
 * with its length (`searchText.ts`), and signs at the start of a word. Different letters may have the same number; a text
 * that is found is looked at.
 *
 * What is in almost every text is left out, since an index of it costs much and finds nothing: single letters from A to
 * Z, and pairs of hexadecimal digits, which ids are made of.
 */
export function gramsOf(text: string): number[] {
  const found = new Set<number>();
  let before = '';
  for (const letter of text) {
    for (const letters of [letter, before + letter]) {
      const gram = gramOf(letters);
      if (gram !== undefined) found.add(gram);
    }
    before = letter;
  }
  return [...found];
}

/**
 * Grams that every text has in which `pattern` occurs; none where they would tell nothing apart.
 * @param withLetters whether those inside of words are wanted, which trigrams know better where there are any.
 */
export function gramsIn(pattern: string, withLetters: boolean): number[] {
  const letters = [...pattern];
  const pairs = letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
  const all = letters.length === 1 ? letters : pairs;
  return [...new Set(all.filter((each) => withLetters || !isInWord.test(each)).flatMap((each) => gramOf(each) ?? []))];
}

const isInWord = /^[\p{L}\p{N}\p{M}]+$/u;
const isGram =
  /^(?![\da-f]{2}$)[\p{L}\p{N}\p{M}]{2}$|^(?![\0-\x7f])[\p{L}\p{N}]$|^[^ \ue000-\uf8ff][\ue000-\uf8ff]$|^ [^\p{L}\p{N}\p{M} \ue000-\uf8ff]$/u;

/** The same few thousand come again and again in an import. */
const known = new Map<string, number | undefined>();
const maxKnown = 50_000;

function gramOf(letters: string): number | undefined {
  if (known.has(letters)) return known.get(letters);
  if (known.size >= maxKnown) known.clear();
  const gram = isGram.test(letters) ? numberOf(letters) : undefined;
  known.set(letters, gram);
  return gram;
}

const numberOf = (letters: string): number =>
  [...letters].reduce((number, letter) => (Math.imul(number, 0x9e_37_79_b1) ^ (letter.codePointAt(0) ?? 0)) | 0, 0);

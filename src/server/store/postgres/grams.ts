/**
 * What the index of trigrams knows nothing of: texts of one or two letters inside a word. Each pair of letters that
 * stand side by side, and each single letter of another script than Latin, is a number. Different letters may have the
 * same number; a text that is found is looked at.
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

/** The grams that every text has in which `pattern` occurs; none where they would tell nothing apart. */
export function gramsIn(pattern: string): number[] {
  const letters = [...pattern];
  const pairs = letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
  return [...new Set((letters.length === 1 ? letters : pairs).flatMap((each) => gramOf(each) ?? []))];
}

const isGram = /^(?![\da-f]{2}$)[\p{L}\p{N}\p{M}]{2}$|^(?![\0-\x7f])[\p{L}\p{N}]$/u;

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

/**
 * What is told apart by one or two letters, which the index of trigrams knows nothing of: each letter and each two that
 * stand side by side, as a number. Different letters may have the same number; a text that is found is looked at.
 */
export function gramsOf(text: string): number[] {
  const found = new Set<number>();
  let before: number | undefined;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    found.add(code);
    if (before !== undefined) found.add(gramOf(before, code));
    before = code;
  }
  return [...found];
}

/** The grams that every text has in which `pattern` occurs: of more than one letter, those of two. */
export function gramsIn(pattern: string): number[] {
  const codes = [...pattern].map((letter) => letter.codePointAt(0) ?? 0);
  if (codes.length <= 1) return codes;
  return [...new Set(codes.slice(1).map((code, index) => gramOf(codes[index] ?? 0, code)))];
}

/** Below zero, and so none of a single letter. */
const gramOf = (first: number, second: number): number => (Math.imul(first, 0x9e_37_79_b1) ^ second) | 0x80_00_00_00;

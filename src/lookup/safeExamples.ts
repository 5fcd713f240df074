import type { MentionKind } from './mentions.ts';

/** Area codes of places whose 555-0100 to 555-0199 are kept for made-up numbers. */
const areaCodes = ['202', '303', '404', '512', '617', '702', '808', '907'];
const numbersEach = 100;

/**
 * An address or a number that is nobody's, and none of `taken`: of a domain that is kept for examples (RFC 2606), or of
 * the numbers that North America keeps for made-up ones. `undefined` where all are taken.
 */
export function safeExample(kind: Exclude<MentionKind, 'id'>, taken: ReadonlySet<string>): string | undefined {
  const all = kind === 'email' ? addresses() : numbers();
  return all.find((example) => !taken.has(example));
}

function* addresses(): Generator<string, undefined> {
  for (let count = 1; ; count++) yield `person${count}@example.com`;
}

function* numbers(): Generator<string, undefined> {
  for (const area of areaCodes) {
    for (let count = 0; count < numbersEach; count++) yield `+1${area}55501${String(count).padStart(2, '0')}`;
  }
}

/** More letters at once than anybody types between two looks. */
const pastedLength = 4;

/** Whether more letters are new, wherever they were put in, than a key writes. */
export function isPaste(before: string, after: string): boolean {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return after.length - start - end >= pastedLength;
}

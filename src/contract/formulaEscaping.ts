const formulaStart = /^[\s"']*[=+\-@\t\r\0＝＋－＠]/;
/** A bare international number is no formula; one with punctuation is arithmetic to a spreadsheet. */
const plainPhone = /^\+[0-9]{3,15}$/;

/** `text` as a cell that no spreadsheet takes for a formula. `cellText` is the reverse. */
export const escapeFormula = (text: string): string =>
  formulaStart.test(text) && !plainPhone.test(text) ? `'${text}` : text;

/** What a cell written by `csvCell` stood for. */
export function unescapeFormula(cell: string): string {
  const bare = cell.slice(1);
  return cell.startsWith("'") && formulaStart.test(bare) && !plainPhone.test(bare) ? bare : cell;
}

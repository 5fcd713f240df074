import type { Database } from './database.ts';

/** As many of the newest texts say how common letters are. */
const sampleSize = 500;
/** Patterns in a larger share of the texts than this do not narrow a search, and their lists of contacts are long. */
const maxShare = { 1: 0.2, 2: 0.5 };
/** With more new texts than this, reading the trigrams from the index again is cheaper than scanning the texts. */
const maxNewTexts = 500;
const maxKept = 1_000;

interface PrefixTrigrams {
  terms: Set<string>;
  /** The newest change whose text is in `terms`. */
  upTo: number;
}

/** Queries the trigram index for patterns of one or two letters. */
export class ShortPatterns {
  private readonly database: Database;
  private readonly known = new Map<string, PrefixTrigrams>();
  private olderTexts = '';

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * The index's expression for every text with these one or two letters; `undefined` where so many have them that
   * asking the index is not worth it.
   */
  expressionOf(letters: string): string | undefined {
    this.clearAfterOlderTexts();
    const share = [...letters].length === 1 ? maxShare[1] : maxShare[2];
    if (!this.known.has(letters) && this.shareOf(letters) > share) return undefined;
    const terms = [...this.beginningWith(letters)];
    // Where there are none, the expression must find nothing.
    return terms.length === 0 ? quoted('\ue000\ue001\ue002') : `(${terms.map(quoted).join(' OR ')})`;
  }

  /** A restored backup has other texts under the same numbers, a mirror that fills has more below them. */
  private clearAfterOlderTexts(): void {
    const marks = this.database.get(
      "SELECT oldest_place AS place, (SELECT value FROM setting WHERE name = 'restored') AS restored FROM mirror",
    );
    const mark = `${String(marks?.['place'])} ${String(marks?.['restored'])}`;
    if (mark !== this.olderTexts) this.known.clear();
    this.olderTexts = mark;
  }

  private shareOf(letters: string): number {
    const row = this.database.get(
      `SELECT avg(instr(text, ?) > 0) AS share
       FROM (SELECT text FROM search_entry ORDER BY change_seq DESC LIMIT ${sampleSize})`,
      letters,
    );
    return Number(row?.['share']);
  }

  /** All trigrams that start with `letters`; cached, because reading them from the index is slow. */
  private beginningWith(letters: string): ReadonlySet<string> {
    const newest = Number(this.database.get('SELECT max(change_seq) AS newest FROM search_entry')?.['newest']);
    const known = this.known.get(letters);
    const isNear = known !== undefined && newest >= known.upTo && newest - known.upTo <= maxNewTexts;
    const terms = isNear ? this.withNewer(letters, known) : this.fromIndex(letters);
    this.known.delete(letters);
    this.known.set(letters, { terms, upTo: newest });
    const [oldest] = this.known.keys();
    if (oldest !== undefined && this.known.size > maxKept) this.known.delete(oldest);
    return terms;
  }

  private fromIndex(letters: string): Set<string> {
    const sql = 'SELECT term FROM search_term WHERE term >= ? AND term < ?';
    return new Set(this.database.all(sql, letters, `${letters}\u{10ffff}`).map(({ term }) => String(term)));
  }

  private withNewer(letters: string, { terms, upTo }: PrefixTrigrams): Set<string> {
    const newer = this.database.all('SELECT text FROM search_entry WHERE change_seq > ?', upTo);
    for (const { text } of newer) {
      const characters = [...String(text)];
      for (let start = 0; start < characters.length - 2; start++) {
        const term = characters.slice(start, start + 3).join('');
        if (term.startsWith(letters)) terms.add(term);
      }
    }
    return terms;
  }
}

/** A text as an FTS5 string literal. */
export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

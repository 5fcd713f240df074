import { searchedFields, searchLayout, searchText, type SearchedContact } from '../searchText.ts';
import { insertChecked } from './checksums.ts';
import type { Writer } from './database.ts';

/** Of 4 KB. */
const pagesAtOnce = 1_000;

/**
 * What `SearchIndex` looks in: `search_entry` holds each contact's text under a number that grows with every change,
 * and the full-text index goes by that number.
 */
export class SearchEntries {
  private readonly writer: Writer;

  constructor(writer: Writer) {
    this.writer = writer;
  }

  /** Takes in a contact that was changed. */
  put(contactSeq: number, contact: SearchedContact): void {
    this.remove(contactSeq);
    this.add(contactSeq, contact);
  }

  /**
   * Takes in a new contact.
   * @param place the number of the change, where it is not to be the latest.
   */
  add(contactSeq: number, contact: SearchedContact, place?: number): void {
    const text = searchText(contact);
    const change = this.writer.insert(
      'INSERT INTO search_entry (change_seq, contact_seq, text) VALUES (?, ?, ?)',
      place ?? null,
      contactSeq,
      text,
    );
    this.writer.run('INSERT INTO search_trigram (rowid, text) VALUES (?, ?)', change, text);
  }

  remove(contactSeq: number): void {
    this.writer.run(
      `INSERT INTO search_trigram (search_trigram, rowid, text)
       SELECT 'delete', change_seq, text FROM search_entry WHERE contact_seq = ?`,
      contactSeq,
    );
    this.writer.run('DELETE FROM search_entry WHERE contact_seq = ?', contactSeq);
  }

  /**
   * Puts pieces of the index together, as much as holds nobody up. @param isFirst begins with all of them.
   * @returns whether there is but one piece (sqlite.org/fts5.html, 6.7).
   */
  merge(isFirst: boolean): boolean {
    const changes = (): number => Number(this.writer.get('SELECT total_changes() AS n')?.['n']);
    const before = changes();
    this.writer.run(
      "INSERT INTO search_trigram (search_trigram, rank) VALUES ('merge', ?)",
      isFirst ? -pagesAtOnce : pagesAtOnce,
    );
    return changes() - before < 2;
  }

  /** Rebuilds all entries, in the order in which the contacts were last changed according to their dates. */
  rebuild(): void {
    const { writer } = this;
    writer.run("INSERT INTO search_trigram (search_trigram) VALUES ('delete-all')");
    writer.run('DELETE FROM search_entry');
    const contacts = writer.iterate(
      `SELECT seq, ${searchedFields.join(', ')} FROM contact ORDER BY max(created_at, updated_at), seq`,
    );
    for (const contact of contacts) {
      const labels = JSON.parse(String(contact['labels'])) as string[];
      const text = searchText({ ...(contact as SearchedContact), labels });
      writer.run('INSERT INTO search_entry (contact_seq, text) VALUES (?, ?)', Number(contact['seq']), text);
    }
    writer.run(
      'INSERT INTO search_trigram (rowid, text) SELECT change_seq, text FROM search_entry ORDER BY change_seq',
    );
    insertChecked(writer, 'setting', { name: 'search_layout', value: searchLayout });
  }

  /** Builds the index of a store that was made before there was one, or before it was as it is now. */
  ensure(): void {
    const built = this.writer.get("SELECT value FROM setting WHERE name = 'search_layout'")?.['value'];
    if (built !== searchLayout) this.rebuild();
  }
}

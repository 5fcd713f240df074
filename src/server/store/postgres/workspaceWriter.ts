import { StoreError } from '../errors.ts';
import type { Row, Transaction, Writer } from './database.ts';
import { insertInto, tableNames, toRecordset, type NewRow, type TableName } from './rows.ts';
import type { Value } from './values.ts';

/** New rows that wait to be written together. */
const maxWaiting = 1_000;

/**
 * What a transaction writes to a workspace. It holds the workspace's own row, so that no other transaction writes to it
 * meanwhile; that row counts what is in it. New rows go to the database together, before anything else is asked.
 */
export class WorkspaceWriter implements Writer {
  private readonly transaction: Transaction;
  private readonly waiting = new Map<TableName, NewRow[]>();
  private waitingCount = 0;
  private sending: Promise<void> = Promise.resolve();
  private hasWritten = false;
  private isOpen = true;
  private readonly counts: { contacts: number; lastSeq: number; lastChange: number };

  private constructor(transaction: Transaction, counts: WorkspaceWriter['counts']) {
    this.transaction = transaction;
    this.counts = counts;
  }

  /** @throws {StoreError} when there is no such workspace any more. */
  static async begin(transaction: Transaction): Promise<WorkspaceWriter> {
    const row = await transaction.get(
      'SELECT contacts, last_seq, last_change FROM workspace WHERE organization_id = $1 FOR NO KEY UPDATE',
    );
    if (row === undefined) throw new StoreError('The organization is gone.');
    const [contacts, lastSeq, lastChange] = [row['contacts'], row['last_seq'], row['last_change']].map(Number);
    return new WorkspaceWriter(transaction, {
      contacts: contacts ?? 0,
      lastSeq: lastSeq ?? 0,
      lastChange: lastChange ?? 0,
    });
  }

  get contacts(): number {
    return this.counts.contacts;
  }

  /** Tells that contacts were added or, less than zero, removed. */
  countContacts(added: number): void {
    this.counts.contacts += added;
  }

  /** The place of a new row among all that were added. */
  nextSeq(): number {
    return ++this.counts.lastSeq;
  }

  /** The place of a change among all changes. */
  nextChange(): number {
    return ++this.counts.lastChange;
  }

  async add(table: TableName, row: NewRow): Promise<void> {
    this.throwIfEnded();
    const rows = this.waiting.get(table) ?? [];
    rows.push(row);
    this.waiting.set(table, rows);
    if (++this.waitingCount < maxWaiting) return;
    await this.sending;
    this.sendWaiting();
  }

  async all(sql: string, ...values: readonly Value[]): Promise<Row[]> {
    await this.flush();
    return this.transaction.all(sql, ...values);
  }

  async get(sql: string, ...values: readonly Value[]): Promise<Row | undefined> {
    return (await this.all(sql, ...values))[0];
  }

  async run(sql: string, ...values: readonly Value[]): Promise<number> {
    await this.flush();
    const written = await this.transaction.run(sql, ...values);
    if (written > 0) this.hasWritten = true;
    return written;
  }

  async *batches(sql: string, batchSize: number): AsyncGenerator<Row[]> {
    await this.flush();
    yield* this.transaction.batches(sql, batchSize);
  }

  /** Writes what is left, and that the workspace has changed. */
  async finish(): Promise<void> {
    await this.flush();
    this.isOpen = false;
    if (!this.hasWritten) return;
    const { contacts, lastSeq, lastChange } = this.counts;
    await this.transaction.run(
      `UPDATE workspace SET version = version + 1, contacts = $2, last_seq = $3, last_change = $4
       WHERE organization_id = $1`,
      contacts,
      lastSeq,
      lastChange,
    );
  }

  /** From now on nothing is written any more: what is on its way has arrived when this settles. */
  async end(): Promise<void> {
    this.isOpen = false;
    await this.sending.catch(() => undefined);
  }

  /** Has everything written that waits. */
  private async flush(): Promise<void> {
    this.throwIfEnded();
    this.sendWaiting();
    await this.sending;
  }

  /** Begins to write what waits, behind what is being written; more can be made ready meanwhile. */
  private sendWaiting(): void {
    const added = this.waitingCount;
    if (added === 0) return;
    const batch = tableNames.flatMap((table) => {
      const rows = this.waiting.get(table);
      return rows === undefined ? [] : [{ table, rows }];
    });
    this.waiting.clear();
    this.waitingCount = 0;
    this.hasWritten = true;
    this.sending = this.sending.then(async () => {
      for (const { table, rows } of batch) await this.transaction.run(insertInto(table), toRecordset(rows));
      await this.transaction.noteGrowth(added);
    });
    // Whoever waits for it next is told.
    this.sending.catch(() => undefined);
  }

  private throwIfEnded(): void {
    if (!this.isOpen) throw new Error('The transaction has ended.');
  }
}

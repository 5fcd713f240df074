import { randomUUID } from 'node:crypto';
import type {
  ContactReads,
  HistoryReads,
  ImportReads,
  MediaReads,
  NotificationReads,
  WorkspaceStore,
  WorkspaceTransaction,
} from '../../../src/server/store/workspaceStore.ts';
import { contactReads, historyReads, importReads, mediaReads, notificationReads } from './memoryReads.ts';
import { Tables } from './memoryTables.ts';
import { transactionOver } from './memoryTransaction.ts';

/** What the handles of one workspace share, as processes share a file. */
export class MemoryWorkspace {
  readonly organizationId = `org_${randomUUID()}`;
  readonly blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  tables = new Tables();
  lastTurn: Promise<unknown> = Promise.resolve();
}

/**
 * A workspace in memory: the plainest store that does what `WorkspaceStore` says. It keeps nothing and is slow; what
 * the SQLite store does by index and statement, it does by looking at everything.
 */
export class MemoryStore implements WorkspaceStore {
  readonly organizationId: string;
  readonly contacts: ContactReads;
  readonly history: HistoryReads;
  readonly notifications: NotificationReads;
  readonly media: MediaReads;
  readonly imports: ImportReads;
  private readonly workspace: MemoryWorkspace;

  constructor(workspace: MemoryWorkspace) {
    this.workspace = workspace;
    this.organizationId = workspace.organizationId;
    const current = (): Tables => workspace.tables;
    this.contacts = contactReads(current);
    this.history = historyReads(current);
    this.notifications = notificationReads(current);
    this.media = mediaReads(current, workspace.blobs);
    this.imports = importReads(current);
  }

  transaction<T>(work: (tx: WorkspaceTransaction) => Promise<T>): Promise<T> {
    const { workspace } = this;
    const turn = workspace.lastTurn.then(async () => {
      const draft = structuredClone(workspace.tables);
      let isOpen = true;
      const tables = (): Tables => {
        if (!isOpen) throw new Error('The transaction has ended.');
        return draft;
      };
      try {
        const result = await work(transactionOver(tables));
        draft.version++;
        workspace.tables = draft;
        return result;
      } finally {
        isOpen = false;
      }
    });
    workspace.lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async version(): Promise<string> {
    return String(this.workspace.tables.version);
  }

  async isClaimed(name: string): Promise<boolean> {
    return this.workspace.tables.claims.has(name);
  }

  async close(): Promise<void> {
    await this.workspace.lastTurn;
  }
}

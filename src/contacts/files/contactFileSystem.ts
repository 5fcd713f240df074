import * as vscode from 'vscode';
import { sentenceFor } from '../../platform/errorReport.ts';
import type { Session } from '../../session/session.ts';

export const contactFileScheme = 'contact-lookup-file';
/** What VS Code shows well; larger ones are for saving. */
export const maxShownBytes = 20_000_000;
const maxKeptBytes = 50_000_000;

/**
 * The files of contacts as files that VS Code can show and nobody can change. Nothing is written to disk: the bytes
 * are fetched when a tab wants them, also after a reload.
 */
export class ContactFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly session: Session;
  private readonly kept = new Map<string, Promise<Uint8Array>>();
  private readonly sizes = new Map<string, number>();
  private readonly didChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.didChangeFile.event;
  private readonly listener: vscode.Disposable;

  constructor(session: Session) {
    this.session = session;
    this.listener = session.onDidChange(() => this.forgetAll());
  }

  /** @throws FileSystemError */
  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size: length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  /** @throws FileSystemError */
  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    try {
      return await this.content(uri);
    } catch (error) {
      if (error instanceof vscode.FileSystemError) throw error;
      // The tab shows this text; a bare error would say that something unexpected has happened.
      throw vscode.FileSystemError.Unavailable(sentenceFor(error));
    }
  }

  /** The bytes of a file, fetched once while they are used. @throws ApiError */
  content(uri: vscode.Uri, signal?: AbortSignal): Promise<Uint8Array> {
    const key = uri.path;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const content = this.fetch(uri, signal);
    this.kept.set(key, content);
    content.then(
      ({ length }) => this.makeRoom(key, length),
      () => this.kept.delete(key),
    );
    return content;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.forgetAll();
    this.listener.dispose();
    this.didChangeFile.dispose();
  }

  private async fetch(uri: vscode.Uri, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const [contactId = '', fileId = ''] = uri.path.split('/').slice(1).map(decodeURIComponent);
    const conversationId = new URLSearchParams(uri.query).get('conversation') ?? undefined;
    const { service } = this.session;
    const { fileAddress } = await import('./fileAddress.ts');
    const url = service && (await fileAddress(service, { contactId, fileId, conversationId }, signal));
    if (service === undefined || url === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return service.media(url, maxShownBytes, { signal });
  }

  /** The oldest go first. */
  private makeRoom(key: string, size: number): void {
    this.sizes.set(key, size);
    let total = [...this.sizes.values()].reduce((sum, each) => sum + each, 0);
    for (const [oldest, bytes] of this.sizes) {
      if (total <= maxKeptBytes || oldest === key) return;
      this.sizes.delete(oldest);
      this.kept.delete(oldest);
      total -= bytes;
    }
  }

  private forgetAll(): void {
    this.kept.clear();
    this.sizes.clear();
  }
}

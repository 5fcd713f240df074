import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';

const fileName = 'notifications-changed';

/** Tells the other windows of this user that notifications have changed on the server, and hears it of them. */
export class OtherWindows implements vscode.Disposable {
  private readonly folder: vscode.Uri;
  private readonly watcher: vscode.FileSystemWatcher;
  private readonly didChange = new vscode.EventEmitter<void>();
  readonly onDidChange = this.didChange.event;
  private written = '';

  constructor(folder: vscode.Uri) {
    this.folder = folder;
    this.watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, fileName));
    this.watcher.onDidChange((uri) => void this.look(uri));
    this.watcher.onDidCreate((uri) => void this.look(uri));
  }

  async tell(): Promise<void> {
    this.written = randomUUID();
    await vscode.workspace.fs.createDirectory(this.folder);
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(this.folder, fileName), Buffer.from(this.written));
  }

  dispose(): void {
    this.watcher.dispose();
    this.didChange.dispose();
  }

  private async look(uri: vscode.Uri): Promise<void> {
    const text = await vscode.workspace.fs.readFile(uri).then(
      (bytes) => Buffer.from(bytes).toString(),
      () => this.written,
    );
    if (text !== this.written) this.didChange.fire();
  }
}

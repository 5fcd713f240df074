import * as vscode from 'vscode';
import { runCommand } from '../../platform/commands.ts';
import { displayText } from '../../platform/displayText.ts';
import type { ContactsModel } from '../contactsModel.ts';
import type { ContactRow } from './contactsTree.ts';
import { contactName, contactPhone } from '../contactName.ts';

/** What lists of files come as: those of VS Code's own explorer, and those of the desktop. */
const fileLists = ['text/uri-list', 'files'];
/** Files are imported one after the other, each with its questions. */
const maxFiles = 10;

/**
 * Lets contacts be dragged into an editor, where each becomes a line of text, and files with contacts be dropped on the
 * list.
 */
export class ContactDrag implements vscode.TreeDragAndDropController<ContactRow> {
  readonly dragMimeTypes = ['text/plain'];
  readonly dropMimeTypes = fileLists;
  private readonly model: ContactsModel;

  constructor(model: ContactsModel) {
    this.model = model;
  }

  handleDrag(rows: readonly ContactRow[], dataTransfer: vscode.DataTransfer): void {
    const lines = rows.flatMap((row) => {
      const contact = row.kind === 'contact' ? this.model.find(row.contactId) : undefined;
      if (contact === undefined) return [];
      const { email } = contact;
      const phone = contactPhone(contact);
      const parts = [contactName(contact), email && `<${email}>`, phone].filter((part) => part !== undefined);
      return [displayText(parts.filter(Boolean).join(' '), 'label')];
    });
    if (lines.length > 0) dataTransfer.set('text/plain', new vscode.DataTransferItem(lines.join('\n')));
  }

  async handleDrop(_: ContactRow | undefined, dataTransfer: vscode.DataTransfer): Promise<void> {
    const listed = await dataTransfer.get('text/uri-list')?.asString();
    const uris = (listed ?? '')
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => vscode.Uri.parse(line));
    const files = [...dataTransfer].map(([, item]) => item.asFile()?.uri).filter((uri) => uri !== undefined);
    const dropped = uris.length > 0 ? uris : files;
    for (const uri of dropped.slice(0, maxFiles)) await runCommand('contactLookup.importContacts', uri);
  }
}

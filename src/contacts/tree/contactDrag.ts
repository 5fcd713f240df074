import * as vscode from 'vscode';
import type { Contact } from '../../api/decode/contact.ts';
import { displayTerm } from '../../platform/displayText.ts';
import type { ContactRow } from './contactsTree.ts';
import { contactName, contactPhone } from '../contactName.ts';

/** What lists of files come as: those of VS Code's own explorer, and those of the desktop. */
const fileLists = ['text/uri-list', 'files'];

/**
 * Lets contacts be dragged into an editor, where each becomes a line of text, and files with contacts be dropped on the
 * list.
 */
export class ContactDrag implements vscode.TreeDragAndDropController<ContactRow> {
  readonly dragMimeTypes = ['text/plain'];
  readonly dropMimeTypes = fileLists;
  private readonly contactOf: (row: ContactRow) => Contact | undefined;

  constructor(contactOf: (row: ContactRow) => Contact | undefined) {
    this.contactOf = contactOf;
  }

  handleDrag(rows: readonly ContactRow[], dataTransfer: vscode.DataTransfer): void {
    const lines = rows.flatMap((row) => {
      const contact = this.contactOf(row);
      if (contact === undefined) return [];
      const { email } = contact;
      const phone = contactPhone(contact);
      const parts = [contactName(contact), email && `<${email}>`, phone].filter((part) => part !== undefined);
      return [displayTerm(parts.filter(Boolean).join(' '), 'label')];
    });
    if (lines.length > 0) dataTransfer.set('text/plain', new vscode.DataTransferItem(lines.join('\n')));
  }

  async handleDrop(_: ContactRow | undefined, dataTransfer: vscode.DataTransfer): Promise<void> {
    const { importDropped } = await import('./droppedFiles.ts');
    await importDropped(dataTransfer);
  }
}

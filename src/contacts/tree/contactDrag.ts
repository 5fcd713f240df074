import * as vscode from 'vscode';
import { displayText } from '../../platform/displayText.ts';
import type { ContactsModel } from '../contactsModel.ts';
import type { ContactRow } from './contactsTree.ts';
import { contactName, contactPhone } from '../contactName.ts';

/** Lets contacts be dragged into an editor, where each becomes a line of text. Nothing can be dropped on the list. */
export class ContactDrag implements vscode.TreeDragAndDropController<ContactRow> {
  readonly dragMimeTypes = ['text/plain'];
  readonly dropMimeTypes = [];
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
}

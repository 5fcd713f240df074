import * as vscode from 'vscode';
import type { ContactFile } from '../../api/decode/history.ts';
import { contactFileScheme } from './contactFileSystem.ts';
import { safeFileName } from './fileName.ts';

/** Where a contact's file is in VS Code. The name is for the tab only; the ids say which file it is. */
export const contactFileUri = (contactId: string, file: ContactFile, name = safeFileName(file.name)): vscode.Uri =>
  vscode.Uri.from({
    scheme: contactFileScheme,
    path: `/${[contactId, file.id].map(encodeURIComponent).join('/')}/${name}`,
    ...(file.conversationId === undefined
      ? {}
      : { query: new URLSearchParams({ conversation: file.conversationId }).toString() }),
  });

import type { AgentTool, ToolParts } from './agentTool.ts';
import { addComment, createContact, editLabels, updateContact } from './changingTools.ts';
import { getContact, getMessages, listUnread, searchContacts } from './readingTools.ts';
import type { toolKinds, ToolName } from './toolKinds.ts';

export type AgentTools = { readonly [Name in ToolName]: Extract<AgentTool, { kind: (typeof toolKinds)[Name] }> };

/** The tools of VS Code's own agents and of those that come by the Model Context Protocol. */
export const agentTools = (parts: ToolParts): AgentTools => ({
  searchContacts: { kind: 'reading', read: (input, signal) => searchContacts(parts.session, input, signal) },
  getContact: { kind: 'reading', read: (input, signal) => getContact(parts.session, input, signal) },
  getMessages: { kind: 'reading', read: (input, signal) => getMessages(parts.session, input, signal) },
  listUnreadNotifications: { kind: 'reading', read: (_input, signal) => listUnread(parts.session, signal) },
  updateContact: { kind: 'changing', propose: (input, signal) => updateContact(parts, input, signal) },
  editLabels: { kind: 'changing', propose: (input, signal) => editLabels(parts, input, signal) },
  addComment: { kind: 'changing', propose: (input, signal) => addComment(parts, input, signal) },
  createContact: { kind: 'changing', propose: (input) => createContact(parts, input) },
});

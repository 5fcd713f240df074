/**
 * What agents may do, by the names that follow `contactLookup_` in package.json, which says what a model is told of each:
 * only read, or change something once a person has said yes.
 */
export const toolKinds = {
  searchContacts: 'reading',
  getContact: 'reading',
  getMessages: 'reading',
  listUnreadNotifications: 'reading',
  updateContact: 'changing',
  editLabels: 'changing',
  addComment: 'changing',
  createContact: 'changing',
} as const;
export type ToolName = keyof typeof toolKinds;

const prefix = 'contactLookup_';

/** A tool by its name in package.json; `undefined` where there is none. */
export function toolNamed(id: string): ToolName | undefined {
  const name = id.startsWith(prefix) ? id.slice(prefix.length) : '';
  return Object.hasOwn(toolKinds, name) ? (name as ToolName) : undefined;
}

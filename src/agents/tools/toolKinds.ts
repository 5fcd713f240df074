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

export const isToolName = (name: string): name is ToolName => Object.hasOwn(toolKinds, name);

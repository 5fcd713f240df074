/** The tools with all that they need, loaded when a model first uses one. */
export { GetContact, ListUnreadNotifications, SearchContacts } from './readingTools.ts';
export { UpdateContact } from './updateTool.ts';

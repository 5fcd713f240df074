/** The API service as a library: everything its callers may use. */
export * from './apiError.ts';
export * from './contactChanges.ts';
export * from './contactService.ts';
export * from './credential.ts';
export * from './serverAddress.ts';
export * from './serverQuirks.ts';
export * from './signInService.ts';
export type { Contact } from './decode/contact.ts';
export type { ForeignMediaRule } from './media/foreignMedia.ts';
export type { Activity, Author, Comment, ContactFile, Conversation, Message } from './decode/history.ts';
export type { Notification, NotificationPage } from './decode/notification.ts';
export type { Page, PageRequest } from './decode/page.ts';
export type { Timings } from './limits.ts';
export type { AttemptRecord, TransportOptions } from './transport.ts';

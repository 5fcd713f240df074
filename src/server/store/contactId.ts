import { randomUUID } from 'node:crypto';

/**
 * An id for a new contact: a UUID of version 7, which begins with its moment. Ids of one time lie together in every
 * index, so that many new ones at once touch few of its pages.
 */
export function newContactId(): string {
  const milliseconds = Date.now().toString(16).padStart(12, '0');
  return `con_${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${randomUUID().slice(15)}`;
}

import { randomUUID } from 'node:crypto';

/**
 * An id for a new contact.
 * @param together what the ids of many new ones at once begin with, of letters and digits of chance: these lie together
 * in every index, and so touch few of its pages. A search finds parts of ids, so none of it may be the same for long.
 */
export const newContactId = (together = ''): string => `con_${together}${randomUUID().slice(together.length)}`;

import * as v from 'valibot';
import { author } from './history.ts';

/** A notification as the contact server sends it (docs/contract.md, section 4.7). */
export const notificationRecord = v.object({
  object_name: v.literal('notifications'),
  id: v.string(),
  title: v.string(),
  content: v.string(),
  from: v.nullable(author),
  type: v.number(),
  /** The ids of what it leads to. */
  action_to: v.record(v.string(), v.string()),
  recipient: v.string(),
  is_read: v.boolean(),
  created_at: v.string(),
  action_disable: v.boolean(),
  channel_type: v.string(),
  /** Our own server says whose conversation it is about. */
  contact: v.nullable(author),
});
export type NotificationRecord = v.InferOutput<typeof notificationRecord>;

export const notificationList = v.object({
  data: v.array(notificationRecord),
  count: v.number(),
  total: v.number(),
  unread_count: v.number(),
  has_more: v.boolean(),
});

const whichFault = 'notification_id must be an id or a list of ids';
const id = v.string();
const ids = v.pipe(v.array(id), v.nonEmpty(whichFault));
const oneOrMore = v.union([
  v.pipe(
    id,
    v.transform((one) => [one]),
  ),
  ids,
]);

/** The three documented forms of whom a read or a dismissal is about: in an object under either name, or bare. */
export const notificationsRequest = v.union(
  [
    oneOrMore,
    v.pipe(
      v.object({ notification_id: oneOrMore }),
      v.transform(({ notification_id: named }) => named),
    ),
    v.pipe(
      v.object({ ids: oneOrMore }),
      v.transform(({ ids: named }) => named),
    ),
  ],
  whichFault,
);

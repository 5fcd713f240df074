import * as v from 'valibot';

/** A list as the contact server sends it: `count` match in all, and `total` are on this page (section 4.1). */
export const listOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({
    object_name: v.literal('list'),
    data: v.array(item),
    nested: v.object({}),
    has_more: v.boolean(),
    count: v.number(),
    total: v.number(),
    /** Of a search: false where more match than were counted. */
    count_is_exact: v.optional(v.boolean()),
    /** Of a search: nobody matches, and these come nearest. */
    is_near: v.optional(v.boolean()),
    /** Of a list of contacts: these are those of the channels and labels that were asked for. */
    is_filtered: v.optional(v.boolean()),
    /** The labels that any contact has, where they were asked for. */
    labels_in_use: v.optional(v.array(v.string())),
  });

export interface ListAnswer<Item> {
  object_name: 'list';
  data: Item[];
  nested: Record<string, never>;
  has_more: boolean;
  count: number;
  total: number;
  count_is_exact?: boolean;
  is_near?: boolean;
  is_filtered?: boolean;
  labels_in_use?: string[];
}

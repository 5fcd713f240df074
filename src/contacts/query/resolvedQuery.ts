import { isCancelled } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { fold } from '../../contract/folding.ts';
import { labelsKnown } from './labelsKnown.ts';
import type { ContactQuery } from './contactQuery.ts';
import { parseQuery } from './queryLanguage.ts';

/** What a server is asked for, and whom of its answers a query means. */
export interface ResolvedQuery {
  /** What it searches for. */
  text: string;
  /** Whether its answers are looked through for those who are meant. */
  isFiltered: boolean;
  /** What it leaves out where it can; absent where there is nothing of the kind. */
  filter: { channels: readonly string[]; labels: readonly string[] } | undefined;
  /** Whether nothing else is to be left out. */
  isAll: boolean;
  matches: (contact: Contact) => boolean;
}

/** @param service whom the labels are asked of that a text may mean. @throws ApiError */
export async function resolved(
  { text, channels, labels }: ContactQuery,
  service: ContactService,
  signal: AbortSignal,
): Promise<ResolvedQuery> {
  const { channel, label, hasConditions, hasOthers, ...parsed } = parseQuery(text);
  // A search by words has no filters.
  const isList = parsed.text === '';
  const meant = isList && labels.length === 0 && label !== undefined ? await labelsMeant(label, service, signal) : [];
  const filter = {
    channels: channels.length > 0 || channel === undefined ? channels : [channel],
    labels: labels.length > 0 ? labels : (meant ?? []),
  };
  const isNarrow = filter.channels.length + filter.labels.length > 0;
  const isTwice = (channels.length > 0 && channel !== undefined) || (labels.length > 0 && label !== undefined);
  return {
    text: parsed.text,
    isFiltered: channels.length > 0 || labels.length > 0 || hasConditions,
    filter: isNarrow && isList ? filter : undefined,
    isAll: !hasOthers && !isTwice && meant !== undefined,
    matches: (contact) =>
      (channels.length === 0 || channels.includes((contact.channel_type ?? '').toLowerCase())) &&
      (labels.length === 0 || labels.some((each) => contact.labels.includes(each))) &&
      parsed.matches(contact),
  };
}

/**
 * Labels in any case of their letters, with and without accents; `undefined` where the server does not say which there
 * are.
 */
async function labelsMeant(
  typed: string,
  service: ContactService,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const inUse = await labelsKnown(service, signal).catch((error: unknown) => {
    if (isCancelled(error)) throw error;
    // Everybody is looked through then, which fails with its own words if it does.
    return undefined;
  });
  const meant = inUse?.filter((label) => fold(label) === fold(typed));
  return meant?.length === 0 ? [typed] : meant;
}

import type { ContactService } from '../../api/contactService.ts';
import { allContacts } from './contactQuery.ts';
import { ContactReader, maxScannedPerRead } from './contactReader.ts';
import { labelsKnown } from './labelsKnown.ts';

const pageSize = 500;

/**
 * The labels that contacts have; of a server that does not say, those of the newest 5,000: the contract has no list of
 * labels, and to look through all may take minutes.
 * @throws ApiError
 */
export async function labelsInUse(service: ContactService, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const known = await labelsKnown(service, signal);
  if (known !== undefined) return new Set(known);
  const reader = new ContactReader(service, allContacts, true);
  const labels = new Set<string>();
  for (let hasMore = true, lookedAt = 0; hasMore && lookedAt < maxScannedPerRead;) {
    const read = await reader.read(pageSize, pageSize, signal);
    for (const label of read.contacts.flatMap((contact) => contact.labels)) labels.add(label);
    ({ hasMore, lookedAt } = read);
  }
  return labels;
}

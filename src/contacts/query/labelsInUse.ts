import type { ContactService } from '../../api/contactService.ts';
import { allContacts } from './contactQuery.ts';
import { ContactReader, maxScannedPerRead } from './contactReader.ts';

const pageSize = 500;

/**
 * The labels of the newest 5,000 contacts: the contract has no list of labels, and to look through all may take minutes.
 * @throws ApiError
 */
export async function labelsInUse(service: ContactService, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const reader = new ContactReader(service, allContacts, true);
  const labels = new Set<string>();
  for (let hasMore = true, lookedAt = 0; hasMore && lookedAt < maxScannedPerRead;) {
    const read = await reader.read(pageSize, pageSize, signal);
    for (const label of read.contacts.flatMap((contact) => contact.labels)) labels.add(label);
    ({ hasMore, lookedAt } = read);
  }
  return labels;
}

import type { ContactService } from '../../api/contactService.ts';

/** Those that do not say, unless their contacts are on this machine. */
const silent = new WeakSet<ContactService>();

/** The labels that any contact has, where the server says or all contacts are on this machine. @throws ApiError */
export async function labelsKnown(
  service: ContactService,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  if (silent.has(service) && service.mirror?.isWhole !== true) return undefined;
  const { labelsInUse } = await service.list({ limit: 1, withLabels: true, signal });
  if (labelsInUse === undefined) silent.add(service);
  return labelsInUse;
}

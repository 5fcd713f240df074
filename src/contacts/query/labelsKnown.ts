import type { ContactService } from '../../api/contactService.ts';

/** The labels that any contact has, where the server says or all contacts are on this machine. @throws ApiError */
export async function labelsKnown(
  service: ContactService,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  return (await service.list({ limit: 1, withLabels: true, isBackground: true, signal })).labelsInUse;
}

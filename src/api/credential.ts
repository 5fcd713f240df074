/** What proves who asks (contract, section 2). */
export interface Credential {
  value: string;
  organizationId?: string | undefined;
}

export const isJwt = (token: string): boolean => /^eyJ[^.]+\.[^.]+\.[^.]*$/.test(token);

/** The headers for a credential; which header follows from what the credential looks like. */
export function credentialHeaders({ value, organizationId }: Credential): Record<string, string> {
  const organization: Record<string, string> =
    organizationId === undefined ? {} : { 'x-organization-id': organizationId };
  if (value.startsWith('api_')) return { 'x-api-key': value, ...organization };
  if (isJwt(value) && organizationId !== undefined) return { authorization: `Bearer ${value}`, ...organization };
  return { 'x-access-token': value, ...organization };
}

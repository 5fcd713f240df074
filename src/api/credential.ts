/** What proves who asks (contract, section 2). */
export interface Credential {
  value: string;
  organizationId?: string;
}

/** The headers for a credential; which header follows from what the credential looks like. */
export function credentialHeaders({ value, organizationId }: Credential): Record<string, string> {
  const organization: Record<string, string> =
    organizationId === undefined ? {} : { 'x-organization-id': organizationId };
  if (value.startsWith('api_')) return { 'x-api-key': value, ...organization };
  const isJwt = /^eyJ[^.]+\.[^.]+\.[^.]*$/.test(value);
  if (isJwt && organizationId !== undefined) return { authorization: `Bearer ${value}`, ...organization };
  return { 'x-access-token': value, ...organization };
}

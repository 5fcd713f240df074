/** What commands are given. Anybody can run one with anything. */

/** The contact that a row, a link or another command names. */
export function contactIdIn(given: unknown): string | undefined {
  const id = textArgument(given, 'contactId');
  return id === undefined || id.length > 200 ? undefined : id;
}

export function textArgument(given: unknown, name: 'contactId' | 'tab' | 'text' | 'field'): string | undefined {
  const text = (given as Partial<Record<typeof name, unknown>> | null | undefined)?.[name];
  return typeof text === 'string' ? text : undefined;
}

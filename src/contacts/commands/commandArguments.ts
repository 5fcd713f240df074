/** What commands are given. Anybody can run one with anything. */

/** The contact that a row, a link or another command names. */
export function contactIdIn(argument: unknown): string | undefined {
  const id = textArgument(argument, 'contactId');
  return id === undefined || id.length > 200 ? undefined : id;
}

/** Reads one text property of a command's untrusted argument. */
export function textArgument(
  argument: unknown,
  name: 'contactId' | 'conversationId' | 'tab' | 'text' | 'field',
): string | undefined {
  const text = (argument as Partial<Record<typeof name, unknown>> | null | undefined)?.[name];
  return typeof text === 'string' ? text : undefined;
}

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

/** Those of all rows that are selected, or of one; rows that are no contacts are left out. */
export function idsIn(argument: unknown, selected: unknown): string[] {
  const rows: unknown[] = Array.isArray(selected) && selected.length > 0 ? selected : [argument];
  return rows.map(contactIdIn).filter((id) => id !== undefined);
}

/** Whether the command came from our keybinding, which passes this flag so that it acts on the list's selection. */
export const isForSelection = (argument: unknown): boolean =>
  (argument as { isForSelection?: unknown } | null | undefined)?.isForSelection === true;

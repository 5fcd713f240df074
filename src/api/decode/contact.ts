import { contactTextFields, type ContactTextField } from '../../contract/vocabulary.ts';
import { isObject, ObjectReader, readItems, type JsonObject, type OnDropped } from './primitives.ts';

/** A contact (contract, section 4.2) under the wire's own field names. A field that is not set is absent. */
export type Contact = { readonly [Field in ContactTextField]?: string } & {
  readonly id: string;
  readonly labels: readonly string[];
  readonly additional_params: Readonly<JsonObject>;
  /** What the server sent beyond the contract. */
  readonly other: Readonly<JsonObject>;
};

const idNames = ['id', '_id', 'public_id'] as const;
const knownNames: ReadonlySet<string> = new Set([
  ...idNames,
  ...contactTextFields,
  'object_name',
  'labels',
  'additional_params',
]);

/** Returns `undefined` for what is no contact: it has no id. */
export function decodeContact(value: unknown, path: string, onDropped: OnDropped): Contact | undefined {
  if (!isObject(value)) return undefined;
  const reader = new ObjectReader(value, path, onDropped);
  const id = reader.text(...idNames);
  if (id === undefined) return undefined;
  const fields: { [Field in ContactTextField]?: string } = {};
  for (const field of contactTextFields) {
    const text = reader.text(field);
    if (text !== undefined) fields[field] = text;
  }
  return {
    ...fields,
    id,
    labels: labelNames(value['labels'], `${path}.labels`, onDropped),
    additional_params: reader.object('additional_params')?.value ?? {},
    other: Object.fromEntries(Object.entries(value).filter(([name]) => !knownNames.has(name))),
  };
}

/** Labels come as texts or as `{name, color}`. */
function labelNames(value: unknown, path: string, onDropped: OnDropped): string[] {
  if (!Array.isArray(value)) return [];
  return readItems(value, path, onDropped, (label) => {
    if (typeof label === 'string') return label;
    return isObject(label) && typeof label['name'] === 'string' ? label['name'] : undefined;
  });
}

import { contactTextFields, type ContactTextField } from '../../contract/vocabulary.ts';
import { isObject, type JsonObject } from '../../contract/json.ts';
import { ObjectReader, readItems, type OnDropped } from './primitives.ts';

/** A contact (contract, section 4.2) under the wire's own field names. A field that is not set is absent. */
export type Contact = { readonly [Field in ContactTextField]?: string } & {
  readonly id: string;
  readonly labels: readonly string[];
  readonly additional_params: Readonly<JsonObject>;
  /** What the server sent beyond the contract. */
  readonly other: Readonly<JsonObject>;
};

const idNames = ['id', '_id', 'public_id'] as const;
/** Not among what is unknown; the last would set a prototype. */
const structuralNames: ReadonlySet<string> = new Set([
  ...idNames,
  'object_name',
  // What an update says that it did (contract, section 4.2).
  'action',
  'labels',
  'additional_params',
  '__proto__',
]);
const textFields: ReadonlySet<string> = new Set(contactTextFields);
const isTextField = (name: string): name is ContactTextField => textFields.has(name);

/** Returns `undefined` for what is no contact: it has no id. */
export function decodeContact(value: unknown, path: string, onDropped: OnDropped): Contact | undefined {
  if (!isObject(value)) return undefined;
  const id = typeof value['id'] === 'string' && value['id'] !== '' ? value['id'] : readerOf().text(...idNames);
  if (id === undefined) return undefined;
  // A page has thousands of these, so they are read without the reader's ceremony, into one object.
  const contact: Writable<Contact> = { id, labels: noLabels, additional_params: nothing, other: nothing };
  let other: JsonObject | undefined;
  // JSON objects have no inherited names, and this is the loop that engines make fast.
  // oxlint-disable-next-line guard-for-in
  for (const name in value) {
    const item = value[name];
    if (item === '' || item === null) continue;
    if (isTextField(name)) {
      if (typeof item === 'string') contact[name] = item;
      else onDropped(`${path}.${name}`, 'not text');
    } else if (!structuralNames.has(name)) {
      other ??= {};
      other[name] = item;
    }
  }
  if (other !== undefined) contact.other = other;
  const { labels, additional_params: parameters } = value;
  if (!Array.isArray(labels) || labels.length > 0) contact.labels = labelNames(labels, path, onDropped);
  const given = isObject(parameters) ? parameters : readerOf().object('additional_params')?.value;
  if (given !== undefined && !isEmpty(given)) contact.additional_params = given;
  return contact;

  function readerOf(): ObjectReader {
    return new ObjectReader(value as JsonObject, path, onDropped);
  }
}

/** Most contacts have none of these, and a list has thousands of contacts. */
const noLabels: readonly string[] = Object.freeze([]);
const nothing: Readonly<JsonObject> = Object.freeze({});

function isEmpty(value: JsonObject): boolean {
  // oxlint-disable-next-line guard-for-in
  for (const _ in value) return false;
  return true;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Labels come as texts or as `{name, color}`. */
function labelNames(value: unknown, path: string, onDropped: OnDropped): string[] {
  if (!Array.isArray(value)) return [];
  if (value.length === 0) return [];
  return readItems(value, `${path}.labels`, onDropped, (label) => {
    if (typeof label === 'string') return label;
    return isObject(label) && typeof label['name'] === 'string' ? label['name'] : undefined;
  });
}

import * as v from 'valibot';
import { isWithinDepth } from './json.ts';
import { jsonObject, requestBody } from './request.ts';
import {
  contactTextFields,
  maxLabelLength,
  maxLabels,
  maxParametersDepth,
  maxParametersLength,
  maxTextLength,
  otherSpellings,
  type ContactTextField,
} from './vocabulary.ts';

/** A contact as the contact server sends it (docs/contract.md, section 4.2). What is not set is `''`, or null. */
export const contactRecord = v.object({
  object_name: v.literal('contact'),
  id: v.string(),
  ...v.entriesFromList(contactTextFields, v.nullable(v.string())),
  labels: v.array(v.string()),
  additional_params: v.record(v.string(), v.unknown()),
});
export type ContactRecord = v.InferOutput<typeof contactRecord>;

/** The answer of an update says that it is one. */
export const updatedContactRecord = v.object({ ...contactRecord.entries, action: v.string() });

/** Fields that the server sets itself. */
export const serverFields = ['organization_id', 'created_at', 'updated_at', 'updated_by'] as const;
export type WritableField = Exclude<ContactTextField, (typeof serverFields)[number]>;
export const writableFields = contactTextFields.filter(
  (field): field is WritableField => !(serverFields as readonly string[]).includes(field),
);

const text = v.pipe(v.string('must be text'), v.maxLength(maxTextLength, `is longer than ${maxTextLength} characters`));
/** Null unsets a field. */
const settable = v.optional(v.nullable(text));
const label = v.union([
  v.string(),
  v.pipe(
    v.object({ name: v.string() }),
    v.transform(({ name }) => name),
  ),
]);
const labels = v.pipe(
  v.array(label, 'must be a list of text'),
  v.maxLength(maxLabels, `has more than ${maxLabels} labels`),
  v.check(
    (names) => names.every((name) => name.length <= maxLabelLength),
    `has a label of more than ${maxLabelLength} characters`,
  ),
);
/** A page of contacts has hundreds of these, and what is nested takes many times as much memory as it has characters. */
const parameters = v.pipe(
  jsonObject('must be an object'),
  v.check((value) => isWithinDepth(value, maxParametersDepth), `is nested deeper than ${maxParametersDepth}`),
  v.check(
    (value) => JSON.stringify(value).length <= maxParametersLength,
    `is longer than ${maxParametersLength} characters`,
  ),
);

/** What a create or an update takes; the fields that are not there stay as they were. */
export const contactRequest = requestBody({
  ...v.entriesFromList(writableFields, settable),
  ...v.entriesFromList(Object.values(otherSpellings), settable),
  labels: v.optional(v.nullable(labels)),
  additional_params: v.optional(parameters),
});
export type ContactRequest = v.InferOutput<typeof contactRequest>;

const id = v.pipe(v.optional(v.string('must be text'), ''), v.minLength(1, 'must be an id'));
/** Two contacts that are the same person: which of them goes, and what of it the other is to have. */
export const mergeRequest = requestBody({ contact_id: id, changes: v.optional(contactRequest, {}) });
/** The contact that stays, with what takes the merge back. */
export const mergedContactRecord = v.object({ ...contactRecord.entries, merge_id: v.string() });
export const undoMergeRequest = requestBody({ merge_id: id });
/** What a merge was, taken back. */
export const unmergedContacts = v.object({ data: v.array(contactRecord) });

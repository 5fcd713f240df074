import type { EditableField } from '../api/contactChanges.ts';

/** What a user may change in a form, in its order; labels are written one a line. */
export const formFields = [
  'display_name',
  'first_name',
  'last_name',
  'email',
  'phone_number',
  'company_name',
  'position',
  'location',
  'gender',
  'language',
  'labels',
  'remark',
] as const satisfies readonly (EditableField | 'labels')[];
export type FormField = (typeof formFields)[number];

/** Those that are one text; labels are several. */
export type TextField = Exclude<FormField, 'labels'>;
export const textFields = formFields.filter((field): field is TextField => field !== 'labels');

export const isFormField = (name: unknown): name is FormField => formFields.some((field) => field === name);

import * as vscode from 'vscode';
import { isApiError, isCancelled, isUnreachable } from '../../api/apiError.ts';
import { ignoredFields, type ContactChanges } from '../../api/contactChanges.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { sentenceFor } from '../../platform/errorReport.ts';
import { displayTerm, displayText } from '../../platform/displayText.ts';
import type { ConflictView, FormFieldView, FormView } from '../../protocol/contactViews.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';
import { choicesOf, plainGender, valueInWords } from '../fieldChoices.ts';
import { normalizeField, typedField, validate, type Validation } from '../fieldRules.ts';
import { formFields, isFormField, textFields, type FormField, type TextField } from '../formFields.ts';
import { normalizePhone } from '../../contract/internationalNumber.ts';
import type { Draft } from './drafts.ts';

type Values = Record<FormField, string>;

/** What was saved, for one step back. */
export interface SavedChange {
  before: Partial<Values>;
  after: Partial<Values>;
  /** What stood beside the phone number, which a server may have changed with it. */
  areaCode: string;
  /** The whole name, which a server makes anew of the parts that were saved (contract, section 4.2). */
  madeName?: { before: string; after: string };
}

export type SaveResult =
  /** `refused` has what the server did not take, by field. */
  | { kind: 'saved'; contact: Contact; refused: Readonly<Record<string, string>>; change: SavedChange }
  /** With the contact as somebody else has changed it, where that was chosen. */
  | { kind: 'unchanged'; contact: Contact | undefined }
  /** Not saved; the form says why, of a field where it is one's. `isUnsent` where the server did not answer. */
  | { kind: 'open'; field?: FormField | undefined; isUnsent?: boolean };

/** A contact while it is being edited: what was changed, what is wrong with it, and what others changed meanwhile. */
export class ContactForm {
  private readonly onChange: () => void;
  private readonly labelsInUse: () => readonly string[];
  private readonly areaCode: string;
  private base: Values;
  private values: Values;
  private readonly validations = new Map<FormField, Validation>();
  private conflicts: FormField[] = [];
  /** As somebody else has changed it. */
  private changedContact: Contact | undefined;
  private message = '';
  private isSaving = false;

  /**
   * @param onChange told when there is something else to show.
   * @param labelsInUse labels of other contacts, which are offered.
   */
  constructor(
    contact: Contact,
    draft: Draft | undefined,
    onChange: () => void,
    labelsInUse: () => readonly string[] = () => [],
  ) {
    this.onChange = onChange;
    this.labelsInUse = labelsInUse;
    this.areaCode = contact.area_code ?? '';
    this.base = valuesOf(contact);
    this.values = { ...this.base };
    // A draft is compared with the values it was based on, so that a later change by somebody else is a conflict.
    for (const field of formFields) {
      const kept = draft?.fields[field];
      // Already saved in the meantime, from another window or just before this one closed: no longer a change.
      if (kept === undefined || kept.to === this.base[field] || isStored(field, kept.to, contact)) continue;
      this.base[field] = kept.from;
      this.values[field] = kept.to;
    }
  }

  /** Whether what was changed is on its way to the server. */
  get isBeingSaved(): boolean {
    return this.isSaving;
  }

  get isDirty(): boolean {
    return this.changedFields.length > 0;
  }

  get draftFields(): Draft['fields'] {
    return Object.fromEntries(
      this.changedFields.map((field) => [field, { from: this.base[field], to: this.values[field] }]),
    );
  }

  get view(): FormView {
    const { theirs } = this;
    const labels = formLabels();
    const label = (field: FormField): string => labels[field];
    const conflicts = this.conflicts.map((field): ConflictView => ({
      name: field,
      label: label(field),
      mine: valueInWords(field, this.values[field]),
      theirs: valueInWords(field, theirs?.[field] ?? ''),
    }));
    return {
      fields: formFields.map((field) => ({
        name: field,
        label: label(field),
        value: this.values[field],
        ...this.inputOf(field),
        fault: this.validations.get(field)?.fault ?? '',
        hint: this.validations.get(field)?.hint ?? '',
      })),
      isDirty: this.isDirty,
      isSaving: this.isSaving,
      message: this.message,
      conflicts,
    };
  }

  private inputOf(field: FormField): Pick<FormFieldView, 'kind' | 'options'> {
    if (field === 'labels') {
      const options = this.labelsInUse().map((value) => ({ value, label: displayTerm(value, 'label') }));
      return { kind: 'labels', options };
    }
    const options = choicesOf(field, [this.base[field], this.values[field]]);
    return options === undefined
      ? { kind: field === 'remark' ? 'lines' : 'line', options: [] }
      : { kind: 'choice', options };
  }

  async set(field: FormField, text: string): Promise<void> {
    if (this.isSaving) return;
    this.values[field] = text;
    this.message = '';
    this.conflicts = [];
    const validation = await validate(field, text, this.areaCode);
    // Another text may have come meanwhile.
    if (this.values[field] === text) this.validations.set(field, validation);
    this.onChange();
  }

  /** Says why it cannot be saved now. */
  refuse(message: string): void {
    this.message = message;
    this.onChange();
  }

  /** Takes the user's choice for each field that somebody else has changed too. */
  resolve(choices: Readonly<Record<string, 'mine' | 'theirs'>>): void {
    const { theirs } = this;
    for (const field of this.conflicts) {
      const text = theirs?.[field] ?? '';
      if (choices[field] === 'theirs') this.values[field] = text;
      this.base[field] = text;
    }
    this.conflicts = [];
    this.onChange();
  }

  /** Saves what was changed, unless something is wrong with it or somebody else has changed the same meanwhile. */
  async save(service: ContactService, contactId: string, signal: AbortSignal): Promise<SaveResult> {
    const changed = this.changedFields;
    if (changed.length === 0) return { kind: 'unchanged', contact: this.changedContact };
    if (this.isSaving) return { kind: 'open' };
    const wrong = await this.faultyOf(changed);
    if (wrong.length > 0) {
      const labels = formLabels();
      const names = wrong.map((field) => labels[field]).join(', ');
      return this.keepOpen(vscode.l10n.t('Not saved. Something is wrong with: {0}.', names), wrong[0]);
    }
    this.setStatus(true, '');
    try {
      const stored = await service.get(contactId, { signal, isFresh: true });
      const current = valuesOf(stored);
      const wanted: Partial<Values> = {};
      for (const field of changed) {
        const text = this.values[field];
        wanted[field] = field === 'labels' ? text : await typedField(field, text, stored.area_code);
      }
      // What is there may be what this window has saved, without an answer.
      const conflicts = changed.filter(
        (field) =>
          ![this.base[field], this.values[field]].includes(current[field]) &&
          !isStored(field, wanted[field] ?? '', stored),
      );
      if (conflicts.length > 0) {
        this.conflicts = conflicts;
        this.changedContact = stored;
        return this.keepOpen(conflictText(stored.updated_by));
      }
      const { contact, ignored } = await service.update(contactId, changesOf(wanted), { signal });
      this.setStatus(false, '');
      const done = changed.filter((field) => !ignored.includes(field));
      const isMade = !done.includes('display_name') && contact.display_name !== stored.display_name;
      const madeName = { before: stored.display_name ?? '', after: contact.display_name ?? '' };
      const change: SavedChange = {
        before: Object.fromEntries(done.map((field) => [field, current[field]])),
        after: Object.fromEntries(done.map((field) => [field, wanted[field] ?? ''])),
        areaCode: stored.area_code ?? '',
        ...(isMade && nameParts.some((part) => done.includes(part)) ? { madeName } : {}),
      };
      const refused = Object.fromEntries(ignored.map((field) => [field, wanted[field as FormField] ?? '']));
      return { kind: 'saved', contact, refused, change };
    } catch (error) {
      if (isCancelled(error)) return this.keepOpen(vscode.l10n.t('The session has changed meanwhile.'));
      const field = isApiError(error) ? error.field : undefined;
      if (isUnreachable(error) && service.mirror !== undefined) {
        const kept = vscode.l10n.t('What you changed is kept, and offered to be saved when the server answers again.');
        return { ...this.keepOpen(`${sentenceFor(error)} ${kept}`), isUnsent: true };
      }
      return this.keepOpen(sentenceFor(error), field !== undefined && isFormField(field) ? field : undefined);
    }
  }

  /** Those that something is wrong with, in the form's order. */
  private async faultyOf(fields: readonly FormField[]): Promise<FormField[]> {
    for (const field of fields) this.validations.set(field, await validate(field, this.values[field], this.areaCode));
    return fields.filter((field) => this.validations.get(field)?.fault !== undefined);
  }

  private keepOpen(message: string, field?: FormField): Extract<SaveResult, { kind: 'open' }> {
    this.setStatus(false, message);
    return { kind: 'open', field };
  }

  private setStatus(isSaving: boolean, message: string): void {
    this.isSaving = isSaving;
    this.message = message;
    this.onChange();
  }

  /** What the server has of the fields in conflict. */
  private get theirs(): Values | undefined {
    return this.changedContact && valuesOf(this.changedContact);
  }

  private get changedFields(): FormField[] {
    return formFields.filter((field) => this.values[field].trim() !== this.base[field].trim());
  }
}

const nameParts = ['first_name', 'last_name'] as const;

/** Whether a contact has `text`, by what is meant: a server may write it in another way. */
const isStored = (field: FormField, text: string, contact: Contact): boolean =>
  ignoredFields(changesOf({ [field]: text }), contact).length === 0;

/** The question about what was changed twice, by whom where the server says so. */
const conflictText = (name: string | undefined): string =>
  name === undefined
    ? vscode.l10n.t('Somebody else has changed this meanwhile. Which is to stay?')
    : vscode.l10n.t('{0} has changed this meanwhile. Which is to stay?', displayText(name, 'label'));

/** Puts back what was there before `change`, where nobody has changed it since. Returns the fields left alone. */
export async function undo(
  service: ContactService,
  contactId: string,
  { before, after, areaCode, madeName }: SavedChange,
  signal: AbortSignal,
): Promise<{ contact: Contact; kept: FormField[] }> {
  const current = await service.get(contactId, { signal, isFresh: true });
  const fields = Object.keys(before) as FormField[];
  const untouched = fields.filter((field) => isStored(field, after[field] ?? '', current));
  const kept = fields.filter((field) => !untouched.includes(field));
  if (untouched.length === 0) return { contact: current, kept };
  const changes = changesOf(Object.fromEntries(untouched.map((field) => [field, before[field] ?? ''])));
  const isMoved = untouched.includes('phone_number') && (current.area_code ?? '') !== areaCode;
  if (isMoved) changes.area_code = areaCode;
  const isMade = madeName !== undefined && (current.display_name ?? '') === madeName.after;
  if (isMade && nameParts.some((part) => untouched.includes(part))) changes.display_name = madeName.before;
  const { contact } = await service.update(contactId, changes, { signal });
  return { contact, kept };
}

/** The fields' names for the user. */
export const formLabels = (): Record<FormField, string> => ({
  ...fieldLabels(),
  labels: vscode.l10n.t('Labels'),
});

const valuesOf = (contact: Contact): Values => ({
  ...(Object.fromEntries(textFields.map((field) => [field, contact[field] ?? ''])) as Record<TextField, string>),
  phone_number: normalizePhone(contact.phone_number ?? ''),
  gender: plainGender(contact.gender ?? ''),
  labels: contact.labels.join('\n'),
});

function changesOf({ labels, ...texts }: Partial<Values>): ContactChanges {
  const changes: ContactChanges = Object.fromEntries(
    Object.entries(texts).map(([field, text]) => [field, normalizeField(field as TextField, text)]),
  );
  if (labels === undefined) return changes;
  const names = labels.split('\n').map((label) => label.trim());
  return { ...changes, labels: [...new Set(names.filter(Boolean))] };
}

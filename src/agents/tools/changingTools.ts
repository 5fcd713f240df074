import * as vscode from 'vscode';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { isNothing, labelsAfter } from '../../contacts/commands/labelChange.ts';
import { normalizeField, typedField, validate } from '../../contacts/fieldRules.ts';
import { textFields, type TextField } from '../../contacts/formFields.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';
import type { Session } from '../../session/session.ts';
import {
  nameForAgent,
  serviceFor,
  textInput,
  textsInput,
  type ChangedField,
  type ProposedChange,
  type ToolInput,
  type ToolParts,
} from './agentTool.ts';

type Changes = Partial<Record<TextField, string>>;

const maxCommentLength = 5_000;

export async function updateContact(
  { session, model }: ToolParts,
  input: ToolInput,
  asked: AbortSignal,
): Promise<ProposedChange> {
  const changes = await changesIn(input, 'changes');
  const { service, contact } = await contactIn(input, session, asked);
  await nameCountry(changes, contact.area_code);
  return {
    kind: 'update',
    contact,
    rows: changedFields(contact, changes),
    carryOut: async (signal) => {
      const now = await service.get(contact.id, { isFresh: true, signal });
      const isAsShown = textFields.every((field) => !(field in changes) || now[field] === contact[field]);
      if (!isAsShown) throw new Error('Somebody has changed these fields meanwhile. Get the contact, and ask again.');
      const { contact: updated, ignored } = await service.update(contact.id, changes, { signal });
      model.accept(updated);
      const value = {
        updated: textFields.filter((field) => field in changes && !ignored.includes(field)),
        ...(isRenamed(changes) ? { displayName: nameForAgent(updated) } : {}),
        ignoredByServer: ignored,
      };
      return { value, people: 1 };
    },
  };
}

export async function editLabels(
  { session, model }: ToolParts,
  input: ToolInput,
  asked: AbortSignal,
): Promise<ProposedChange> {
  const change = { added: textsInput(input, 'add'), removed: textsInput(input, 'remove') };
  if (isNothing(change)) throw new Error('"add" or "remove" must name at least one label.');
  const { service, contact } = await contactIn(input, session, asked);
  const after = labelsAfter(contact, change);
  return {
    kind: 'labels',
    contact,
    rows: [{ label: vscode.l10n.t('Labels'), before: contact.labels.join(', '), after: after.join(', ') }],
    carryOut: async (signal) => {
      // Of what the contact has by now: a label that somebody has given meanwhile stays.
      const labels = labelsAfter(await service.get(contact.id, { isFresh: true, signal }), change);
      const { contact: updated, ignored } = await service.update(contact.id, { labels }, { signal });
      model.accept(updated);
      return { value: { labels: updated.labels, ignoredByServer: ignored }, people: 1 };
    },
  };
}

export async function addComment(
  { session }: ToolParts,
  input: ToolInput,
  asked: AbortSignal,
): Promise<ProposedChange> {
  const text = textInput(input, 'text', maxCommentLength);
  const { service, contact } = await contactIn(input, session, asked);
  return {
    kind: 'comment',
    contact,
    rows: [{ label: vscode.l10n.t('Comment'), before: '', after: text }],
    carryOut: async (signal) => {
      await service.addComment(contact.id, text, { signal });
      return { value: { added: true }, people: 1 };
    },
  };
}

export async function createContact({ session, model }: ToolParts, input: ToolInput): Promise<ProposedChange> {
  const fields = await changesIn(input, 'fields');
  await nameCountry(fields);
  const service = serviceFor(session);
  return {
    kind: 'create',
    rows: changedFields(undefined, fields),
    carryOut: async (signal) => {
      const contact = await service.create(fields, { signal });
      await model.refresh();
      return { value: { id: contact.id, name: nameForAgent(contact) }, people: 1 };
    },
  };
}

/** Whom the input names, as the server has them now, with the service that is to change them. @throws ApiError */
async function contactIn(
  input: ToolInput,
  session: Session,
  signal: AbortSignal,
): Promise<{ service: ContactService; contact: Contact }> {
  const service = serviceFor(session);
  return { service, contact: await service.get(textInput(input, 'contactId'), { isFresh: true, signal }) };
}

/** @throws {Error} that says which change cannot be made, and why. */
async function changesIn(input: ToolInput, name: string): Promise<Changes> {
  const requested = input[name];
  if (typeof requested !== 'object' || requested === null || Object.keys(requested).length === 0) {
    throw new Error(`"${name}" must name at least one field with its new text.`);
  }
  const changes: Changes = {};
  for (const [key, value] of Object.entries(requested)) {
    const field = textFields.find((offered) => offered === key);
    if (field === undefined) throw new Error(`There is no field "${key}". The fields are ${textFields.join(', ')}.`);
    if (typeof value !== 'string') throw new Error(`"${key}" must be a text.`);
    const { fault } = await validate(field, value);
    if (fault !== undefined) throw new Error(`"${key}": ${fault}`);
    changes[field] = normalizeField(field, value);
  }
  return changes;
}

/** A number that names no country is of the user's own, as where the user types it. */
async function nameCountry(changes: Changes, areaCode?: string): Promise<void> {
  const { phone_number: number } = changes;
  if (number !== undefined) changes.phone_number = await typedField('phone_number', number, areaCode);
}

/** The server makes the display name of the other two when these change (contract, section 4.2). */
const isRenamed = ({ display_name, first_name, last_name }: Changes): boolean =>
  display_name === undefined && (first_name !== undefined || last_name !== undefined);

function changedFields(contact: Contact | undefined, changes: Changes): ChangedField[] {
  const labels = fieldLabels();
  const rows = textFields.flatMap((field) => {
    const after = changes[field];
    return after === undefined ? [] : [{ label: labels[field], before: contact?.[field] ?? '', after }];
  });
  if (contact === undefined || !isRenamed(changes)) return rows;
  const after = vscode.l10n.t('made of the first and last name');
  return [...rows, { label: labels.display_name, before: contact.display_name ?? '', after }];
}

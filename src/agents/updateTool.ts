import * as vscode from 'vscode';
import type { Contact } from '../api/decode/contact.ts';
import type { ContactsModel } from '../contacts/contactsModel.ts';
import { contactName } from '../contacts/contactName.ts';
import { fieldLabels } from '../platform/fieldLabels.ts';
import { validate, normalizeField } from '../contacts/fieldRules.ts';
import { textFields, type TextField } from '../contacts/formFields.ts';
import { displayText } from '../platform/displayText.ts';
import type { Session } from '../session/session.ts';
import { runTool, serviceFor, textInput, withAdvice } from './toolSupport.ts';

type Input = Record<string, unknown>;
type Changes = Partial<Record<TextField, string>>;

/** Changes a contact, once the user has seen what of it and has agreed. */
export class UpdateContact implements vscode.LanguageModelTool<Input> {
  private readonly session: Session;
  private readonly model: ContactsModel;

  constructor(session: Session, model: ContactsModel) {
    this.session = session;
    this.model = model;
  }

  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<Input>): Promise<vscode.PreparedToolInvocation> {
    return withAdvice(async () => {
      const contactId = textInput(input, 'contactId');
      const changes = await changesIn(input);
      const contact = await serviceFor(this.session).get(contactId, { isFresh: true });
      const name = displayText(contactName(contact), 'label');
      return {
        invocationMessage: vscode.l10n.t('Updating {0}', name),
        confirmationMessages: {
          title: vscode.l10n.t('Update {0}?', name),
          message: comparison(contact, changes),
        },
      };
    });
  }

  invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<Input>,
    token: vscode.CancellationToken,
  ): vscode.ProviderResult<vscode.LanguageModelToolResult> {
    return runTool(token, async (signal) => {
      const contactId = textInput(input, 'contactId');
      const changes = await changesIn(input);
      const { contact, ignored } = await serviceFor(this.session).update(contactId, changes, { signal });
      this.model.accept(contact);
      return {
        updated: textFields.filter((field) => field in changes && !ignored.includes(field)),
        ...(isRenamed(changes) ? { displayName: contact.display_name } : {}),
        ignoredByServer: ignored,
      };
    });
  }
}

/** @throws an `Error` that says which change cannot be made, and why. */
async function changesIn(input: Input): Promise<Changes> {
  const requested = input['changes'];
  if (typeof requested !== 'object' || requested === null || Object.keys(requested).length === 0) {
    throw new Error('"changes" must name at least one field with its new text.');
  }
  const changes: Changes = {};
  for (const [name, value] of Object.entries(requested)) {
    const field = textFields.find((offered) => offered === name);
    if (field === undefined) throw new Error(`There is no field "${name}". The fields are ${textFields.join(', ')}.`);
    if (typeof value !== 'string') throw new Error(`"${name}" must be a text.`);
    const { fault } = await validate(field, value);
    if (fault !== undefined) throw new Error(`"${name}": ${fault}`);
    changes[field] = normalizeField(field, value);
  }
  return changes;
}

/** The server makes the display name of the other two when these change (contract, section 4.2). */
const isRenamed = ({ display_name, first_name, last_name }: Changes): boolean =>
  display_name === undefined && (first_name !== undefined || last_name !== undefined);

const shown = (value: string): string => displayText(value, 'tooltip') || vscode.l10n.t('(empty)');

/** Each field's old and new value. Strangers have written the old one and a model the new: both are plain text. */
function comparison(contact: Contact, changes: Changes): vscode.MarkdownString {
  const labels = fieldLabels();
  const text = new vscode.MarkdownString('', false);
  for (const field of textFields) {
    const after = changes[field];
    if (after === undefined) continue;
    text.appendText(`${labels[field]}: ${shown(contact[field] ?? '')} → ${shown(after)}`);
    text.appendMarkdown('\n\n');
  }
  if (isRenamed(changes)) {
    const before = shown(contact.display_name ?? '');
    text.appendText(`${labels.display_name}: ${before} → ${vscode.l10n.t('made of the first and last name')}`);
  }
  return text;
}

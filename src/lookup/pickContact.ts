import * as vscode from 'vscode';
import { isCancelled } from '../api/apiError.ts';
import type { Contact } from '../api/decode/contact.ts';
import { LatestOnly } from '../platform/cancellation.ts';
import { displayText } from '../platform/displayText.ts';
import { sentenceFor, UserError } from '../platform/errorReport.ts';
import type { Session } from '../session/session.ts';
import { theOneMeant } from './personFinder.ts';
import { mentionOf } from './recognise.ts';
import { channelIcon, contactName } from '../contacts/contactText.ts';

const debounceMs = 150;
const resultCount = 50;

/** More letters at once than anybody types between two looks. */
const pastedLength = 4;

interface ContactItem extends vscode.QuickPickItem {
  contact: Contact;
}

interface CopyButton extends vscode.QuickInputButton {
  text: string;
}

/**
 * Asks the user for a contact by searching as they type. The newest contacts are offered before.
 * @param firstQuery what is searched for at once.
 * @returns `undefined` when the user leaves.
 */
export function pickContact(
  session: Session,
  newest: readonly Contact[],
  title: string,
  firstQuery = '',
): Promise<Contact | undefined> {
  const picker = vscode.window.createQuickPick<ContactItem>();
  picker.title = title;
  picker.placeholder = vscode.l10n.t('Name, e-mail, phone or id');
  picker.matchOnDescription = true;
  const latest = new LatestOnly();
  const { promise, resolve } = Promise.withResolvers<Contact | undefined>();
  const accept = (contact: Contact): void => {
    resolve(contact);
    picker.hide();
  };
  let timer: NodeJS.Timeout | undefined;

  const offerNewest = (): void => {
    picker.items = newest.slice(0, resultCount).map(itemOf);
  };
  /** @param isPasted whether an e-mail address, a number or an id that is somebody's opens them at once. */
  const search = async (query: string, isPasted: boolean): Promise<void> => {
    const signal = latest.next();
    const { service } = session;
    if (service === undefined) {
      picker.items = [failed(new UserError(vscode.l10n.t('There is no connection to a contact server now.')))];
      picker.busy = false;
      return;
    }
    try {
      const mention = isPasted ? mentionOf(query) : undefined;
      const exact = mention && (await theOneMeant(service, mention, signal));
      if (exact !== undefined) return accept(exact);
      const page = await service.search({ q: query, limit: resultCount, signal });
      picker.items = page.items.length === 0 ? [nothingFound(query)] : page.items.map(itemOf);
      picker.busy = false;
    } catch (error) {
      if (isCancelled(error)) return;
      picker.items = [failed(error)];
      picker.busy = false;
    }
  };

  let before = '';
  picker.onDidTriggerItemButton(({ button }) => {
    void vscode.env.clipboard.writeText((button as CopyButton).text);
  });
  picker.onDidChangeValue((value) => {
    clearTimeout(timer);
    const isPasted = value.length >= before.length + pastedLength;
    before = value;
    const query = value.trim();
    if (query === '') {
      latest.next();
      picker.busy = false;
      offerNewest();
      return;
    }
    picker.busy = true;
    timer = setTimeout(() => void search(query, isPasted), debounceMs);
  });
  picker.onDidAccept(() => {
    const contact = picker.selectedItems[0]?.contact;
    if (contact !== undefined && contact !== noContact) accept(contact);
  });
  picker.onDidHide(() => {
    clearTimeout(timer);
    latest.dispose();
    resolve(undefined);
    picker.dispose();
  });
  picker.show();
  if (firstQuery === '') {
    offerNewest();
  } else {
    picker.value = firstQuery;
    picker.busy = true;
    void search(firstQuery, false);
  }
  return promise;
}

const noContact: Contact = { id: '', labels: [], additional_params: {}, other: {} };

const itemOf = (contact: Contact): ContactItem => ({
  label: displayText(contactName(contact), 'label'),
  description: displayText([contact.email, contact.phone_number].filter(Boolean).join('  '), 'description'),
  detail: displayText([contact.company_name, contact.position].filter(Boolean).join(', '), 'description'),
  iconPath: new vscode.ThemeIcon(channelIcon(contact.channel_type)),
  // The server has decided what matches; VS Code is not to filter it again.
  alwaysShow: true,
  buttons: [
    ...copyButton('mail', vscode.l10n.t('Copy E-mail'), contact.email),
    ...copyButton('call-incoming', vscode.l10n.t('Copy Phone'), contact.phone_number),
  ],
  contact,
});

const copyButton = (icon: string, tooltip: string, text: string | undefined): CopyButton[] =>
  text === undefined ? [] : [{ iconPath: new vscode.ThemeIcon(icon), tooltip, text }];

const nothingFound = (query: string): ContactItem => ({
  label: vscode.l10n.t('Nobody found for “{0}”', displayText(query, 'description')),
  description: vscode.l10n.t('Try a part of the name, the e-mail or the last digits of the phone.'),
  alwaysShow: true,
  contact: noContact,
});

const failed = (error: unknown): ContactItem => ({
  label: sentenceFor(error),
  iconPath: new vscode.ThemeIcon('error'),
  alwaysShow: true,
  contact: noContact,
});

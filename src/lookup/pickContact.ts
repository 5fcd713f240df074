import * as vscode from 'vscode';
import { isCancelled } from '../api/apiError.ts';
import type { Contact } from '../api/decode/contact.ts';
import { LatestOnly } from '../platform/cancellation.ts';
import { displayText } from '../platform/displayText.ts';
import { sentenceFor, UserError } from '../platform/errorReport.ts';
import type { Session } from '../session/session.ts';
import { channelIcon, contactName } from '../contacts/contactText.ts';

const debounceMs = 150;
const resultCount = 50;

interface ContactItem extends vscode.QuickPickItem {
  contact: Contact;
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
  let timer: NodeJS.Timeout | undefined;

  const offerNewest = (): void => {
    picker.items = newest.slice(0, resultCount).map(itemOf);
  };
  const search = async (query: string): Promise<void> => {
    const signal = latest.next();
    const { service } = session;
    if (service === undefined) {
      picker.items = [failed(new UserError(vscode.l10n.t('There is no connection to a contact server now.')))];
      picker.busy = false;
      return;
    }
    try {
      const page = await service.search({ q: query, limit: resultCount, signal });
      picker.items = page.items.length === 0 ? [nothingFound(query)] : page.items.map(itemOf);
      picker.busy = false;
    } catch (error) {
      if (isCancelled(error)) return;
      picker.items = [failed(error)];
      picker.busy = false;
    }
  };

  return new Promise((resolve) => {
    picker.onDidChangeValue((value) => {
      clearTimeout(timer);
      const query = value.trim();
      if (query === '') {
        latest.next();
        picker.busy = false;
        offerNewest();
        return;
      }
      picker.busy = true;
      timer = setTimeout(() => void search(query), debounceMs);
    });
    picker.onDidAccept(() => {
      const contact = picker.selectedItems[0]?.contact;
      if (contact === undefined || contact === noContact) return;
      resolve(contact);
      picker.hide();
    });
    picker.onDidHide(() => {
      clearTimeout(timer);
      latest.dispose();
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
    if (firstQuery === '') return offerNewest();
    picker.value = firstQuery;
    picker.busy = true;
    void search(firstQuery);
  });
}

const noContact: Contact = { id: '', labels: [], additional_params: {}, other: {} };

const itemOf = (contact: Contact): ContactItem => ({
  label: displayText(contactName(contact), 'label'),
  description: displayText([contact.email, contact.phone_number].filter(Boolean).join('  '), 'description'),
  detail: displayText([contact.company_name, contact.position].filter(Boolean).join(', '), 'description'),
  iconPath: new vscode.ThemeIcon(channelIcon(contact.channel_type)),
  // The server has decided what matches; VS Code is not to filter it again.
  alwaysShow: true,
  contact,
});

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

import * as vscode from 'vscode';
import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import type { Avatars } from '../contacts/avatars.ts';
import type { ContactsModel } from '../contacts/contactsModel.ts';
import { registerCommand, runCommand } from '../platform/commands.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import type { Log } from '../platform/log.ts';
import type { Session } from '../session/session.ts';
import { PersonHover } from './hover.ts';
import type { InlayNames } from './inlayNames.ts';
import { MentionLinks, MentionTerminalLinks } from './links.ts';
import type { SearchServices } from './pickContact.ts';
import { PersonFinder } from './personFinder.ts';
import type { RealContacts } from './realContacts.ts';
import { mentionOf } from './mentions.ts';
import { isSwitchedOn, reregisterOnChange } from './settings.ts';

export interface LookupServices {
  session: Session;
  model: ContactsModel;
  avatars: Avatars;
  log: Log;
  extensionId: string;
  /** Asks the user for a contact. */
  pick: (title: string, query?: string) => Promise<Contact | undefined>;
}

/** Where names are shown beside what mentions people. */
const inlayLanguages = ['log', 'csv', 'tsv', 'json', 'jsonc', 'jsonl', 'plaintext'];

/** Finding a contact from anywhere in the editor. */
export function register({ session, model, avatars, log, extensionId, pick }: LookupServices): vscode.Disposable {
  const finder = new PersonFinder(() => session.service);
  const isSignedIn = (): boolean => session.service !== undefined;

  /** Somebody else's contacts, or none any more. */
  const didChangeOwner = new vscode.EventEmitter<void>();
  let owner: string | undefined;
  const follow = (): void => {
    const next = isSignedIn() ? session.account?.id : undefined;
    if (next === owner) return;
    owner = next;
    didChangeOwner.fire();
  };

  const ready = async (): Promise<ContactService> => {
    const { readyService } = await import('../session/readyService.ts');
    return readyService(session);
  };
  /** Whoever is meant beyond doubt, or a search for the text. */
  const lookUp = async (service: ContactService, text: string): Promise<void> => {
    const mention = mentionOf(text);
    const { findUniqueContact } = await import('./personSearch.ts');
    const exact = mention && (await findUniqueContact(service, mention));
    await open(exact ?? (await pick(vscode.l10n.t('Search Contacts'), text)));
  };

  return vscode.Disposable.from(
    didChangeOwner,
    session.onDidChange(() => {
      finder.forget();
      follow();
    }),
    model.onDidChangeContact(() => finder.forget()),
    session.onDidChangeContacts(() => finder.forget()),
    registerCommand('contactLookup.search', log, async () => {
      const found = await pick(vscode.l10n.t('Search Contacts'));
      if (found !== undefined) setContextKey('contactLookup.hasFound', true);
      await open(found);
    }),
    registerCommand('contactLookup.openExampleLog', log, async () => {
      const { openExampleLog } = await import('./exampleLog.ts');
      await openExampleLog(await ready());
    }),
    registerCommand('contactLookup.lookup', log, async (argument) => {
      const service = await ready();
      const { textToLookUp } = await import('./lookupText.ts');
      await lookUp(service, await textToLookUp(argument));
    }),
    registerCommand('contactLookup.copyLink', log, async (argument) => {
      const id = (argument as { contactId?: unknown } | undefined)?.contactId;
      const contactId = typeof id === 'string' ? id : (await pick(vscode.l10n.t('Copy Link')))?.id;
      if (contactId !== undefined) await (await import('./deepLinks.ts')).copyLink(extensionId, contactId);
    }),
    vscode.window.registerUriHandler({
      handleUri: async ({ path }) => (await import('./deepLinks.ts')).openLink(path),
    }),
    vscode.languages.registerHoverProvider('*', new PersonHover(finder, avatars, log)),
    reregisterOnChange('links', didChangeOwner.event, () =>
      vscode.languages.registerDocumentLinkProvider('*', new MentionLinks(isSignedIn)),
    ),
    reregisterOnChange('inlayNames', didChangeOwner.event, () => registerInlayNames(finder, log)),
    reregisterOnChange('realContacts', didChangeOwner.event, () => registerRealContacts(finder, log)),
    vscode.window.registerTerminalLinkProvider(new MentionTerminalLinks(isSignedIn)),
  );
}

/** Off for most users, who load nothing of it. */
function registerInlayNames(finder: PersonFinder, log: Log): vscode.Disposable {
  const didChange = new vscode.EventEmitter<void>();
  let names: InlayNames | undefined;
  let isDisposed = false;
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: didChange.event,
    provideInlayHints: async (document, range, token) => {
      if (!isSwitchedOn('inlayNames', document)) return [];
      const { InlayNames } = await import('./inlayNames.ts');
      if (isDisposed) return [];
      names ??= new InlayNames(finder, log, () => didChange.fire());
      return names.provideInlayHints(document, range, token);
    },
  };
  return vscode.Disposable.from(
    didChange,
    vscode.languages.registerInlayHintsProvider(inlayLanguages, provider),
    new vscode.Disposable(() => {
      isDisposed = true;
      names?.dispose();
    }),
  );
}

/** Off for most users, who load nothing of it. */
function registerRealContacts(finder: PersonFinder, log: Log): vscode.Disposable {
  let loaded: Promise<RealContacts> | undefined;
  const listener = vscode.workspace.onDidSaveTextDocument((document) => {
    if (!isSwitchedOn('realContacts', document)) return;
    loaded ??= import('./realContacts.ts').then(({ RealContacts }) => new RealContacts(finder, log));
    loaded.then((check) => check.look(document), log.error);
  });
  return new vscode.Disposable(() => {
    listener.dispose();
    loaded?.then((check) => check.dispose(), log.error);
  });
}

async function open(contact: Contact | undefined): Promise<void> {
  if (contact !== undefined) await runCommand('contactLookup.openContact', { contactId: contact.id });
}

/** Asks the user for a contact, beginning with a search for `query`; `undefined` when they leave. */
export async function pickContact(
  services: SearchServices,
  title: string,
  query?: string,
): Promise<Contact | undefined> {
  const picker = await import('./pickContact.ts');
  return picker.pickContact(services, title, query);
}

import * as vscode from 'vscode';
import { isApiError, isCancelled } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import { contactsById } from '../contacts/contactsById.ts';
import type { ContactsModel } from '../contacts/contactsModel.ts';
import { labelsInUse } from '../contacts/query/labelsInUse.ts';
import { parseQuery } from '../contacts/query/queryLanguage.ts';
import type { RecentContacts } from '../contacts/recentContacts.ts';
import { LatestOnly } from '../platform/cancellation.ts';
import { runCommand } from '../platform/commands.ts';
import { displayText } from '../platform/displayText.ts';
import { sentenceFor } from '../platform/errorReport.ts';
import type { Session } from '../session/session.ts';
import { untilConnected } from '../session/untilConnected.ts';
import {
  firstContact,
  group,
  groupedItems,
  keepServersOrder,
  matchingItems,
  type SearchItem,
  separator,
} from './contactItems.ts';
import { helpItems } from './helpItems.ts';
import { isPaste } from './isPaste.ts';
import type { LastQuery } from './lastQuery.ts';
import { findContacts, findKeptContacts, withKept, type FoundContacts } from './findContacts.ts';
import { isSignedOut, notConnected } from './notConnected.ts';
import { findUniqueContact } from './personSearch.ts';
import { mentionOf } from './mentions.ts';
import { SearchRows } from './searchRows.ts';
import { asking, nobodyExactly, nothingFound } from './wordItems.ts';
import type { AdaptiveDebounce } from './adaptiveDebounce.ts';

const resultCount = 50;
/** An answer within this looks as if it were there. */
const slowAfterMs = 80;
/** Who searches sees what the server had at most so long ago. */
const lookAgainMs = 15_000;

export interface SearchServices {
  session: Session;
  model: ContactsModel;
  recent: RecentContacts;
  lastQuery: LastQuery;
  pace: AdaptiveDebounce;
}

/**
 * Asks the user for a contact by searching as they type. Before they do, the last search, the contacts that were opened
 * last and those of the list are offered.
 * @param query what is searched for at once.
 * @returns `undefined` when the user leaves.
 */
export function pickContact(services: SearchServices, title: string, query = ''): Promise<Contact | undefined> {
  return new SearchPick(services, title).ask(query);
}

class SearchPick {
  private readonly services: SearchServices;
  private readonly picker = vscode.window.createQuickPick<SearchItem>();
  private readonly rows = new SearchRows(this.picker);
  private readonly latest = new LatestOnly();
  private readonly picked = Promise.withResolvers<Contact | undefined>();
  private readonly listener: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  /** There is no answer yet to what is typed; once the timer has gone, that is seen. */
  private isAsking = false;
  private slowTimer: NodeJS.Timeout | undefined;
  private readonly reading = new AbortController();
  private areLabelsRead = false;
  /** More than the first of those found are shown, or on their way. */
  private looksFurther = false;
  private otherLabels: ReadonlySet<string> = new Set();
  private valueBefore = '';
  /** Enter was pressed before there was an answer, on this contact if on any. */
  private awaited: { contactId: string | undefined } | undefined;
  /** Until it is known what Enter was pressed on, no answer comes between. */
  private accepting = Promise.resolve();

  constructor(services: SearchServices, title: string) {
    this.services = services;
    const { picker } = this;
    picker.title = title;
    picker.placeholder = vscode.l10n.t(
      'Name, e-mail, phone, company, position, place, label or remark; label:vip, seen:<7d',
    );
    picker.matchOnDescription = true;
    picker.matchOnDetail = true;
    keepServersOrder(picker);
    picker.onDidTriggerItemButton(({ item, button }) => void this.rows.press(item, button));
    picker.onDidChangeValue((value) => this.onDidChangeValue(value));
    picker.onDidAccept(() => (this.accepting = this.accept(picker.selectedItems[0])));
    picker.onDidHide(() => this.leave());
    this.listener = services.session.onDidChangeContacts(() => void this.again());
    void services.session.service?.mirror?.look(lookAgainMs);
  }

  ask(query: string): Promise<Contact | undefined> {
    this.picker.show();
    if (query === '') void this.offerKnown();
    else this.searchFor(query);
    return this.picked.promise;
  }

  /** As if the user had typed it. */
  private searchFor(query: string): void {
    this.picker.value = query;
    this.valueBefore = query;
    void this.search(query, false);
  }

  private onDidChangeValue(value: string): void {
    clearTimeout(this.timer);
    const isPasted = isPaste(this.valueBefore, value);
    this.valueBefore = value;
    const query = value.trim();
    this.latest.next();
    this.awaited = undefined;
    if (query === '') {
      void this.offerKnown();
      return;
    }
    this.waitForAnswer();
    const { pace, session } = this.services;
    const { service } = session;
    // Who is on this machine is found between two keys.
    const delayMs = service?.mirror?.isWhole === true ? 0 : pace.delayFor(service);
    this.timer = setTimeout(() => void this.search(query, isPasted), delayMs);
  }

  private async accept(selected: SearchItem | undefined): Promise<void> {
    const { value } = this.picker;
    // Whoever presses Enter now means what is typed, not what was shown for less of it.
    const still = (): SearchItem[] | undefined => (this.slowTimer === undefined ? undefined : this.stillMatching());
    const { item, isTyped } = await this.rows.meant(selected, still);
    if (this.picker.value !== value) return;
    // The server may know somebody better.
    if (this.isAsking && isTyped) this.awaited = { contactId: firstContact(still() ?? this.picker.items)?.contact?.id };
    else this.take(item);
  }

  private take(item: SearchItem | undefined): void {
    if (item?.contact === undefined) item?.run?.();
    else this.resolveWith(item.contact);
  }

  /** An answer that comes at once is drawn once; after a while, nothing is shown that does not match any more. */
  private waitForAnswer(): void {
    this.isAsking = true;
    this.slowTimer ??= setTimeout(() => {
      this.slowTimer = undefined;
      this.rows.exchange(this.stillMatching());
      // Enter means a contact, and there may be none yet.
      this.picker.activeItems = this.picker.items.filter(({ contact }) => contact !== undefined).slice(0, 1);
      this.picker.busy = true;
    }, slowAfterMs);
  }

  private stopWaiting(): void {
    clearTimeout(this.slowTimer);
    this.slowTimer = undefined;
  }

  /** How the query may go on, and those shown of whom it may be said. */
  private stillMatching(): SearchItem[] {
    const query = this.picker.value.trim();
    return [...this.help(query), ...matchingItems(this.picker.items, parseQuery(query))];
  }

  private help(query: string): SearchItem[] {
    return helpItems(query, this.labels(), (completedQuery) => this.searchFor(completedQuery));
  }

  private resolveWith(contact: Contact): void {
    this.picked.resolve(contact);
    this.picker.hide();
  }

  private leave(): void {
    clearTimeout(this.timer);
    this.stopWaiting();
    this.listener.dispose();
    this.latest.dispose();
    this.reading.abort();
    const { session, lastQuery } = this.services;
    const query = this.picker.value.trim();
    if (query !== '') lastQuery.keep(session.account?.id, query);
    this.picked.resolve(undefined);
    this.picker.dispose();
  }

  /** @param isPasted whether an e-mail address, a number or an id that is somebody's opens them at once. */
  private async search(query: string, isPasted: boolean): Promise<void> {
    const signal = this.latest.next();
    this.isAsking = true;
    // What is asked for without a key is seen at once.
    if (this.slowTimer === undefined) this.picker.busy = true;
    this.looksFurther = false;
    const { pace, session } = this.services;
    try {
      await untilConnected(session, signal);
      const { service } = session;
      if (service === undefined) throw notConnected(session);
      const parsed = parseQuery(query);
      const mention = isPasted ? mentionOf(parsed.text) : undefined;
      const exact = mention && (await findUniqueContact(service, mention, signal));
      if (exact !== undefined) return this.resolveWith(exact);
      const asked = pace.measure(service, findContacts(service, query, resultCount, signal));
      const kept = await this.showKept(service, query, asked, signal);
      const found = withKept(kept, await asked);
      await this.accepting;
      // A key was pressed while those who are here were looked for.
      if (signal.aborted) return;
      const [first] = found.contacts;
      const isMeant = this.awaited !== undefined && [undefined, first?.id].includes(this.awaited.contactId);
      if (isMeant && first !== undefined && found.isNear !== true) return this.resolveWith(first);
      if (/(?:^|\s)-?label:\S*$/i.test(query)) this.readLabels(service, query);
      const items = [...this.help(query), ...this.foundItems(query, found)];
      this.show(items);
      // What stands above the contacts is not what Enter means.
      if (first !== undefined && items[0]?.contact === undefined)
        this.picker.activeItems = items.filter(({ contact }) => contact === first);
    } catch (error) {
      if (!isCancelled(error)) this.show(this.failed(error, query));
    }
  }

  /** While the contacts are on their way to this machine, those who are here come first, and the server's after them. */
  private async showKept(
    service: ContactService,
    query: string,
    asked: Promise<FoundContacts>,
    signal: AbortSignal,
  ): Promise<readonly Contact[]> {
    asked.catch(() => undefined);
    const kept = await findKeptContacts(service, query, resultCount, signal).catch(() => []);
    if (kept.length === 0 || signal.aborted) return [];
    const items = [asking(), ...groupedItems(kept, parseQuery(query).text)];
    this.stopWaiting();
    this.picker.busy = true;
    this.rows.exchange(items);
    this.picker.activeItems = items.filter(({ contact }) => contact === kept[0]);
    return kept;
  }

  /** What is shown has changed since; who has gone on to another row stays there. */
  private async again(): Promise<void> {
    const { service } = this.services.session;
    const query = this.picker.value.trim();
    if (query === '' || this.isAsking || this.looksFurther || service === undefined) return;
    const signal = this.latest.next();
    const found = await findContacts(service, query, resultCount, signal).catch(() => undefined);
    if (found === undefined || signal.aborted) return;
    const items = [...this.help(query), ...this.foundItems(query, found)];
    const active = this.picker.activeItems[0]?.contact?.id;
    this.show(items);
    const same = items.find(({ contact }) => contact !== undefined && contact.id === active);
    if (same !== undefined) this.picker.activeItems = [same];
  }

  private foundItems(query: string, { contacts, searched, lookFurther, isNear = false }: FoundContacts): SearchItem[] {
    if (isNear && contacts.length > 0) {
      const near = group(vscode.l10n.t('Near matches'), contacts);
      return [nobodyExactly(query), ...near, this.newContact(query)];
    }
    const further: SearchItem[] = lookFurther === undefined ? [] : [this.lookFurther(query, lookFurther)];
    if (contacts.length > 0) return [...groupedItems(contacts, searched), ...further];
    return [nothingFound(query), ...further, ...(further.length > 0 ? [] : [this.newContact(query)])];
  }

  /** Goes on behind the contacts that were looked through for the query's filters. */
  private lookFurther(query: string, { lookedAt, next }: NonNullable<FoundContacts['lookFurther']>): SearchItem {
    return {
      label: vscode.l10n.t('Look Further…'),
      description: vscode.l10n.t('{0} looked at', lookedAt.toLocaleString(vscode.env.language)),
      iconPath: new vscode.ThemeIcon('search'),
      alwaysShow: true,
      run: () => {
        const signal = this.latest.next();
        this.picker.busy = true;
        this.looksFurther = true;
        next(signal).then(
          (found) => this.show(this.foundItems(query, found)),
          (error: unknown) => {
            if (!isCancelled(error)) this.show(this.failed(error, query));
          },
        );
      },
    };
  }

  private labels(): string[] {
    const listed = this.services.model.contacts.flatMap(({ labels }) => labels);
    return [...new Set([...listed, ...this.otherLabels])].toSorted();
  }

  /** Once a search, for the labels of contacts that are not in the list. */
  private readLabels(service: ContactService, query: string): void {
    if (this.areLabelsRead) return;
    this.areLabelsRead = true;
    labelsInUse(service, this.reading.signal).then(
      (labels) => {
        this.otherLabels = labels;
        const { activeItems, items } = this.picker;
        // VS Code tells later that a row which is no longer there is not the active one.
        const active = activeItems.find((item) => items.includes(item));
        const isUnmoved = active === undefined || active === (firstContact(items) ?? items[0]);
        // Whoever has gone on keeps what is shown.
        if (this.picker.value.trim() === query.trim() && isUnmoved && !this.looksFurther)
          void this.search(query, false);
      },
      // Those of the list are offered all the same, and any can be typed.
      () => undefined,
    );
  }

  /** The contacts that were opened last, as soon as they are known, and the newest. */
  private async offerKnown(): Promise<void> {
    const signal = this.latest.next();
    const { session, model, recent } = this.services;
    const { account, service } = session;
    const newest = model.contacts.slice(0, resultCount);
    const offer = (opened: readonly Contact[]): void => {
      const others = newest.filter(({ id }) => !opened.some((contact) => contact.id === id));
      this.show([
        ...this.lastSearch(),
        ...group(vscode.l10n.t('Recently opened'), opened),
        ...group(vscode.l10n.t('Contacts'), others),
      ]);
    };
    const ids = account === undefined ? [] : recent.of(account.id);
    const known = ids.map((id) => model.find(id));
    offer(known.filter((contact) => contact !== undefined));
    if (service === undefined || account === undefined || known.every((contact) => contact !== undefined)) return;
    const { contacts, goneIds } = await contactsById(ids, model, service, { signal });
    for (const id of goneIds) await recent.remove(account.id, id);
    if (!signal.aborted) offer(contacts);
  }

  /** One row, and not a text in the box: whoever wants something else need not remove it. */
  private lastSearch(): SearchItem[] {
    const { session, lastQuery } = this.services;
    const query = lastQuery.of(session.account?.id);
    if (query === '') return [];
    const label = vscode.l10n.t('“{0}”', displayText(query, 'label'));
    const iconPath = new vscode.ThemeIcon('history');
    return [
      separator(vscode.l10n.t('Last search')),
      { label, iconPath, alwaysShow: true, run: () => this.searchFor(query) },
    ];
  }

  private show(items: SearchItem[]): void {
    this.awaited = undefined;
    this.isAsking = false;
    this.stopWaiting();
    this.rows.exchange(items);
    this.picker.busy = false;
  }

  private newContact(query: string): SearchItem {
    return {
      label: vscode.l10n.t('New Contact…'),
      iconPath: new vscode.ThemeIcon('add'),
      alwaysShow: true,
      run: () => {
        this.picker.hide();
        void runCommand('contactLookup.newContact', { text: query });
      },
    };
  }

  private failed(error: unknown, query: string): SearchItem[] {
    const again: SearchItem = {
      label: vscode.l10n.t('Retry'),
      iconPath: new vscode.ThemeIcon('refresh'),
      alwaysShow: true,
      run: () => void this.search(query, false),
    };
    const signIn: SearchItem = {
      label: vscode.l10n.t('Sign In…'),
      iconPath: new vscode.ThemeIcon('sign-in'),
      alwaysShow: true,
      run: () => {
        this.picker.hide();
        void runCommand('contactLookup.signIn');
      },
    };
    const words = { label: sentenceFor(error), iconPath: new vscode.ThemeIcon('error'), alwaysShow: true };
    const isAuth = isSignedOut(this.services.session) || (isApiError(error) && error.kind === 'auth');
    return [words, isAuth ? signIn : again];
  }
}

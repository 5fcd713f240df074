/** The page of one contact. It shows what the host sends and says what the user did; it decides nothing. */
import {
  isToPage,
  sectionNames,
  type ContactView,
  type FromPage,
  type PageStrings,
  type Section,
  type SectionItems,
  type SectionName,
  type ToPage,
} from '../protocol/contactPage.ts';
import './contactPage.css';
import { contactHeader } from './contactHeader.ts';
import { element, icon, textButton } from './dom.ts';
import { detailsSection, listSection, type Page } from './sections.ts';

type TabName = 'details' | SectionName;
type Sections = { [Name in SectionName]: Section<SectionItems[Name]> };

interface SavedState {
  contactId: string;
  tab: TabName;
  scroll: number;
}

const vscode = acquireVsCodeApi<SavedState>();
const post = (message: FromPage): void => vscode.postMessage(message);
const tabNames: readonly TabName[] = ['details', ...sectionNames];

const sections: Sections = {
  conversations: { status: 'loading' },
  comments: { status: 'loading' },
  files: { status: 'loading' },
  activities: { status: 'loading' },
};
let strings: PageStrings | undefined;
let locale = 'en';
let contact: ContactView | undefined;
let picture = '';
let notice: { text: string; canRetry: boolean } | undefined;
let tab: TabName = vscode.getState()?.tab ?? 'details';
let scrollToRestore = vscode.getState()?.scroll;

const root = document.getElementById('page');

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (isToPage(event.data)) receive(event.data);
});
window.addEventListener('scroll', () => save(), { passive: true });

function receive(message: ToPage): void {
  switch (message.type) {
    case 'strings':
      strings = message.strings;
      locale = message.locale;
      break;
    case 'contact':
      contact = message.contact;
      notice = undefined;
      break;
    case 'avatar':
      picture = message.picture;
      break;
    case 'notice':
      notice = { text: message.text, canRetry: message.canRetry };
      break;
    case 'section':
      // Each message pairs a name with a section of its own kind.
      Object.assign(sections, { [message.name]: message.section });
      break;
  }
  render();
}

/** Shows the state as a whole; what had the focus has it afterwards. */
function render(): void {
  if (root === null || strings === undefined) return;
  const focused = document.activeElement?.getAttribute('data-key');
  const page: Page = { strings, locale, post };
  root.replaceChildren(
    ...[
      notice && noticeBar(notice, strings),
      contact && contactHeader(contact, picture, strings, locale, post),
      tabList(strings),
      tabPanel(page),
    ].filter((node) => node !== undefined),
  );
  if (focused) root.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
  if (scrollToRestore !== undefined && (tab === 'details' || sections[tab].status !== 'loading')) {
    window.scrollTo(0, scrollToRestore);
    scrollToRestore = undefined;
  }
  save();
}

function noticeBar({ text, canRetry }: { text: string; canRetry: boolean }, words: PageStrings): HTMLElement {
  return element(
    'div',
    { class: 'notice', attributes: { role: 'alert' } },
    icon('warning'),
    element('span', {}, text),
    canRetry ? textButton(words.retry, () => post({ type: 'retry', section: 'contact' })) : undefined,
  );
}

function tabList(words: PageStrings): HTMLElement {
  const list = element(
    'div',
    { class: 'tabs', attributes: { role: 'tablist' } },
    ...tabNames.map((name) =>
      element(
        'button',
        {
          class: 'tab',
          attributes: {
            id: `tab-${name}`,
            type: 'button',
            role: 'tab',
            'aria-selected': String(name === tab),
            'aria-controls': 'panel',
            tabindex: name === tab ? '0' : '-1',
            'data-key': `tab-${name}`,
          },
          onClick: () => select(name),
        },
        words.tabs[name],
        countOf(name),
      ),
    ),
  );
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = tabNames.at((tabNames.indexOf(tab) + step) % tabNames.length);
    if (next === undefined) return;
    select(next);
    document.getElementById(`tab-${next}`)?.focus();
  });
  return list;
}

function countOf(name: TabName): HTMLElement | undefined {
  const section = name === 'details' ? undefined : sections[name];
  if (section?.status !== 'ready' || !section.total) return undefined;
  return element('span', { class: 'count' }, section.total.toLocaleString(locale));
}

function tabPanel(page: Page): HTMLElement {
  return element(
    'section',
    { attributes: { id: 'panel', role: 'tabpanel', 'aria-labelledby': `tab-${tab}`, tabindex: '0' } },
    tab === 'details' ? contact && detailsSection(contact, page) : sectionPanel(tab, page),
  );
}

/** While a notice says why nothing loads, a skeleton would promise that something does. */
function sectionPanel(name: SectionName, page: Page): HTMLElement | undefined {
  const isStuck = notice !== undefined && sections[name].status === 'loading';
  return isStuck ? undefined : listSection(name, sections[name], page);
}

function select(name: TabName): void {
  tab = name;
  render();
}

function save(): void {
  if (contact !== undefined) vscode.setState({ contactId: contact.id, tab, scroll: window.scrollY });
}

post({ type: 'ready' });

/** The page of one contact. It shows what the host sends and says what the user did; it decides nothing. */
import {
  contactPageChecks,
  maxPictureText,
  sectionNames,
  type CommentBoxView,
  type ContactView,
  type FormView,
  contactHostChecks,
  type ContactHost,
  type ContactPage,
  type PageStrings,
  type SectionName,
} from '../protocol/contactPage.ts';
import { caller, receive } from '../protocol/calls.ts';
import './contactPage.css';
import './contactHeader.css';
import './sections.css';
import './contactForm.css';
import './timeline.css';
import './rows.css';
import './fileList.css';
import './pictureCrop.css';
import { CommentBoxElement } from './commentBox.ts';
import { ContactFormView } from './contactForm.ts';
import { contactHeader } from './contactHeader.ts';
import { element, textButton } from './dom.ts';
import { icon } from './icons.ts';
import { FileList } from './fileList.ts';
import { PictureCrop } from './pictureCrop.ts';
import { base64Of, fileIn } from './pictureFile.ts';
import { detailsSection, listSection, stalenessOf, type Page } from './sections.ts';
import { timeElement } from './times.ts';
import { Timeline, type Sections } from './timeline.ts';

type TabName = 'details' | 'timeline' | SectionName;

interface SavedState {
  contactId: string;
  tab: TabName;
  scroll: number;
}

const vscode = acquireVsCodeApi<SavedState>();
const host = caller<ContactHost>(contactHostChecks, (call) => vscode.postMessage(call));
const tabNames: readonly TabName[] = ['details', 'timeline', ...sectionNames];
const isSection = (name: TabName): name is SectionName => name !== 'details' && name !== 'timeline';

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
let pictureNote = '';
let notice: { text: string; canRetry: boolean; asOf: string } | undefined;
let done: { text: string; canUndo: boolean } | undefined;
let form: FormView | undefined;
let formView: ContactFormView | undefined;
let commentBox: CommentBoxView | undefined;
let commentBoxElement: CommentBoxElement | undefined;
let timeline: Timeline | undefined;
let fileList: FileList | undefined;
let crop: PictureCrop | undefined;
let tab: TabName = vscode.getState()?.tab ?? 'details';
let scrollToRestore = vscode.getState()?.scroll;

/** The parts of the page, each drawn by itself, so that what one shows does not disturb the others. */
const slots = {
  notice: element('div'),
  header: element('div'),
  done: element('div', { attributes: { role: 'status' } }),
  tabs: element('div'),
  panel: element('div'),
};
document.getElementById('page')?.append(...Object.values(slots));

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(contactPageChecks, contactPage, data));
window.addEventListener('scroll', () => save(), { passive: true });
window.addEventListener('keydown', (event) => {
  const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's';
  if (!isSave || formView === undefined) return;
  event.preventDefault();
  formView.save();
});
window.addEventListener('paste', ({ clipboardData }) => {
  const file = fileIn(clipboardData);
  if (file !== undefined) void offer(file);
});
slots.header.addEventListener('dragover', (event) => {
  event.preventDefault();
  slots.header.classList.add('dropping');
});
slots.header.addEventListener('dragleave', () => slots.header.classList.remove('dropping'));
slots.header.addEventListener('drop', (event) => {
  event.preventDefault();
  slots.header.classList.remove('dropping');
  const file = fileIn(event.dataTransfer);
  if (file !== undefined) void offer(file);
});

/** What the host calls. */
const contactPage: ContactPage = {
  useStrings: (words, language) => {
    if (strings !== undefined) return;
    strings = words;
    locale = language;
    drawAll();
  },
  showContact: (shown) => {
    notice = undefined;
    drawNotice();
    if (JSON.stringify(shown) === JSON.stringify(contact)) return;
    contact = shown;
    drawHeader();
    if (tab === 'details' && form === undefined) drawPanel();
    save();
  },
  showAvatar: (shown, note) => {
    if (shown === picture && note === pictureNote) return;
    picture = shown;
    pictureNote = note;
    drawHeader();
  },
  showTab: (name) => select(name),
  showNotice: (text, canRetry, asOf) => {
    notice = { text, canRetry, asOf };
    drawNotice();
    drawPanel();
  },
  showForm: (shown, focus) => setForm(shown, focus),
  closeForm: () => setForm(undefined, ''),
  showDone: (text, canUndo) => {
    done = { text, canUndo };
    drawDone();
  },
  showCommentBox: (box) => {
    commentBox = box;
    commentBoxElement?.update(box);
  },
  showConversations: (section) => showSection('conversations', section),
  showComments: (section) => showSection('comments', section),
  showFiles: (section) => showSection('files', section),
  showActivities: (section) => showSection('activities', section),
  cropPicture: (source) => openCrop(source),
  showUpload: (upload) => crop?.update(upload),
  closeUpload: () => crop?.close(),
  showThumbnail: (fileId, shown) => fileList?.showThumbnail(fileId, shown),
};

function showSection<Name extends SectionName>(name: Name, section: Sections[Name]): void {
  sections[name] = section;
  drawTabs();
  timeline?.update(sections);
  if (name === tab) drawPanel();
}

function openCrop(source: string): void {
  if (strings === undefined) return;
  crop?.close();
  crop = new PictureCrop(source, strings, host);
  crop.open();
  crop.dialog.addEventListener('close', () => slots.header.querySelector<HTMLElement>('[data-key="picture"]')?.focus());
}

/** Hands over a file that was pasted or dropped. */
async function offer(file: File): Promise<void> {
  if (strings === undefined || contact === undefined) return;
  const isShort = file.size * (4 / 3) < maxPictureText;
  if (isShort) host.offerPicture(await base64Of(file));
  else contactPage.showDone(strings.pictureTooLarge, false);
}

function setForm(next: FormView | undefined, focus: string): void {
  const wasOpen = form !== undefined;
  form = next;
  if (focus !== '' && tab !== 'details') {
    tab = 'details';
    drawTabs();
    drawPanel();
  }
  if (form === undefined || formView === undefined || !wasOpen) {
    formView = form && strings && new ContactFormView(form, strings, host);
    drawPanel();
    if (form === undefined && wasOpen) slots.header.querySelector<HTMLElement>('[data-key="edit"]')?.focus();
  } else {
    formView.update(form);
  }
  if (form !== undefined) done = undefined;
  drawDone();
  if (focus !== '') formView?.focus(focus);
}

function drawAll(): void {
  drawNotice();
  drawHeader();
  drawDone();
  drawTabs();
  drawPanel();
}

/** Draws a part anew; what had the focus in it has it afterwards. */
function draw(slot: HTMLElement, ...nodes: (Node | undefined)[]): void {
  const focused = slot.contains(document.activeElement) ? document.activeElement?.getAttribute('data-key') : undefined;
  slot.replaceChildren(...nodes.filter((node) => node !== undefined));
  if (focused) slot.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function drawNotice(): void {
  if (strings !== undefined) draw(slots.notice, notice && noticeBar(notice, strings));
}

function drawHeader(): void {
  if (strings !== undefined)
    draw(slots.header, contact && contactHeader(contact, picture, pictureNote, strings, locale, host));
}

function drawDone(): void {
  if (strings !== undefined) draw(slots.done, done && doneBar(done, strings));
}

function drawTabs(): void {
  if (strings !== undefined) draw(slots.tabs, tabList(strings));
}

function drawPanel(): void {
  if (strings === undefined) return;
  draw(slots.panel, tabPanel({ strings, locale, host }));
  if (scrollToRestore !== undefined && (!isSection(tab) || sections[tab].status !== 'loading')) {
    window.scrollTo(0, scrollToRestore);
    scrollToRestore = undefined;
  }
  save();
}

function doneBar({ text, canUndo }: { text: string; canUndo: boolean }, words: PageStrings): HTMLElement {
  return element(
    'div',
    { class: 'done' },
    icon('check'),
    element('span', {}, text),
    canUndo ? textButton(words.undo, () => host.undo()) : undefined,
  );
}

function noticeBar({ text, canRetry, asOf }: NonNullable<typeof notice>, words: PageStrings): HTMLElement {
  return element(
    'div',
    { class: 'notice', attributes: { role: 'alert' } },
    icon('warning'),
    element('span', {}, text, ...(asOf === '' ? [] : [` ${words.asOf} `, timeElement(asOf, locale)])),
    canRetry ? textButton(words.retry, () => host.retry('contact')) : undefined,
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
  const section = isSection(name) ? sections[name] : undefined;
  if (section?.status !== 'ready' || !section.total) return undefined;
  const attributes = { elementtiming: `count-${name}` };
  return element('span', { class: 'count', attributes }, section.total.toLocaleString(locale));
}

function tabPanel(page: Page): HTMLElement {
  return element(
    'section',
    {
      attributes: {
        id: 'panel',
        role: 'tabpanel',
        'aria-labelledby': `tab-${tab}`,
        tabindex: '0',
        'data-key': 'panel',
      },
    },
    isSection(tab) ? sectionPanel(tab, page) : tab === 'details' ? detailsPanel(page) : timelinePanel(page),
  );
}

function detailsPanel(page: Page): HTMLElement | undefined {
  return formView !== undefined && form !== undefined ? formView.root : contact && detailsSection(contact, page);
}

function timelinePanel(page: Page): HTMLElement {
  if (timeline === undefined) {
    timeline = new Timeline(page);
    timeline.update(sections);
  }
  return timeline.root;
}

/** While a notice says why nothing loads, a skeleton would promise that something does. */
function sectionPanel(name: SectionName, page: Page): HTMLElement | undefined {
  const isStuck = notice !== undefined && sections[name].status === 'loading';
  if (isStuck) return undefined;
  if (name === 'files') return filesPanel(sections.files, page);
  const list = listSection(name, sections[name], page);
  if (name !== 'comments' || commentBox === undefined) return list;
  commentBoxElement ??= new CommentBoxElement(page.strings, page.host);
  commentBoxElement.update(commentBox);
  return element('div', {}, commentBoxElement.root, list);
}

function filesPanel(section: Sections['files'], page: Page): HTMLElement | undefined {
  if (section.status !== 'ready' || section.items.length === 0) return listSection('files', section, page);
  fileList ??= new FileList(page);
  fileList.update(section.items);
  return element('div', {}, stalenessOf('files', section, page), fileList.root);
}

function select(name: TabName): void {
  tab = name;
  drawTabs();
  drawPanel();
}

function save(): void {
  if (contact !== undefined) vscode.setState({ contactId: contact.id, tab, scroll: window.scrollY });
}

/** Asks for all the rest once the header, which the host sends unasked, is on the screen. */
function begin(): void {
  let isBegun = false;
  const beginOnce = (): void => {
    if (!isBegun) host.ready();
    isBegun = true;
  };
  requestAnimationFrame(() => requestAnimationFrame(beginOnce));
  // A window that is not seen draws no frames.
  setTimeout(beginOnce, 100);
}

begin();

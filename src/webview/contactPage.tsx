/** The page of one contact. It shows what the host sends and says what the user did; it decides nothing. */
import { render } from 'preact';
import { caller, receive } from '../protocol/calls.ts';
import { contactHostChecks, contactPageChecks, type ContactHost } from '../protocol/contactPage.ts';
import { tabNames, type TabName } from '../protocol/contactViews.ts';
import { announcements, awaited } from './announcements.ts';
import './contactPage.css';
import './inputs.css';
import { saveForm } from './contactForm.tsx';
import { offerPicture } from './contactHeader.tsx';
import { Page } from './page.tsx';
import type { PageContext } from './pageContext.ts';
import { contactPage, initialState, isSection, withSaid, type PageState } from './pageState.ts';
import { fileIn } from './pictureFile.ts';

interface SavedState {
  contactId: string;
  tab: TabName;
  scroll: number;
  /** The conversation that was read. */
  conversationId?: string | undefined;
}

const vscode = acquireVsCodeApi<SavedState>();
const host = caller<ContactHost>(contactHostChecks, (call) => vscode.postMessage(call));
const root = document.getElementById('page');
const saved = vscode.getState();
/** As wide as the columns of `page.css` need. */
const wide = window.matchMedia('(min-width: 900px)');
const firstTab = saved?.tab ?? tabNames.find((name) => name === root?.dataset['tab']) ?? 'details';
let state = initialState(firstTab, wide.matches, saved === undefined);
let scrollToRestore = saved?.scroll;
let context: PageContext | undefined;
const slowAfterMs = 1_000;
let loadingTimer: number | undefined;

const change: PageContext['change'] = (next) => {
  const before = state;
  state = { ...state, ...(typeof next === 'function' ? next(state) : next) };
  const told = announcements(before, state);
  if (told.length > 0) state = withSaid(state, told.join(' '));
  watchLoading(awaited(before), awaited(state));
  if (state.words === undefined || root === null) return;
  context ??= { ...state.words, host, change };
  render(<Page state={state} context={context} />, root);
  restoreScroll(state);
  save();
};

/** A screen reader is told of what takes longer than one would wait without a word. */
function watchLoading(before: string | undefined, now: string | undefined): void {
  if (before === now && loadingTimer !== undefined) return;
  clearTimeout(loadingTimer);
  loadingTimer = now === undefined ? undefined : setTimeout(sayStillLoading, slowAfterMs);
}

const sayStillLoading = (): void => change((waiting) => withSaid(waiting, waiting.words?.strings.stillLoading ?? ''));

function restoreScroll({ tab, sections, contact }: PageState): void {
  const isLoading = isSection(tab) && sections[tab].status === 'loading';
  if (scrollToRestore === undefined || contact === undefined || isLoading) return;
  window.scrollTo(0, scrollToRestore);
  scrollToRestore = undefined;
}

function save(): void {
  const { contact, tab, conversation } = state;
  if (contact === undefined) return;
  const scroll = scrollToRestore ?? window.scrollY;
  vscode.setState({ contactId: contact.id, tab, scroll, conversationId: conversation?.id });
}

const page = contactPage(change);
wide.addEventListener('change', ({ matches }) => change({ isWide: matches }));
window.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(contactPageChecks, page, data));
window.addEventListener('scroll', save, { passive: true });
window.addEventListener('keydown', (event) => {
  const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's';
  if (!isSave || state.form === undefined) return;
  event.preventDefault();
  saveForm(state.choices, host);
});
window.addEventListener('paste', ({ clipboardData }) => {
  const file = fileIn(clipboardData);
  if (file !== undefined && context !== undefined && state.contact !== undefined) void offerPicture(file, context);
});

/** Requests the rest of the data once the header, which the host sends unprompted, has been painted. */
function requestContent(): void {
  let hasStarted = false;
  const signalReady = (): void => {
    if (hasStarted) return;
    hasStarted = true;
    host.ready();
    if (saved?.conversationId !== undefined) host.restoreConversation(saved.conversationId);
  };
  requestAnimationFrame(() => requestAnimationFrame(signalReady));
  // A window that is not seen draws no frames.
  setTimeout(signalReady, 100);
}

requestContent();

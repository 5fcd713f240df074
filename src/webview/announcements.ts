import { sectionNames, type SectionName } from '../protocol/contactViews.ts';
import type { PageStrings } from '../protocol/pageStrings.ts';
import { isSection, shownTab, type PageState, type ReadConversation } from './pageState.ts';
import { shownEntries } from './timelineEntries.ts';

/**
 * What has loaded in the tab that is shown, or has changed there by a filter, as sentences for a screen reader. What was
 * done is said by the host, which knows, and faults by themselves: each is an element with the role `alert`.
 */
export function announcements(before: PageState, after: PageState): string[] {
  const { words } = after;
  if (words === undefined) return [];
  const { strings, locale } = words;
  const shown = (what: keyof PageStrings['shown'], count: number): string => {
    const { one, many } = strings.shown[what];
    return count === 1 ? one : many.replace('{0}', count.toLocaleString(locale));
  };
  const conversation = readConversation(after);
  return conversation === undefined ? sectionSentences() : messageSentences(before.conversation, conversation);

  function messageSentences(
    was: ReadConversation | undefined,
    { id, status, pages, stale }: ReadConversation,
  ): string[] {
    const count = pages.flat().length;
    const isSame = was?.id === id && was.status === 'ready';
    if (status !== 'ready' || (isSame && was.pages.length === pages.length)) return [];
    const said = count === 0 ? strings.noMessages : shown('messages', count);
    return isSame ? [said] : [...staleSentence(stale?.message ?? '', after), said];
  }

  function sectionSentences(): string[] {
    const { sections } = after;
    const tab = shownTab(after);
    const names = namesIn(tab);
    if (names.length === 0 || isAnyLoading(after, names)) return [];
    const ready = names.map((name) => sections[name]).filter((section) => section.status === 'ready');
    const stale = staleIn(after, names);
    const said = stale === staleIn(before, names) ? [] : staleSentence(stale, after);
    const hasLoaded = isAnyLoading(before, names);
    const isFiltered = tab === 'timeline' && shownTab(before) === tab && before.timeline !== after.timeline;
    // Those that have failed say so.
    if (ready.length === 0 || (!hasLoaded && !isFiltered)) return said;
    if (isSection(tab)) {
      const count = ready.reduce((sum, { items }) => sum + items.length, 0);
      return [...said, count === 0 ? strings.empty[tab] : shown(tab, count)];
    }
    const count = shownEntries(after).length;
    const isEmpty = ready.every(({ items }) => items.length === 0);
    return [...said, count > 0 ? shown('timeline', count) : isEmpty ? strings.timelineEmpty : strings.timelineFiltered];
  }
}

/**
 * What of the tab that is shown is still on its way, as a name of it; `undefined` where all is there, or where it is said
 * already why it is not.
 */
export function awaited(state: PageState): string | undefined {
  if (state.notice !== undefined) return undefined;
  const conversation = readConversation(state);
  if (conversation !== undefined) return conversation.status === 'loading' ? conversation.id : undefined;
  const tab = shownTab(state);
  return isAnyLoading(state, namesIn(tab)) ? tab : undefined;
}

/** The one that is shown in place of the list. */
const readConversation = ({ tab, conversation }: PageState): ReadConversation | undefined =>
  tab === 'conversations' ? conversation : undefined;

const namesIn = (tab: PageState['tab']): readonly SectionName[] =>
  isSection(tab) ? [tab] : tab === 'timeline' ? sectionNames : [];

const isAnyLoading = ({ sections }: PageState, names: readonly SectionName[]): boolean =>
  names.some((name) => sections[name].status === 'loading');

/** Why what is shown is old, of the first of these that is. */
function staleIn({ sections }: PageState, names: readonly SectionName[]): string {
  const messages = names.map((name) => {
    const section = sections[name];
    return section.status === 'ready' ? (section.stale?.message ?? '') : '';
  });
  return messages.find((message) => message !== '') ?? '';
}

/** Where a notice says already why there is nothing newer, it is not said again. */
const staleSentence = (message: string, { notice }: PageState): string[] =>
  message === '' || notice !== undefined ? [] : [message];

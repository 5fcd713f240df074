import { sectionNames, type SectionName } from '../protocol/contactViews.ts';
import { isSection, type PageState, type ReadConversation } from './pageState.ts';

/**
 * What has loaded in the tab that is shown, as sentences for a screen reader. What was done is said by the host, which
 * knows, and faults by themselves: each is an element with the role `alert`.
 */
export function announcements(before: PageState, after: PageState): string[] {
  const { words } = after;
  if (words === undefined) return [];
  const { strings, locale } = words;
  const loaded = (what: string, count: number): string =>
    strings.loaded.replace('{0}', what).replace('{1}', count.toLocaleString(locale));
  return after.tab === 'conversations' && after.conversation !== undefined
    ? messageSentences(before.conversation, after.conversation)
    : sectionSentences(before, after);

  function messageSentences(
    was: ReadConversation | undefined,
    { id, status, pages, stale }: ReadConversation,
  ): string[] {
    const count = pages.flat().length;
    const isSame = was?.id === id && was.status === 'ready';
    if (status !== 'ready' || (isSame && was.pages.length === pages.length)) return [];
    const said = count === 0 ? strings.noMessages : loaded(strings.messages, count);
    return isSame ? [said] : [...staleSentence(stale?.message ?? '', after), said];
  }

  function sectionSentences(was: PageState, { tab, sections }: PageState): string[] {
    const names: readonly SectionName[] = isSection(tab) ? [tab] : tab === 'timeline' ? sectionNames : [];
    const isLoading = (state: PageState): boolean => names.some((name) => state.sections[name].status === 'loading');
    if (names.length === 0 || isLoading(after)) return [];
    const shown = names.map((name) => sections[name]).filter((section) => section.status === 'ready');
    const stale = staleIn(after, names);
    const said = stale === staleIn(was, names) ? [] : staleSentence(stale, after);
    // Those that have failed say so.
    if (!isLoading(was) || shown.length === 0) return said;
    const count = shown.reduce((sum, { items }) => sum + items.length, 0);
    const empty = isSection(tab) ? strings.empty[tab] : strings.timelineEmpty;
    return [...said, count === 0 ? empty : loaded(strings.tabs[tab], count)];
  }
}

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

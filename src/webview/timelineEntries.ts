import { sectionNames, type Section, type SectionName, type Sections } from '../protocol/contactViews.ts';
import type { PageState, TimelineFilter } from './pageState.ts';

type ItemOf<Name extends SectionName> = Extract<Sections[Name], { status: 'ready' }>['items'][number];

/** One thing that happened, of any section. */
export type Entry = { [Name in SectionName]: { kind: Name; item: ItemOf<Name> } }[SectionName];

/** All that happened and has loaded, newest first. */
export const entriesOf = (sections: Sections): Entry[] =>
  sectionNames.flatMap((kind) => itemsOf(sections, kind)).sort((one, other) => momentOf(other) - momentOf(one));

/** Of what has no time that can be read, the earliest. */
const momentOf = ({ item }: Entry): number => Date.parse(item.at) || 0;

function itemsOf(sections: Sections, kind: SectionName): Entry[] {
  const section: Section<ItemOf<SectionName>> = sections[kind];
  if (section.status !== 'ready') return [];
  return section.items.map((item) => ({ kind, item }) as Entry);
}

/** Empty where it has none. */
export const channelOf = ({ item }: Entry): string => ('channel' in item ? item.channel : '');

/** A channel that is gone would filter everything out, and be shown nowhere. */
export const effectiveFilter = (entries: readonly Entry[], filter: TimelineFilter): TimelineFilter =>
  entries.some((entry) => channelOf(entry) === filter.channel) ? filter : { ...filter, channel: '' };

export function isWanted(entry: Entry, filter: TimelineFilter): boolean {
  const day = localDay(entry.item.at);
  const isInRange =
    (filter.from === '' || day >= filter.from) && (filter.until === '' || (day !== '' && day <= filter.until));
  return (
    !filter.hidden.includes(entry.kind) && (filter.channel === '' || channelOf(entry) === filter.channel) && isInRange
  );
}

/** What the timeline shows. */
export function shownEntries({ sections, timeline }: Pick<PageState, 'sections' | 'timeline'>): Entry[] {
  const entries = entriesOf(sections);
  const filter = effectiveFilter(entries, timeline);
  return entries.filter((entry) => isWanted(entry, filter));
}

/** The day of a moment where the user is, as a date input has it: `YYYY-MM-DD`, which is how Canada writes it. */
const localDay = (iso: string): string =>
  Number.isNaN(Date.parse(iso)) ? '' : new Date(iso).toLocaleDateString('en-CA');

import { Fragment, type ComponentChild } from 'preact';
import { useMemo } from 'preact/hooks';
import './timeline.css';
import { type Section, type SectionName, type Sections } from '../protocol/contactViews.ts';
import { ActivityRow } from './activities.tsx';
import { CommentRow, MoreComments } from './comments.tsx';
import { DrawnOnce } from './drawnOnce.tsx';
import { ConversationRow } from './conversations.tsx';
import { FileRow } from './files.tsx';
import { usePage } from './pageContext.ts';
import type { PageState, TimelineFilter } from './pageState.ts';
import { Failure, EmptyState, Skeleton } from './rows.tsx';

interface Entry {
  kind: SectionName;
  at: string;
  channel: string;
  /** Made when it is drawn: elements that are kept would keep every earlier page. */
  row: () => ComponentChild;
}

/** The sections whose items are events, each with how one is shown. */
const kinds = [
  eventKind('conversations', (item) => <ConversationRow {...item} />),
  eventKind('comments', (item) => <CommentRow {...item} />),
  eventKind('files', (item) => <FileRow {...item} />),
  eventKind('activities', (item) => <ActivityRow {...item} />),
];

type ItemOf<Name extends SectionName> = Extract<Sections[Name], { status: 'ready' }>['items'][number];

function eventKind<Name extends SectionName>(name: Name, row: (item: ItemOf<Name>) => ComponentChild) {
  const entriesOf = (sections: Sections): Entry[] => {
    const section: Section<ItemOf<Name>> = sections[name];
    if (section.status !== 'ready') return [];
    return section.items.map((item) => ({
      kind: name,
      at: item.at,
      channel: 'channel' in item ? item.channel : '',
      row: () => <Fragment key={`${name} ${item.id}`}>{row(item)}</Fragment>,
    }));
  };
  return { name, entriesOf };
}

/** Everything that happened with a contact, newest first, with what of it is to be shown. */
export function TimelineTab({ state }: { state: PageState }) {
  const { sections } = state;
  const { strings } = usePage();
  const entries = useMemo(() => entriesOf(sections), [sections]);
  // A channel that is gone would filter everything out, and be shown nowhere.
  const isOffered = entries.some(({ channel }) => channel === state.timeline.channel);
  const timeline = useMemo(
    () => (isOffered ? state.timeline : { ...state.timeline, channel: '' }),
    [isOffered, state.timeline],
  );
  const wanted = useMemo(() => entries.filter((entry) => isWanted(entry, timeline)), [entries, timeline]);
  const shown = kinds.map(({ name }) => name).filter((name) => !timeline.hidden.includes(name));
  const isLoading = shown.some((name) => sections[name].status === 'loading');
  const { comments } = sections;
  const hasMore = shown.includes('comments') && comments.status === 'ready' && comments.hasMore;
  return (
    <div>
      <Filters entries={entries} filter={timeline} />
      {shown.map((name) => {
        const section: Section<unknown> = sections[name];
        return section.status === 'failed' && <Failure key={name} name={name} message={section.message} />;
      })}
      <DrawnOnce of={[wanted]}>{() => <ul class="rows">{wanted.map(({ row }) => row())}</ul>}</DrawnOnce>
      {isLoading && <Skeleton />}
      {!isLoading && wanted.length === 0 && (
        <EmptyState text={entries.length === 0 ? strings.timelineEmpty : strings.timelineFiltered} />
      )}
      {hasMore && <MoreComments />}
    </div>
  );
}

function Filters({ entries, filter }: { entries: readonly Entry[]; filter: TimelineFilter }) {
  const { strings, change } = usePage();
  const set = (part: Partial<TimelineFilter>): void =>
    change(({ timeline }) => ({ timeline: { ...timeline, ...part } }));
  const channels = [...new Set(entries.map(({ channel }) => channel).filter(Boolean))];
  return (
    <div class="filters">
      {kinds.map(({ name: kind }) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={!filter.hidden.includes(kind)}
            onChange={({ currentTarget: { checked } }) =>
              set({ hidden: [...filter.hidden.filter((name) => name !== kind), ...(checked ? [] : [kind])] })
            }
          />
          {strings.tabs[kind]}
        </label>
      ))}
      <select
        aria-label={strings.allChannels}
        value={filter.channel}
        onChange={({ currentTarget }) => set({ channel: currentTarget.value })}
      >
        <option value="">{strings.allChannels}</option>
        {channels
          .sort((a, b) => a.localeCompare(b))
          .map((channel) => (
            <option key={channel} value={channel}>
              {channel}
            </option>
          ))}
      </select>
      <span class="dates">
        <DateInput label={strings.from} value={filter.from} onChange={(from) => set({ from })} />
        <DateInput label={strings.until} value={filter.until} onChange={(until) => set({ until })} />
      </span>
    </div>
  );
}

function DateInput({ label, value, onChange }: { label: string; value: string; onChange: (day: string) => void }) {
  return (
    <label>
      {label}
      <input
        type="date"
        aria-label={label}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}

function isWanted({ kind, at, channel }: Entry, filter: TimelineFilter): boolean {
  const day = localDay(at);
  const isInRange =
    (filter.from === '' || day >= filter.from) && (filter.until === '' || (day !== '' && day <= filter.until));
  return !filter.hidden.includes(kind) && (filter.channel === '' || channel === filter.channel) && isInRange;
}

const entriesOf = (sections: Sections): Entry[] =>
  kinds
    .flatMap((kind) => kind.entriesOf(sections))
    .sort((one, other) => Date.parse(other.at || '0') - Date.parse(one.at || '0'));

/** The day of a moment where the user is, as a date input has it: `YYYY-MM-DD`, which is how Canada writes it. */
const localDay = (iso: string): string =>
  Number.isNaN(Date.parse(iso)) ? '' : new Date(iso).toLocaleDateString('en-CA');

import { Fragment, type ComponentChild } from 'preact';
import { useMemo } from 'preact/hooks';
import './timeline.css';
import { sectionNames, type Section } from '../protocol/contactViews.ts';
import { ActivityRow } from './activities.tsx';
import { CommentRow, MoreComments } from './comments.tsx';
import { DrawnOnce } from './drawnOnce.tsx';
import { ConversationRow } from './conversations.tsx';
import { FileRow } from './files.tsx';
import { usePage } from './pageContext.ts';
import type { PageState, TimelineFilter } from './pageState.ts';
import { Failure, EmptyState, Skeleton } from './rows.tsx';
import { channelOf, effectiveFilter, entriesOf, isWanted, type Entry } from './timelineEntries.ts';

function rowOf(entry: Entry): ComponentChild {
  switch (entry.kind) {
    case 'conversations':
      return <ConversationRow {...entry.item} />;
    case 'comments':
      return <CommentRow {...entry.item} />;
    case 'files':
      return <FileRow {...entry.item} />;
    case 'activities':
      return <ActivityRow {...entry.item} />;
  }
}

/** Everything that happened with a contact, newest first, with what of it is to be shown. */
export function TimelineTab({ state }: { state: PageState }) {
  const { sections } = state;
  const { strings } = usePage();
  const entries = useMemo(() => entriesOf(sections), [sections]);
  const timeline = useMemo(() => effectiveFilter(entries, state.timeline), [entries, state.timeline]);
  const wanted = useMemo(() => entries.filter((entry) => isWanted(entry, timeline)), [entries, timeline]);
  const shown = sectionNames.filter((name) => !timeline.hidden.includes(name));
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
      <DrawnOnce of={[wanted]}>
        {() => (
          <ul class="rows">
            {wanted.map((entry) => (
              <Fragment key={`${entry.kind} ${entry.item.id}`}>{rowOf(entry)}</Fragment>
            ))}
          </ul>
        )}
      </DrawnOnce>
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
  const channels = [...new Set(entries.map(channelOf).filter(Boolean))];
  return (
    <div class="filters">
      {sectionNames.map((kind) => (
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
        aria-label={strings.channel}
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

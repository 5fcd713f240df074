import type { ComponentType } from 'preact';
import { tabNames, type TabName } from '../protocol/contactViews.ts';
import './tabs.css';
import { ActivitiesTab } from './activities.tsx';
import { CommentsTab } from './comments.tsx';
import { ConversationsTab } from './conversations.tsx';
import { DetailsTab } from './details.tsx';
import { FilesTab } from './files.tsx';
import { usePage } from './pageContext.ts';
import { isSection, shownTab, type PageState } from './pageState.ts';
import { TimelineTab } from './timeline.tsx';

const tabs: Readonly<Record<TabName, ComponentType<{ state: PageState }>>> = {
  details: DetailsTab,
  timeline: TimelineTab,
  conversations: ConversationsTab,
  comments: CommentsTab,
  files: FilesTab,
  activities: ActivitiesTab,
};
const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** The row of tabs, and what is in the one that is chosen. */
export function Tabs({ state }: { state: PageState }) {
  const names: readonly TabName[] = state.isWide ? tabNames.filter((name) => name !== 'details') : tabNames;
  const tab = shownTab(state);
  const { strings, host, change } = usePage();
  const goTo = (next: TabName): void => {
    change({ tab: next });
    host.keepTab(next);
  };
  const Panel = tabs[tab];
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = names.at((names.indexOf(tab) + (steps[event.key] ?? 0)) % names.length);
    if (next === undefined || next === tab) return;
    goTo(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist">
        {names.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            class="tab"
            aria-selected={name === tab}
            aria-controls="panel"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => goTo(name)}
            onKeyDown={onKeyDown}
          >
            {strings.tabs[name]}
            <Count name={name} state={state} />
          </button>
        ))}
      </div>
      <section id="panel" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        <Panel state={state} />
      </section>
    </>
  );
}

function Count({ name, state: { sections } }: { name: TabName; state: PageState }) {
  const { locale } = usePage();
  const section = isSection(name) ? sections[name] : undefined;
  if (section?.status !== 'ready' || !section.total) return null;
  return (
    <span class="count" elementtiming={`count-${name}`}>
      {section.total.toLocaleString(locale)}
    </span>
  );
}

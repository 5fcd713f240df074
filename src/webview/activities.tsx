import type { ActivityView } from '../protocol/contactViews.ts';
import type { PageState } from './pageState.ts';
import { Row, SectionPanel } from './rows.tsx';

export const ActivityRow = ({ summary, author, at, sentiment, importance }: ActivityView) => (
  <Row lead="pulse" text={summary} about={[author, sentiment, importance]} at={at} />
);

export const ActivitiesTab = ({ state: { sections, notice } }: { state: PageState }) => (
  <SectionPanel name="activities" section={sections.activities} notice={notice}>
    {(items) => (
      <ul class="rows">
        {items.map((item) => (
          <ActivityRow key={item.id} {...item} />
        ))}
      </ul>
    )}
  </SectionPanel>
);

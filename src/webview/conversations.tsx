import type { ConversationView } from '../protocol/contactViews.ts';
import type { PageState } from './pageState.ts';
import { Row, SectionPanel } from './rows.tsx';

export const ConversationRow = ({ channelIcon, channel, message, team, people, at, status }: ConversationView) => (
  <Row lead={channelIcon} text={message || channel} about={[channel, team, people]} at={at} labels={[status]} />
);

export const ConversationsTab = ({ state: { sections, notice } }: { state: PageState }) => (
  <SectionPanel name="conversations" section={sections.conversations} notice={notice}>
    {(items) => (
      <ul class="rows">
        {items.map((item) => (
          <ConversationRow key={item.id} {...item} />
        ))}
      </ul>
    )}
  </SectionPanel>
);

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ConversationView } from '../protocol/contactViews.ts';
import { LinkButton } from './buttons.tsx';
import { ConversationReader } from './conversation.tsx';
import { usePage } from './pageContext.ts';
import type { PageState } from './pageState.ts';
import { Row, SectionPanel } from './rows.tsx';

/** A conversation by what was said last, which opens it. */
export function ConversationRow({ wasClosed = false, ...conversation }: ConversationView & { wasClosed?: boolean }) {
  const { host, change } = usePage();
  const row = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (wasClosed) row.current?.focus();
  }, [wasClosed]);
  const { id, channelIcon, channel, message, team, people, at, status } = conversation;
  const open = (): void => {
    change({ tab: 'conversations' });
    host.openConversation(id);
  };
  return (
    <Row
      lead={channelIcon}
      text={<LinkButton label={message || channel} isRowText onClick={open} buttonRef={row} />}
      about={[channel, team, people]}
      at={at}
      labels={[status]}
    />
  );
}

export function ConversationsTab({ state }: { state: PageState }) {
  const { sections, notice, conversation } = state;
  if (conversation !== undefined) return <ConversationReader conversation={conversation} state={state} />;
  return (
    <SectionPanel name="conversations" section={sections.conversations} notice={notice}>
      {(items) => (
        <ul class="rows">
          {items.map((item) => (
            <ConversationRow key={item.id} {...item} wasClosed={item.id === state.closedConversation} />
          ))}
        </ul>
      )}
    </SectionPanel>
  );
}

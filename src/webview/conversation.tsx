import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import './conversation.css';
import type { MessageView } from '../protocol/contactViews.ts';
import { ActivityRow } from './activities.tsx';
import { IconButton, LinkButton, TextButton } from './buttons.tsx';
import { DrawnOnce } from './drawnOnce.tsx';
import { Thumbnail } from './files.tsx';
import { Icon } from './icon.tsx';
import { usePage } from './pageContext.ts';
import type { PageState, ReadConversation } from './pageState.ts';
import { EmptyState, FailureState, Skeleton, StaleNotice } from './rows.tsx';
import { isTime } from './time.tsx';

/** How far above the first message older ones are asked for. */
const asksAhead = '400px 0px 0px 0px';
/** How far around what is in sight messages are kept as elements. */
const keptAround = '8000px 0px';
/** A list is at its end when it is so near to it, in pixels: positions are fractions. */
const nearEnd = 4;

/** A conversation as its messages, the newest at the end, with what became of it beside them. */
export function ConversationReader({ conversation, state }: { conversation: ReadConversation; state: PageState }) {
  const { strings, host, change } = usePage();
  const { id, head, activities, status, stale } = conversation;
  const pageCount = conversation.pages.length;
  const back = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    change({ conversation: undefined, closedConversation: head?.id ?? id });
    host.closeConversation();
  };
  const reader = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // A page that comes back by itself takes the focus from nobody.
    if (document.hasFocus()) back.current?.focus({ preventScroll: true });
    reader.current?.scrollIntoView({ block: 'start' });
  }, [id]);
  // Of what loads only then, the end would be out of sight.
  useLayoutEffect(() => {
    if (status === 'ready' && pageCount === 1) reader.current?.scrollIntoView({ block: 'start' });
  }, [status, pageCount]);
  useEffect(() => {
    const { current } = reader;
    const onKeyDown = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') close();
    };
    current?.addEventListener('keydown', onKeyDown);
    return () => current?.removeEventListener('keydown', onKeyDown);
  });
  const about = [head?.team, head?.people].filter(Boolean).join(' · ');
  return (
    <div class="conversation" ref={reader}>
      <div class="conversation-head">
        <TextButton icon="arrow-left" label={strings.allConversations} onClick={close} buttonRef={back} />
        {head && (
          <span class="conversation-name">
            <Icon name={head.channelIcon} />
            <b>{head.channel}</b>
            {about !== '' && <span class="about">{about}</span>}
            {head.status !== '' && <span class="label">{head.status}</span>}
          </span>
        )}
        {state.browser.conversation && (
          <IconButton
            icon="link-external"
            label={strings.openInBrowser}
            onClick={() => host.openInBrowser('conversation')}
          />
        )}
      </div>
      {stale && (
        <StaleNotice stale={stale} isSaid={state.notice !== undefined} onRetry={() => host.openConversation(id)} />
      )}
      <div class="conversation-body">
        <Messages key={id} conversation={conversation} />
        {activities.length > 0 && (
          <aside aria-label={strings.tabs.activities}>
            <h2>{strings.tabs.activities}</h2>
            <ul class="rows">
              {activities.map((activity) => (
                <ActivityRow key={activity.id} {...activity} />
              ))}
            </ul>
          </aside>
        )}
      </div>
    </div>
  );
}

function Messages({ conversation }: { conversation: ReadConversation }) {
  const { strings, host } = usePage();
  const { id, status, pages, hasOlder, olderFault, message } = conversation;
  const list = useRef<HTMLDivElement>(null);
  const all = useRef<HTMLDivElement>(null);
  const fromEnd = useRef(0);
  const hasList = status === 'ready';
  // What one reads stays where it is: while older messages come in above it, and at the end when heights change.
  useLayoutEffect(() => {
    const { current } = list;
    if (current !== null) current.scrollTop = current.scrollHeight - fromEnd.current;
  }, [pages]);
  useEffect(() => {
    const [box, content] = [list.current, all.current];
    if (!hasList || box === null || content === null) return undefined;
    const observer = new ResizeObserver(() => {
      const isAtEnd = fromEnd.current <= box.clientHeight + nearEnd;
      if (isAtEnd) box.scrollTop = box.scrollHeight;
    });
    observer.observe(content);
    observer.observe(box);
    return () => observer.disconnect();
  }, [hasList]);
  if (status === 'loading') return <Skeleton />;
  if (status === 'failed') return <FailureState message={message} onRetry={() => host.openConversation(id)} />;
  if (pages.every(({ length }) => length === 0)) return <EmptyState text={strings.noMessages} />;
  return (
    <div
      ref={list}
      class="messages"
      role="region"
      aria-label={strings.messages}
      // oxlint-disable-next-line jsx_a11y/no-noninteractive-tabindex -- the arrow keys scroll what has the focus
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop } }) => {
        fromEnd.current = scrollHeight - scrollTop;
      }}
    >
      <div ref={all}>
        {hasOlder && <OlderMessages fault={olderFault} pageCount={pages.length} />}
        {pages.map((page, index) => (
          <MessagePage key={page[0]?.id} page={page} before={pages[index - 1]?.at(-1)} />
        ))}
      </div>
    </div>
  );
}

/** Asks for older messages as soon as the first of those that are here come near. */
function OlderMessages({ fault, pageCount }: { fault: string; pageCount: number }) {
  const { strings, host } = usePage();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null || fault !== '') return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        host.loadOlderMessages();
      },
      { root: current.closest('.messages'), rootMargin: asksAhead },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [fault, host, pageCount]);
  return (
    <div class="older" ref={place}>
      {fault !== '' && (
        <p role="alert">
          <Icon name="warning" />
          {fault}
        </p>
      )}
      <TextButton
        label={fault === '' ? strings.olderMessages : strings.retry}
        onClick={() => host.loadOlderMessages()}
      />
    </div>
  );
}

/** As many messages as come at once. Far out of sight they are a gap of their height: ten thousand would fill memory. */
function MessagePage({ page, before }: { page: readonly MessageView[]; before: MessageView | undefined }) {
  const { locale } = usePage();
  const place = useRef<HTMLDivElement>(null);
  const [isGap, setIsGap] = useState(false);
  /** As it was when it was seen last. */
  const height = useRef(0);
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const isNear = entries.at(-1)?.isIntersecting === true || isInUse(current);
        if (!isNear) height.current = current.offsetHeight;
        setIsGap(!isNear);
      },
      { root: current.closest('.messages'), rootMargin: keptAround },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const dayBefore = before === undefined ? '' : dayText(before.at, locale);
  return (
    <div
      ref={place}
      style={{
        height: isGap ? `${height.current}px` : '',
        // Until it is drawn again, it is as high as it was.
        '--known-height': height.current === 0 ? '' : `${height.current}px`,
      }}
    >
      {!isGap && (
        <DrawnOnce of={[page, dayBefore, locale]}>
          {() => <MessageList page={page} dayBefore={dayBefore} locale={locale} />}
        </DrawnOnce>
      )}
    </div>
  );
}

/** What has the focus, or is selected to be copied, does not go. */
function isInUse(element: HTMLElement): boolean {
  const selection = document.getSelection();
  const isSelected = selection !== null && !selection.isCollapsed && selection.containsNode(element, true);
  return isSelected || element.contains(document.activeElement);
}

interface MessageListOptions {
  page: readonly MessageView[];
  /** The day of the message before them, as it is shown. */
  dayBefore: string;
  locale: string;
}

function MessageList({ page, dayBefore, locale }: MessageListOptions) {
  let day = dayBefore;
  return (
    <ol class="message-page">
      {page.map((message) => {
        const isNewDay = isTime(message.at) && dayText(message.at, locale) !== day;
        if (isNewDay) day = dayText(message.at, locale);
        return (
          <Fragment key={message.id}>
            {isNewDay && <li class="day">{day}</li>}
            <Message {...message} />
          </Fragment>
        );
      })}
    </ol>
  );
}

function Message({ isFromContact, author, text, file, at }: MessageView) {
  const { strings, host, locale } = usePage();
  const clock = isTime(at) ? new Date(at).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' }) : '';
  return (
    <li class={isFromContact ? 'message' : 'message ours'}>
      <p class="message-about">
        {author !== '' && <b>{author}</b>}
        {clock !== '' && (
          <time dateTime={at} title={new Date(at).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'medium' })}>
            {clock}
          </time>
        )}
      </p>
      {text !== '' && <p class="message-text">{text}</p>}
      {file && (
        <div class="message-file">
          <Thumbnail file={file} />
          <LinkButton label={file.name} isRowText onClick={() => host.openFile(file.id)} />
          <IconButton icon="save-as" label={`${strings.save} ${file.name}`} onClick={() => host.saveFiles([file.id])} />
        </div>
      )}
    </li>
  );
}

const dayText = (iso: string, locale: string): string =>
  isTime(iso) ? new Date(iso).toLocaleDateString(locale, { dateStyle: 'full' }) : '';

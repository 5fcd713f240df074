import type { ComponentChildren } from 'preact';
import './rows.css';
import { TextButton } from './buttons.tsx';
import { Icon } from './icon.tsx';
import { usePage } from './pageContext.ts';
import type { PageState } from './pageState.ts';
import type { Section, SectionName, Staleness } from '../protocol/contactViews.ts';
import { isTime, Time } from './time.tsx';

interface RowOptions {
  /** What stands before it: an icon's name, or more. */
  lead: string | ComponentChildren;
  text: ComponentChildren;
  /** Who and what; empty ones are left out. */
  about: readonly string[];
  at: string;
  labels?: readonly string[];
  /** What can be done with it. */
  children?: ComponentChildren;
}

/** One thing that happened. */
export function Row({ lead, text, about, at, labels, children }: RowOptions) {
  const parts = about.filter(Boolean).join(' · ');
  return (
    <li class="row">
      {typeof lead === 'string' ? <Icon name={lead} /> : lead}
      <div class="row-body">
        {typeof text === 'string' ? <p class="row-text">{text}</p> : text}
        <p class="row-about">
          {parts}
          {parts !== '' && isTime(at) && ' · '}
          <Time iso={at} />
        </p>
      </div>
      <div class="row-marks">
        {labels?.filter(Boolean).map((label) => (
          <span key={label} class="label">
            {label}
          </span>
        ))}
        {children}
      </div>
    </li>
  );
}

interface SectionOptions<Item> {
  name: SectionName;
  section: Section<Item>;
  notice: PageState['notice'];
  /** What is shown of the items, of which there is at least one. */
  children: (items: readonly Item[], hasMore: boolean) => ComponentChildren;
}

/** A section, which loads, fails and is empty by itself. */
export function SectionPanel<Item>({ name, section, notice, children }: SectionOptions<Item>) {
  const { strings, host } = usePage();
  // While a notice says why nothing loads, a skeleton would promise that something does.
  if (section.status === 'loading') return notice === undefined ? <Skeleton /> : null;
  if (section.status === 'failed') return <Failure name={name} message={section.message} />;
  const { items, hasMore, stale } = section;
  return (
    <div>
      {stale && <StaleNotice stale={stale} isSaid={notice !== undefined} onRetry={() => host.retry(name)} />}
      {items.length === 0 ? <EmptyState text={strings.empty[name]} /> : children(items, hasMore)}
    </div>
  );
}

/** Why a section is not there, with a way to try again. */
export function Failure({ name, message }: { name: SectionName; message: string }) {
  const { host } = usePage();
  return <FailureState message={message} onRetry={() => host.retry(name)} />;
}

export function FailureState({ message, onRetry }: { message: string; onRetry: () => void }) {
  const { strings } = usePage();
  return (
    <div class="state" role="alert">
      <Icon name="warning" />
      <p>{message}</p>
      <TextButton label={strings.retry} onClick={onRetry} />
    </div>
  );
}

/** The message of an empty list. */
export const EmptyState = ({ text }: { text: string }) => (
  <div class="state">
    <p>{text}</p>
  </div>
);

interface StaleOptions {
  stale: Staleness;
  /** The page has a notice of why there is nothing newer; without a message, the server is still asked. */
  isSaid: boolean;
  onRetry: () => void;
}

/** Says of what is shown that it is as it was when there was a connection, with a way to try again. */
export function StaleNotice({ stale, isSaid, onRetry }: StaleOptions) {
  const { strings } = usePage();
  if (isSaid || stale.message === '') {
    return (
      <p class="as-of">
        {`${strings.asOf} `}
        <Time iso={stale.asOf} />
      </p>
    );
  }
  return (
    <div class="stale">
      <Icon name="debug-disconnect" />
      <span>
        {`${stale.message} ${strings.asOf} `}
        <Time iso={stale.asOf} />
      </span>
      <TextButton label={strings.retry} onClick={onRetry} />
    </div>
  );
}

export function Skeleton() {
  const { strings } = usePage();
  return (
    <div class="skeleton" role="img" aria-label={strings.loading}>
      {['one', 'two', 'three', 'four'].map((key) => (
        <div key={key} class="skeleton-row" />
      ))}
    </div>
  );
}

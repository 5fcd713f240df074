import type {
  ContactView,
  ContactHost,
  PageStrings,
  Section,
  SectionItems,
  SectionName,
} from '../protocol/contactPage.ts';
import { element, iconButton, textButton } from './dom.ts';
import { icon } from './icons.ts';
import { timeElement } from './times.ts';

export interface Page {
  strings: PageStrings;
  locale: string;
  host: ContactHost;
}

/** What is known of the contact, a row each. */
export function detailsSection(contact: ContactView, { strings, host }: Page): HTMLElement {
  return element(
    'dl',
    { class: 'details' },
    ...contact.fields.map((field) =>
      element(
        'div',
        { class: 'detail' },
        element('dt', {}, field.label),
        element(
          'dd',
          {},
          field.isLink
            ? element(
                'button',
                {
                  class: 'link',
                  attributes: { type: 'button' },
                  onClick: () => host.openLink(field.name),
                },
                field.value,
              )
            : element('span', { class: 'value' }, field.value),
          field.value === ''
            ? undefined
            : iconButton('copy', `${strings.copy}: ${field.label}`, () => host.copy(field.name)),
          field.note === '' ? undefined : element('p', { class: 'ignored' }, icon('warning'), field.note),
        ),
      ),
    ),
  );
}

type RowMaker = { [Name in SectionName]: (item: SectionItems[Name], page: Page) => HTMLElement };

const rows: RowMaker = {
  conversations: (item, { locale }) =>
    row(
      item.channelIcon,
      element('p', { class: 'row-text' }, item.message || item.channel),
      [item.channel, item.team, item.people],
      item.at,
      locale,
      item.status === '' ? undefined : element('span', { class: 'label' }, item.status),
    ),
  comments: (item, { locale, strings, host }) =>
    row(
      'comment',
      element('p', { class: 'row-text' }, item.text),
      [item.author],
      item.at,
      locale,
      ...item.labels.map((label) => element('span', { class: 'label' }, label)),
      iconButton('trash', strings.deleteComment, () => host.deleteComment(item.id)),
    ),
  files: (item, { locale, strings, host }) =>
    row(
      item.icon,
      element('p', { class: 'row-text' }, item.name),
      [item.author, item.size],
      item.at,
      locale,
      iconButton('go-to-file', `${strings.open} ${item.name}`, () => host.openFile(item.id)),
      iconButton('save-as', `${strings.save} ${item.name}`, () => host.saveFiles([item.id])),
    ),
  activities: (item, { locale }) =>
    row(
      'pulse',
      element('p', { class: 'row-text' }, item.summary),
      [item.author],
      item.at,
      locale,
      ...[item.sentiment, item.importance].filter(Boolean).map((text) => element('span', { class: 'label' }, text)),
    ),
};

export const itemRow = <Name extends SectionName>(name: Name, item: SectionItems[Name], page: Page): HTMLElement =>
  rows[name](item, page);

/** Why a section is not there, with a way to try again; nothing where it is. */
export function sectionFailure(
  name: SectionName,
  section: Section<unknown>,
  { strings, host }: Page,
): HTMLElement | undefined {
  if (section.status !== 'failed') return undefined;
  return element(
    'div',
    { class: 'state', attributes: { role: 'alert' } },
    icon('warning'),
    element('p', {}, section.message),
    textButton(strings.retry, () => host.retry(name)),
  );
}

/** A list that loads, fails and is empty by itself. */
export function listSection<Name extends SectionName>(
  name: Name,
  section: Section<SectionItems[Name]>,
  page: Page,
): HTMLElement | undefined {
  const { strings, host } = page;
  switch (section.status) {
    case 'loading':
      return skeleton(strings.loading);
    case 'failed':
      return sectionFailure(name, section, page);
    case 'ready':
      if (section.items.length === 0) return element('div', { class: 'state' }, element('p', {}, strings.empty[name]));
      return element(
        'div',
        {},
        stalenessOf(name, section, page),
        element('ul', { class: 'rows' }, ...section.items.map((item) => rows[name](item, page))),
        name === 'comments' && section.hasMore
          ? textButton(strings.loadMore, () => host.loadMoreComments())
          : undefined,
      );
  }
}

/** Says of a section that it is as it was when there was a connection, with a way to try again. */
export function stalenessOf(
  name: SectionName,
  section: Section<unknown>,
  { strings, locale, host }: Page,
): HTMLElement | undefined {
  if (section.status !== 'ready' || section.stale === undefined) return undefined;
  return element(
    'div',
    { class: 'stale', attributes: { role: 'status' } },
    icon('debug-disconnect'),
    element('span', {}, `${section.stale.message} ${strings.asOf} `, timeElement(section.stale.asOf, locale)),
    textButton(strings.retry, () => host.retry(name)),
  );
}

const row = (iconName: string, ...rest: RowParts): HTMLElement => rowElement(icon(iconName), ...rest);

type RowParts = Parameters<typeof rowElement> extends [Element, ...infer Rest] ? Rest : never;

/** One thing of a list: what leads it, its text, who and when, and what can be done with it. */
export function rowElement(
  lead: Element,
  text: HTMLElement,
  about: readonly string[],
  at: string,
  locale: string,
  ...marks: (HTMLElement | undefined)[]
): HTMLElement {
  const time = timeElement(at, locale);
  const parts = about.filter(Boolean).join(' · ');
  return element(
    'li',
    { class: 'row' },
    lead,
    element(
      'div',
      { class: 'row-body' },
      text,
      element('p', { class: 'row-about' }, parts, parts !== '' && time !== undefined ? ' · ' : undefined, time),
    ),
    element('div', { class: 'row-marks' }, ...marks),
  );
}

export const skeleton = (label: string): HTMLElement =>
  element(
    'div',
    { class: 'skeleton', attributes: { role: 'status', 'aria-label': label } },
    ...Array.from({ length: 4 }, () => element('div', { class: 'skeleton-row' })),
  );

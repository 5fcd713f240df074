import {
  sectionNames,
  type PageStrings,
  type Section,
  type SectionItems,
  type SectionName,
} from '../protocol/contactPage.ts';
import { element, textButton } from './dom.ts';
import { itemRow, sectionFailure, skeleton, type Page } from './sections.ts';

export type Sections = { [Name in SectionName]: Section<SectionItems[Name]> };

interface Entry {
  kind: SectionName;
  at: string;
  channel: string;
  /** Made when it is shown. */
  row: (page: Page) => HTMLElement;
}

/** Everything that happened with a contact, newest first, with what of it is to be shown. */
export class Timeline {
  readonly root: HTMLElement;
  private readonly page: Page;
  private readonly filters: HTMLElement;
  private readonly list: HTMLElement;
  private readonly kinds = new Set<SectionName>(sectionNames);
  private readonly channel: HTMLSelectElement;
  private readonly from: HTMLInputElement;
  private readonly until: HTMLInputElement;
  private sections: Sections | undefined;

  constructor(page: Page) {
    this.page = page;
    const { strings } = page;
    const draw = (): void => this.draw();
    this.channel = element('select', { attributes: { 'aria-label': strings.allChannels } });
    this.from = dateInput(strings.from, draw);
    this.until = dateInput(strings.until, draw);
    this.channel.addEventListener('change', draw);
    this.filters = element(
      'div',
      { class: 'filters' },
      ...sectionNames.map((kind) => this.kindBox(kind, strings)),
      this.channel,
      element(
        'span',
        { class: 'dates' },
        element('label', {}, strings.from, this.from),
        element('label', {}, strings.until, this.until),
      ),
    );
    this.list = element('div');
    this.root = element('div', {}, this.filters, this.list);
  }

  update(sections: Sections): void {
    this.sections = sections;
    this.offerChannels();
    this.draw();
  }

  private draw(): void {
    if (this.sections === undefined) return;
    const { strings, host } = this.page;
    const { sections } = this;
    const entries = entriesOf(sections).filter((entry) => this.isWanted(entry));
    const names = sectionNames.filter((name) => this.kinds.has(name));
    const isLoading = names.some((name) => sections[name].status === 'loading');
    const { comments } = sections;
    const hasMore = this.kinds.has('comments') && comments.status === 'ready' && comments.hasMore;
    this.list.replaceChildren(
      ...names.flatMap((name) => sectionFailure(name, sections[name], this.page) ?? []),
      element('ul', { class: 'rows' }, ...entries.map((entry) => entry.row(this.page))),
      ...(isLoading ? [skeleton(strings.loading)] : []),
      ...(!isLoading && entries.length === 0
        ? [element('div', { class: 'state' }, element('p', {}, strings.timelineEmpty))]
        : []),
      ...(hasMore ? [textButton(strings.loadMore, () => host.loadMoreComments())] : []),
    );
  }

  private isWanted({ kind, at, channel }: Entry): boolean {
    const day = localDay(at);
    const isInRange =
      (this.from.value === '' || day >= this.from.value) &&
      (this.until.value === '' || (day !== '' && day <= this.until.value));
    return this.kinds.has(kind) && (this.channel.value === '' || channel === this.channel.value) && isInRange;
  }

  private offerChannels(): void {
    if (this.sections === undefined) return;
    const channels = new Set(
      entriesOf(this.sections)
        .map((entry) => entry.channel)
        .filter(Boolean),
    );
    const chosen = this.channel.value;
    this.channel.replaceChildren(
      option('', this.page.strings.allChannels),
      ...[...channels].sort((a, b) => a.localeCompare(b)).map((channel) => option(channel, channel)),
    );
    this.channel.value = channels.has(chosen) ? chosen : '';
  }

  private kindBox(kind: SectionName, strings: PageStrings): HTMLElement {
    const box = element('input', { attributes: { type: 'checkbox' } });
    box.checked = true;
    box.addEventListener('change', () => {
      if (box.checked) this.kinds.add(kind);
      else this.kinds.delete(kind);
      this.draw();
    });
    return element('label', {}, box, strings.tabs[kind]);
  }
}

const option = (value: string, text: string): HTMLOptionElement => element('option', { attributes: { value } }, text);

function dateInput(label: string, onChange: () => void): HTMLInputElement {
  const input = element('input', { attributes: { type: 'date', 'aria-label': label } });
  input.addEventListener('change', onChange);
  return input;
}

function entriesOf(sections: Sections): Entry[] {
  const entries = sectionNames.flatMap((kind) => entriesIn(kind, sections[kind]));
  return entries.sort((one, other) => Date.parse(other.at || '0') - Date.parse(one.at || '0'));
}

function entriesIn<Name extends SectionName>(kind: Name, section: Section<SectionItems[Name]>): Entry[] {
  if (section.status !== 'ready') return [];
  return section.items.map((item) => ({
    kind,
    at: item.at,
    channel: 'channel' in item ? item.channel : '',
    row: (page) => itemRow(kind, item, page),
  }));
}

/** The day of a moment where the user is, as a date input has it: `YYYY-MM-DD`, which is how Canada writes it. */
const localDay = (iso: string): string =>
  Number.isNaN(Date.parse(iso)) ? '' : new Date(iso).toLocaleDateString('en-CA');

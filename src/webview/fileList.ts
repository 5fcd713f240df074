import type { FileView } from '../protocol/contactPage.ts';
import { element, iconButton, textButton } from './dom.ts';
import { icon } from './icons.ts';
import { rowElement, type Page } from './sections.ts';

/** A contact's files, of which several can be saved at once. Small pictures are asked for when their row is seen. */
export class FileList {
  readonly root: HTMLElement;
  private readonly page: Page;
  private readonly list: HTMLElement;
  private readonly all: HTMLInputElement;
  private readonly saveButton: HTMLButtonElement;
  private readonly selected = new Set<string>();
  private readonly boxes = new Map<string, HTMLInputElement>();
  private readonly thumbnails = new Map<string, string>();
  private readonly slots = new Map<string, HTMLElement>();
  private readonly seen: IntersectionObserver;
  private files: readonly FileView[] = [];

  constructor(page: Page) {
    this.page = page;
    const { strings, host } = page;
    this.list = element('ul', { class: 'rows' });
    this.all = element('input', { attributes: { type: 'checkbox', 'data-key': 'select-all' } });
    this.all.addEventListener('change', () => this.selectAll(this.all.checked));
    this.saveButton = textButton(strings.saveSelected, () => host.saveFiles([...this.selected]), 'save-as');
    this.root = element(
      'div',
      {},
      element('div', { class: 'file-bar' }, element('label', {}, this.all, strings.selectAll), this.saveButton),
      this.list,
    );
    this.seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        const id = target.getAttribute('data-file');
        if (!isIntersecting || id === null) continue;
        this.seen.unobserve(target);
        host.loadThumbnail(id);
      }
    });
  }

  /** Shows `files`; those that stay keep their place in the selection. */
  update(files: readonly FileView[]): void {
    if (files === this.files) return;
    this.files = files;
    const ids = new Set(files.map(({ id }) => id));
    for (const id of this.selected) if (!ids.has(id)) this.selected.delete(id);
    this.seen.disconnect();
    this.boxes.clear();
    this.slots.clear();
    this.list.replaceChildren(...files.map((file) => this.row(file)));
    this.showSelection();
  }

  showThumbnail(fileId: string, picture: string): void {
    if (picture === '') return;
    this.thumbnails.set(fileId, picture);
    this.slots.get(fileId)?.replaceChildren(thumbnail(picture));
  }

  private row(file: FileView): HTMLElement {
    const { strings, host, locale } = this.page;
    const box = element('input', {
      attributes: { type: 'checkbox', 'aria-label': `${strings.select} ${file.name}`, 'data-key': `file-${file.id}` },
    });
    box.checked = this.selected.has(file.id);
    box.addEventListener('change', () => {
      if (box.checked) this.selected.add(file.id);
      else this.selected.delete(file.id);
      this.showSelection();
    });
    this.boxes.set(file.id, box);
    const known = this.thumbnails.get(file.id);
    const picture = element(
      'span',
      { class: 'thumbnail', attributes: { 'data-file': file.id } },
      known === undefined ? icon(file.icon) : thumbnail(known),
    );
    this.slots.set(file.id, picture);
    if (file.isPicture && known === undefined) this.seen.observe(picture);
    return rowElement(
      element('span', { class: 'file-lead' }, box, picture),
      element(
        'button',
        { class: 'link row-text', attributes: { type: 'button' }, onClick: () => host.openFile(file.id) },
        file.name,
      ),
      [file.author, file.size],
      file.at,
      locale,
      iconButton('save-as', `${strings.save} ${file.name}`, () => host.saveFiles([file.id])),
    );
  }

  private selectAll(isSelected: boolean): void {
    for (const [id, box] of this.boxes) {
      box.checked = isSelected;
      if (isSelected) this.selected.add(id);
      else this.selected.delete(id);
    }
    this.showSelection();
  }

  private showSelection(): void {
    const { size } = this.selected;
    this.all.checked = size > 0 && size === this.files.length;
    this.all.indeterminate = size > 0 && size < this.files.length;
    this.saveButton.disabled = size === 0;
  }
}

const thumbnail = (picture: string): HTMLElement => element('img', { attributes: { src: picture, alt: '' } });

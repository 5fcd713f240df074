import type { CommentBoxView, ContactHost, PageStrings } from '../protocol/contactPage.ts';
import { element, textButton } from './dom.ts';
import { icon } from './icons.ts';

/** The box for a new comment. It is made once and updated in place. */
export class CommentBoxElement {
  readonly root: HTMLElement;
  private readonly input: HTMLTextAreaElement;
  private readonly add: HTMLButtonElement;
  private readonly note: HTMLElement;
  private readonly refusal: HTMLElement;
  private readonly box: HTMLElement;

  constructor(strings: PageStrings, host: ContactHost) {
    this.input = element('textarea', {
      attributes: {
        rows: '2',
        'aria-label': strings.commentPlaceholder,
        placeholder: strings.commentPlaceholder,
        'aria-describedby': 'comment-note',
      },
    });
    this.input.addEventListener('input', () => {
      // At once: the next key may be Tab, which passes by what is disabled.
      this.add.disabled = this.input.value.trim() === '';
      host.changeComment(this.input.value);
    });
    this.add = textButton(strings.addComment, () => host.addComment());
    this.add.classList.add('primary');
    this.add.title = strings.addCommentKeys;
    this.add.setAttribute('aria-keyshortcuts', 'Control+Enter Meta+Enter');
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.add.click();
    });
    this.note = element('p', { class: 'note fault', attributes: { id: 'comment-note', role: 'alert' } });
    this.box = element('div', { class: 'comment-box' }, this.input, this.note, this.add);
    this.refusal = element('p', { class: 'refusal' });
    this.root = element('div', {}, this.box, this.refusal);
  }

  update({ draft, isSending, fault, refusal }: CommentBoxView): void {
    const isOvertaken = document.activeElement === this.input && draft !== '';
    if (!isOvertaken && this.input.value !== draft) this.input.value = draft;
    this.input.readOnly = isSending;
    this.add.disabled = isSending || draft.trim() === '';
    this.note.replaceChildren(...(fault === '' ? [] : [icon('error'), fault]));
    this.box.hidden = refusal !== '';
    this.refusal.hidden = refusal === '';
    this.refusal.textContent = refusal;
  }
}

import type { ConflictView, FormFieldView, FormView, ContactHost, PageStrings } from '../protocol/contactPage.ts';
import { element, textButton } from './dom.ts';
import { icon } from './icons.ts';

type Whose = 'mine' | 'theirs';

/** The form of a contact. It is made once and updated in place, so that typing is never interrupted. */
export class ContactFormView {
  readonly root: HTMLFormElement;
  private readonly strings: PageStrings;
  private readonly host: ContactHost;
  private readonly inputs = new Map<string, FormInput>();
  private readonly message: HTMLElement;
  private readonly saveButton: HTMLButtonElement;
  private shownConflicts = '[]';
  /** Whose value is to stay, for each field that was changed twice. */
  private chosen: Record<string, Whose> = {};

  constructor(form: FormView, strings: PageStrings, host: ContactHost) {
    this.strings = strings;
    this.host = host;
    this.message = element('p', { class: 'form-message', attributes: { role: 'alert' } });
    this.saveButton = textButton(strings.saveChanges, () => this.save());
    this.saveButton.type = 'submit';
    this.saveButton.classList.add('primary');
    for (const field of form.fields) this.inputs.set(field.name, new FormInput(field, host));
    this.root = element(
      'form',
      { class: 'contact-form', attributes: { novalidate: '' } },
      ...[...this.inputs.values()].map((input) => input.root),
      this.message,
      element(
        'div',
        { class: 'form-actions' },
        this.saveButton,
        textButton(strings.discard, () => host.discard()),
      ),
    );
    this.root.addEventListener('submit', (event) => event.preventDefault());
    this.update(form);
  }

  update(form: FormView): void {
    for (const field of form.fields) this.inputs.get(field.name)?.update(field, form.isSaving);
    const isAsking = form.conflicts.length > 0;
    // The question stands at its field, where it has the focus.
    this.message.textContent = isAsking ? '' : form.message;
    this.saveButton.disabled = form.isSaving || !form.isDirty;
    const conflicts = JSON.stringify(form.conflicts);
    if (conflicts === this.shownConflicts) return;
    this.shownConflicts = conflicts;
    this.ask(form.conflicts, form.message);
  }

  focus(field: string): void {
    this.inputs.get(field)?.input.focus();
  }

  /** Saves what was typed, or what was chosen where somebody else has changed the same. */
  save(): void {
    if (Object.keys(this.chosen).length > 0) this.host.resolve(this.chosen);
    else this.host.save();
  }

  private ask(conflicts: readonly ConflictView[], question: string): void {
    this.chosen = Object.fromEntries(conflicts.map(({ name }) => [name, 'mine' as const]));
    for (const input of this.inputs.values()) input.question.replaceChildren();
    for (const conflict of conflicts) {
      this.inputs.get(conflict.name)?.question.replaceChildren(this.choiceOf(conflict, question));
    }
    const first = this.root.querySelector<HTMLElement>('.question input:checked');
    first?.focus({ preventScroll: true });
    first?.closest('.field')?.scrollIntoView({ block: 'center' });
  }

  /** Both values beside each other. */
  private choiceOf(conflict: ConflictView, question: string): HTMLElement {
    const choice = (whose: Whose, value: string): HTMLElement => {
      const radio = element('input', {
        attributes: { type: 'radio', name: `conflict-${conflict.name}`, value: whose },
      });
      radio.checked = whose === 'mine';
      radio.addEventListener('change', () => (this.chosen[conflict.name] = whose));
      return element(
        'label',
        { class: 'choice' },
        radio,
        element('b', {}, this.strings[whose]),
        element('span', {}, value || '—'),
      );
    };
    return element(
      'fieldset',
      {},
      element('legend', {}, icon('warning'), `${conflict.label}: ${question}`),
      choice('mine', conflict.mine),
      choice('theirs', conflict.theirs),
    );
  }
}

class FormInput {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement | HTMLTextAreaElement;
  /** Holds what is asked about this field. */
  readonly question = element('div', { class: 'question' });
  private readonly note: HTMLElement;

  constructor(field: FormFieldView, host: ContactHost) {
    const id = `field-${field.name}`;
    const attributes = {
      id,
      'data-key': id,
      'aria-describedby': `${id}-note`,
      autocomplete: 'off',
      spellcheck: 'false',
    };
    this.input = field.isLong
      ? element('textarea', { attributes: { ...attributes, rows: '3' } })
      : element('input', { attributes: { ...attributes, type: 'text' } });
    this.input.value = field.value;
    this.input.addEventListener('input', () => host.change(field.name, this.input.value));
    this.note = element('p', { class: 'note', attributes: { id: `${id}-note`, 'aria-live': 'polite' } });
    this.root = element(
      'div',
      { class: 'field' },
      element('label', { attributes: { for: id } }, field.label),
      element('div', {}, this.input, this.note, this.question),
    );
  }

  update(field: FormFieldView, isSaving: boolean): void {
    // What is being typed may be ahead of what the host has seen.
    if (document.activeElement !== this.input && this.input.value !== field.value) this.input.value = field.value;
    this.input.readOnly = isSaving;
    this.input.setAttribute('aria-invalid', String(field.fault !== ''));
    this.note.classList.toggle('fault', field.fault !== '');
    this.note.replaceChildren(...(field.fault === '' ? [field.hint] : [icon('error'), field.fault]));
  }
}

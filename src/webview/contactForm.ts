import type { ConflictView, FormFieldView, FormView, ContactHost, PageStrings } from '../protocol/contactPage.ts';
import { element, textButton } from './dom.ts';
import { icon } from './icons.ts';

/** The form of a contact. It is made once and updated in place, so that typing is never interrupted. */
export class ContactFormView {
  readonly root: HTMLFormElement;
  private readonly strings: PageStrings;
  private readonly host: ContactHost;
  private readonly inputs = new Map<string, FormInput>();
  private readonly message: HTMLElement;
  private readonly conflicts: HTMLElement;
  private readonly save: HTMLButtonElement;
  private shownConflicts = '';

  constructor(form: FormView, strings: PageStrings, host: ContactHost) {
    this.strings = strings;
    this.host = host;
    this.message = element('p', { class: 'form-message', attributes: { role: 'alert' } });
    this.conflicts = element('div', { class: 'conflicts' });
    this.save = textButton(strings.saveChanges, () => host.save());
    this.save.type = 'submit';
    this.save.classList.add('primary');
    for (const field of form.fields) this.inputs.set(field.name, new FormInput(field, host));
    this.root = element(
      'form',
      { class: 'contact-form', attributes: { novalidate: '' } },
      ...[...this.inputs.values()].map((input) => input.root),
      this.message,
      this.conflicts,
      element(
        'div',
        { class: 'form-actions' },
        this.save,
        textButton(strings.discard, () => host.discard()),
      ),
    );
    this.root.addEventListener('submit', (event) => event.preventDefault());
    this.update(form);
  }

  update(form: FormView): void {
    for (const field of form.fields) this.inputs.get(field.name)?.update(field, form.isSaving);
    this.message.textContent = form.message;
    this.save.disabled = form.isSaving || !form.isDirty;
    const conflicts = JSON.stringify(form.conflicts);
    if (conflicts !== this.shownConflicts) {
      this.shownConflicts = conflicts;
      this.conflicts.replaceChildren(...this.choices(form.conflicts));
      this.conflicts.querySelector('input')?.focus();
    }
  }

  focus(field: string): void {
    this.inputs.get(field)?.input.focus();
  }

  /** For each field that was changed twice, whose value is to stay. */
  private choices(conflicts: readonly ConflictView[]): Node[] {
    if (conflicts.length === 0) return [];
    const chosen: Record<string, 'mine' | 'theirs'> = {};
    const groups = conflicts.map((conflict) => {
      chosen[conflict.name] = 'mine';
      const choice = (whose: 'mine' | 'theirs', value: string): HTMLElement => {
        const radio = element('input', {
          attributes: { type: 'radio', name: `conflict-${conflict.name}`, value: whose },
        });
        radio.checked = whose === 'mine';
        radio.addEventListener('change', () => (chosen[conflict.name] = whose));
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
        element('legend', {}, conflict.label),
        choice('mine', conflict.mine),
        choice('theirs', conflict.theirs),
      );
    });
    return [...groups, textButton(this.strings.saveChanges, () => this.host.resolve(chosen))];
  }
}

class FormInput {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement | HTMLTextAreaElement;
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
      element('div', {}, this.input, this.note),
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

import type { ComponentChildren, Ref } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import './contactForm.css';
import type { ContactHost } from '../protocol/contactPage.ts';
import type { ConflictView, FormFieldView, FormView } from '../protocol/contactViews.ts';
import { TextButton } from './buttons.tsx';
import { LabelsInput, settleInput } from './labelsInput.tsx';
import { Icon } from './icon.tsx';
import { usePage } from './pageContext.ts';
import type { PageState, Whose } from './pageState.ts';

type Choices = PageState['choices'];

/** Saves what was typed, or what was chosen where somebody else has changed the same. */
export function saveForm(choices: Choices, host: ContactHost): void {
  // A label that is being typed is meant, without Enter.
  document.activeElement?.dispatchEvent(new Event(settleInput));
  if (Object.keys(choices).length > 0) host.resolve(choices);
  else host.save();
}

/** Where the focus has been already: a form that is drawn anew does not take it again. */
const followed = new WeakSet<object>();

interface FormOptions {
  form: FormView;
  choices: Choices;
  focus: PageState['formFocus'];
}

/** The form of a contact. A question about a field stands at the field, and has the focus. */
export function ContactForm({ form, choices, focus }: FormOptions) {
  const { strings, host } = usePage();
  useLayoutEffect(() => {
    if (focus === undefined || followed.has(focus)) return;
    followed.add(focus);
    document.getElementById(inputId(focus.field))?.focus();
  }, [focus]);
  const question = (name: string) => form.conflicts.find((conflict) => conflict.name === name);
  return (
    <form
      class="contact-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        saveForm(choices, host);
      }}
    >
      {form.fields.map((field) => {
        const conflict = question(field.name);
        return (
          <FormInput key={field.name} field={field} isSaving={form.isSaving}>
            {conflict && (
              <Question
                {...{ conflict, question: form.message, chosen: choices[conflict.name] ?? 'mine' }}
                isFirst={conflict === form.conflicts[0]}
              />
            )}
          </FormInput>
        );
      })}
      <p class="form-message" role="alert">
        {form.conflicts.length > 0 ? '' : form.message}
      </p>
      <div class="form-actions">
        <button type="submit" class="text-button primary" disabled={form.isSaving || !form.isDirty}>
          {strings.saveChanges}
        </button>
        <TextButton label={strings.discard} isDisabled={form.isSaving} onClick={() => host.discard()} />
      </div>
    </form>
  );
}

const inputId = (field: string): string => `field-${field}`;

interface InputOptions {
  field: FormFieldView;
  isSaving: boolean;
  children: ComponentChildren;
}

function FormInput({ field, isSaving, children }: InputOptions) {
  const { host } = usePage();
  const input = useRef<HTMLInputElement & HTMLTextAreaElement & HTMLSelectElement>(null);
  useLayoutEffect(() => {
    const { current } = input;
    // What is being typed may be ahead of what the host has seen.
    if (current && document.activeElement !== current && current.value !== field.value) current.value = field.value;
  });
  const id = inputId(field.name);
  const shared = {
    id,
    ref: input,
    'aria-describedby': `${id}-note`,
    'aria-invalid': field.fault !== '',
    autocomplete: 'off',
    spellcheck: false,
    readOnly: isSaving,
    onInput: () => host.change(field.name, input.current?.value ?? ''),
  } as const;
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      <div>
        {field.kind === 'line' && <input {...shared} type="text" />}
        {field.kind === 'lines' && <textarea {...shared} rows={3} />}
        {field.kind === 'choice' && <ChoiceInput field={field} shared={shared} isSaving={isSaving} />}
        {field.kind === 'labels' && <LabelsInput field={field} id={id} isSaving={isSaving} />}
        <p class={field.fault === '' ? 'note' : 'note fault'} id={`${id}-note`} aria-live="polite">
          {field.fault !== '' && <Icon name="error" />}
          {field.fault || field.hint}
        </p>
        <div class="question">{children}</div>
      </div>
    </div>
  );
}

interface ChoiceOptions {
  field: FormFieldView;
  shared: { id: string; ref: Ref<HTMLSelectElement>; onInput: () => void };
  isSaving: boolean;
}

function ChoiceInput({ field, shared: { id, ref, onInput }, isSaving }: ChoiceOptions) {
  return (
    <select id={id} ref={ref} disabled={isSaving} aria-describedby={`${id}-note`} onInput={onInput}>
      {field.options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

interface QuestionOptions {
  conflict: ConflictView;
  question: string;
  chosen: Whose;
  isFirst: boolean;
}

/** Both values of a field beside each other. The first question is brought into view. */
function Question({ conflict, question, chosen, isFirst }: QuestionOptions) {
  const fieldset = useRef<HTMLFieldSetElement>(null);
  useLayoutEffect(() => {
    if (!isFirst) return;
    fieldset.current?.querySelector<HTMLElement>('input:checked')?.focus({ preventScroll: true });
    fieldset.current?.closest('.field')?.scrollIntoView({ block: 'center' });
  }, [isFirst]);
  return (
    <fieldset ref={fieldset}>
      <legend>
        <Icon name="warning" />
        {`${conflict.label}: ${question}`}
      </legend>
      <Choice {...{ conflict, chosen, whose: 'mine' }} />
      <Choice {...{ conflict, chosen, whose: 'theirs' }} />
    </fieldset>
  );
}

function Choice({ conflict, chosen, whose }: { conflict: ConflictView; chosen: Whose; whose: Whose }) {
  const { strings, change } = usePage();
  const { name } = conflict;
  return (
    <label class="choice">
      <input
        type="radio"
        name={`conflict-${name}`}
        value={whose}
        checked={chosen === whose}
        onChange={() => change(({ choices }) => ({ choices: { ...choices, [name]: whose } }))}
      />
      <b>{strings[whose]}</b>
      <span>{conflict[whose] || strings.notSet}</span>
    </label>
  );
}

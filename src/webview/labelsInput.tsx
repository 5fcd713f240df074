import { useEffect, useRef, useState } from 'preact/hooks';
import './labelsInput.css';
import type { FormFieldView } from '../protocol/contactViews.ts';
import { IconButton } from './buttons.tsx';
import { usePage } from './pageContext.ts';

/** An event by which an input is told to take what is being typed for what is meant. */
export const settleInput = 'settle';

/** Labels as chips, with a box that adds one and offers those of other contacts. Each is a line of the field's value. */
export function LabelsInput({ field, id, isSaving }: { field: FormFieldView; id: string; isSaving: boolean }) {
  const { strings, host } = usePage();
  const input = useRef<HTMLInputElement>(null);
  // What the host has not answered yet: whoever goes on at once goes on from there.
  const sent = useRef<string[]>([]);
  const [, setSentCount] = useState(0);
  const answered = sent.current.indexOf(field.value);
  if (answered >= 0) sent.current.splice(0, answered + 1);
  const labelsNow = (): string[] =>
    (sent.current.at(-1) ?? field.value).split('\n').filter((label) => label.trim() !== '');
  const labels = labelsNow();
  const set = (next: readonly string[]): void => {
    const value = next.join('\n');
    setSentCount(sent.current.push(value));
    host.change(field.name, value);
  };
  const add = (): void => {
    const { current } = input;
    const typed = current?.value.trim() ?? '';
    if (current === null || typed === '') return;
    current.value = '';
    const before = labelsNow();
    if (!before.includes(typed)) set([...before, typed]);
  };
  useEffect(() => {
    const { current } = input;
    current?.addEventListener(settleInput, add);
    return () => current?.removeEventListener(settleInput, add);
  });
  return (
    <div class="chips">
      {labels.map((label) => (
        <span key={label} class="label">
          <span class="chip-text">{label}</span>
          {!isSaving && (
            <IconButton
              icon="close"
              label={`${strings.removeLabel}: ${label}`}
              onClick={() => {
                set(labelsNow().filter((each) => each !== label));
                input.current?.focus();
              }}
            />
          )}
        </span>
      ))}
      <input
        ref={input}
        id={id}
        type="text"
        list={`${id}-options`}
        placeholder={strings.addLabel}
        autocomplete="off"
        spellcheck={false}
        readOnly={isSaving}
        aria-describedby={`${id}-note`}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault();
            add();
          } else if (event.key === 'Backspace' && input.current?.value === '' && !isSaving && !event.repeat) {
            set(labelsNow().slice(0, -1));
          }
        }}
      />
      <datalist id={`${id}-options`}>
        {field.options
          .filter(({ value }) => !labels.includes(value))
          .map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
      </datalist>
    </div>
  );
}

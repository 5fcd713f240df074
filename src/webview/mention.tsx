import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { usePage } from './pageContext.ts';
import type { PageState } from './pageState.ts';

/** What is typed of a name, from its at sign to the caret. */
const mentionBeforeCaret = /(^|[\s(])@([^\n@]{0,40})$/u;

interface Mention {
  offered: readonly string[];
  active: number;
  choose: (name: string) => void;
}

/** Offers colleagues while a name is typed after an at sign. */
export function useMention(
  input: RefObject<HTMLTextAreaElement | null>,
  colleagues: PageState['colleagues'],
  write: (text: string) => void,
) {
  const { host } = usePage();
  const [typed, setTyped] = useState<string>();
  const [place, setPlace] = useState(0);
  const offered = colleagues !== undefined && colleagues.typed === typed ? colleagues.names : [];
  const active = Math.min(place, offered.length - 1);

  const follow = (): void => {
    const { current } = input;
    const before = current?.value.slice(0, current.selectionStart) ?? '';
    const now = mentionBeforeCaret.exec(before)?.[2];
    if (now === typed) return;
    setTyped(now);
    setPlace(0);
    if (now !== undefined) host.findColleagues(now);
  };
  const close = (): void => setTyped(undefined);
  const choose = (name: string): void => {
    const { current } = input;
    if (!current) return;
    const { value, selectionStart: caret } = current;
    const begun = mentionBeforeCaret.exec(value.slice(0, caret))?.[2];
    close();
    // The caret has gone elsewhere.
    if (begun === undefined || begun !== typed) return;
    const start = caret - begun.length - 1;
    current.setRangeText(`@${name} `, start, caret, 'end');
    write(current.value);
  };
  /** @returns whether the key was meant for the list. */
  const take = (event: KeyboardEvent): boolean => {
    const name = offered[active];
    if (name === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return false;
    if (event.key === 'ArrowDown') setPlace((active + 1) % offered.length);
    else if (event.key === 'ArrowUp') setPlace((active + offered.length - 1) % offered.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(name);
    else if (event.key === 'Escape') close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const isOpen = offered.length > 0;
  const attributes = {
    'aria-autocomplete': 'list' as const,
    ...(isOpen ? { 'aria-controls': 'colleagues', 'aria-activedescendant': `colleague-${active}` } : {}),
  };
  return { offered, active, choose, follow, close, take, attributes };
}

export function ColleagueList({ offered, active, choose }: Mention) {
  const { strings } = usePage();
  if (offered.length === 0) return null;
  return (
    <div class="colleagues" id="colleagues" role="listbox" aria-label={strings.colleagues}>
      {offered.map((name, index) => (
        <button
          key={name}
          id={`colleague-${index}`}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          // The box keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

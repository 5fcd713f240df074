import type { Ref } from 'preact';
import './buttons.css';
import { Icon } from './icon.tsx';

interface Button {
  label: string;
  onClick: () => void;
}

/** A button with an icon alone; its label is for the pointer and for screen readers. */
export function IconButton({ icon, label, onClick }: Button & { icon: string }) {
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

interface TextButtonOptions extends Button {
  icon?: string;
  isPrimary?: boolean;
  isDisabled?: boolean;
  /** The keys that press it, in words and as `aria-keyshortcuts` has them. */
  keys?: { words: string; shortcuts: string };
  buttonRef?: Ref<HTMLButtonElement>;
}

export function TextButton(button: TextButtonOptions) {
  return (
    <button
      ref={button.buttonRef ?? null}
      type="button"
      class={button.isPrimary ? 'text-button primary' : 'text-button'}
      title={button.keys?.words}
      aria-keyshortcuts={button.keys?.shortcuts}
      disabled={button.isDisabled}
      onClick={button.onClick}
    >
      {button.icon === undefined ? null : <Icon name={button.icon} />}
      {button.label}
    </button>
  );
}

/** A button that looks like a link. */
interface LinkButtonOptions extends Button {
  isRowText?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
}

export function LinkButton({ label, onClick, isRowText, buttonRef }: LinkButtonOptions) {
  return (
    <button ref={buttonRef ?? null} type="button" class={isRowText ? 'link row-text' : 'link'} onClick={onClick}>
      {label}
    </button>
  );
}

import { icon } from './icons.ts';

type Child = Node | string | undefined;

interface Options {
  class?: string;
  title?: string;
  attributes?: Record<string, string>;
  onClick?: () => void;
}

/** Builds an element. Text only ever becomes a text node, and an attribute is never a script. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: Options = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  if (options.class !== undefined) node.className = options.class;
  if (options.title !== undefined) node.title = options.title;
  for (const [name, value] of Object.entries(options.attributes ?? {})) node.setAttribute(name, value);
  if (options.onClick !== undefined) node.addEventListener('click', options.onClick);
  node.append(...children.filter((child): child is Node | string => child !== undefined && child !== ''));
  return node;
}

/** A button with an icon alone; its label is for the pointer and for screen readers. */
export const iconButton = (name: string, label: string, onClick: () => void): HTMLButtonElement =>
  element(
    'button',
    { class: 'icon-button', title: label, attributes: { type: 'button', 'aria-label': label }, onClick },
    icon(name),
  );

export const textButton = (label: string, onClick: () => void, iconName?: string): HTMLButtonElement =>
  element(
    'button',
    { class: 'text-button', attributes: { type: 'button' }, onClick },
    iconName === undefined ? undefined : icon(iconName),
    label,
  );

/** What a screen reader finds when its user goes through a page: roles with their names and states, in their order. */
import type { Locator } from 'playwright-core';

interface AccessibleNode {
  role: string;
  name?: string;
  text?: string;
  checked?: boolean | 'mixed';
  selected?: boolean;
  expanded?: boolean;
  disabled?: boolean;
  level?: number;
  children?: (AccessibleNode | string)[];
}

/** What can be operated, of which there must be no two that sound alike in one place. */
const controls = new Set(['button', 'checkbox', 'combobox', 'link', 'radio', 'searchbox', 'slider', 'tab', 'textbox']);
/** What says nothing without a name. */
const namedRoles = new Set([
  ...controls,
  'dialog',
  'heading',
  'img',
  'option',
  'region',
  'tabpanel',
  'tree',
  'treeitem',
]);
/** What tells apart what sounds alike: each is left before the next is come to. */
const places = new Set(['definition', 'listitem', 'dialog', 'group', 'row']);

/** What is wrong with the roles and names in `place`. */
export async function accessibilityFaults(place: Locator): Promise<string[]> {
  const faults: string[] = [];
  const visit = (node: AccessibleNode | string, within: Set<string>): void => {
    if (typeof node === 'string') return;
    const { role, name = '', children = [] } = node;
    // Without a letter it is an icon's character, which nobody can say.
    if (namedRoles.has(role) && !/[\p{L}\p{N}]/u.test(name)) faults.push(`${role} without a name`);
    const heard = `${role} "${name}"`;
    if (controls.has(role) && within.has(heard)) faults.push(`two of ${heard} in one place`);
    within.add(heard);
    const inner = places.has(role) ? new Set<string>() : within;
    for (const child of children) visit(child, inner);
  };
  const within = new Set<string>();
  for (const node of await nodesOf(place)) visit(node, within);
  return faults;
}

/** A line for each part with a name, as it is said: `tab "Files" selected`. */
export async function heardIn(place: Locator): Promise<string[]> {
  const lines: string[] = [];
  const visit = (node: AccessibleNode | string): void => {
    if (typeof node === 'string') return void lines.push(node);
    const { role, name, text, level, children = [] } = node;
    const states = (['checked', 'selected', 'expanded', 'disabled'] as const).filter((state) => node[state] === true);
    if (name !== undefined)
      lines.push([role, `"${name}"`, ...(level === undefined ? [] : [`level ${level}`]), ...states].join(' '));
    if (text !== undefined) lines.push(text);
    children.forEach(visit);
  };
  (await nodesOf(place)).forEach(visit);
  return lines;
}

const nodesOf = async (place: Locator): Promise<(AccessibleNode | string)[]> => {
  const tree = (await place.ariaSnapshotJSON()) as AccessibleNode | (AccessibleNode | string)[];
  return Array.isArray(tree) ? tree : [tree];
};

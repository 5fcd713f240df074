import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { displayTerm } from '../../platform/displayText.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { labelsInUse } from '../query/labelsInUse.ts';
import { labelCounts } from './labelChange.ts';

/** How long the list waits for the labels of other contacts. */
const shownAfterMs = 300;

interface LabelItem extends vscode.QuickPickItem {
  text: string;
}

const itemOf = (text: string, description?: string): LabelItem => ({
  label: displayTerm(text, 'label'),
  iconPath: new vscode.ThemeIcon('tag'),
  text,
  ...(description === undefined ? {} : { description }),
});

/**
 * Asks which labels contacts are to have; those that all of them have are chosen already. A label that nobody has yet is
 * typed. @returns `undefined` where the user thinks better of it.
 */
export async function askLabels(
  title: string,
  contacts: readonly Contact[],
  service: ContactService,
  model: ContactsModel,
): Promise<string[] | undefined> {
  const counts = labelCounts(contacts);
  const others = new Set(model.contacts.flatMap((contact) => contact.labels));
  const reading = new AbortController();
  const readMore = async (): Promise<void> => {
    // Any label can be typed, so a server that does not answer is no reason to ask nothing.
    const read = await labelsInUse(service, reading.signal).catch(() => []);
    for (const label of read) others.add(label);
  };
  await Promise.race([readMore(), setTimeout(shownAfterMs)]);
  reading.abort();
  const labels = [...new Set([...counts.keys(), ...[...others].sort((one, other) => one.localeCompare(other))])];
  const picker = vscode.window.createQuickPick<LabelItem>();
  picker.title = title;
  picker.placeholder = vscode.l10n.t('Choose labels, or type a new one');
  picker.canSelectMany = true;
  const onSome = (label: string): string | undefined => {
    const count = counts.get(label) ?? 0;
    return count === 0 || count === contacts.length
      ? undefined
      : vscode.l10n.t('on {0} of {1}', count, contacts.length);
  };
  const newLabel = (): string | undefined => {
    const typed = picker.value.trim();
    return typed === '' || labels.includes(typed) ? undefined : typed;
  };
  let shownLabel: string | undefined;
  const draw = (chosen: ReadonlySet<string>): void => {
    // What was typed and chosen stays in the list when something else is typed.
    for (const text of chosen) if (!labels.includes(text)) labels.unshift(text);
    shownLabel = newLabel();
    picker.items = [
      ...(shownLabel === undefined ? [] : [{ ...itemOf(shownLabel, vscode.l10n.t('new label')), alwaysShow: true }]),
      ...labels.map((label) => itemOf(label, onSome(label))),
    ];
    picker.selectedItems = picker.items.filter(({ text }) => chosen.has(text));
  };
  const chosenNow = (): string[] => picker.selectedItems.map(({ text }) => text);
  draw(new Set([...counts].filter(([, count]) => count === contacts.length).map(([label]) => label)));
  return new Promise((resolve) => {
    picker.onDidChangeValue(() => {
      // What is drawn anew loses a choice that is made meanwhile.
      if (newLabel() !== shownLabel) draw(new Set(chosenNow()));
    });
    picker.onDidAccept(() => {
      // What was typed and accepted is meant, ticked or not.
      const typed = newLabel();
      resolve(typed === undefined ? chosenNow() : [...new Set([...chosenNow(), typed])]);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

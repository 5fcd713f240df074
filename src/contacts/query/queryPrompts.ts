import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { isCancelled } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import { channelTypes } from '../../contract/vocabulary.ts';
import { channelIcon, channelName } from '../../platform/channelText.ts';
import { displayTerm, isPersonalDataHidden } from '../../platform/displayText.ts';
import { logText } from '../../platform/errorReport.ts';
import type { Log } from '../../platform/log.ts';
import { back, choose } from '../../platform/steps.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { contactSorts, type ContactQuery, type ContactSort } from './contactQuery.ts';
import { labelsInUse } from './labelsInUse.ts';
import { faultText } from './queryHelp.ts';
import { operatorNames, parseQuery } from './queryLanguage.ts';
import { sortNames } from './queryText.ts';
import { maxSavedSearches } from './savedSearches.ts';

const maxNameLength = 60;
const maxTextLength = 200;
const shownAfterMs = 500;

/** @returns `undefined` when the user leaves, here and below. */
export async function askText(before: string): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Search in the List'),
    placeHolder: vscode.l10n.t('Words, or filters such as label:vip, company:lotus, seen:<7d; empty for all'),
    prompt: vscode.l10n.t(
      'Searched are name, e-mail, phone, company, position, location, label and remark. Filters: {0}',
      operatorNames.map((name) => `${name}:`).join(' '),
    ),
    // It may name somebody.
    value: isPersonalDataHidden() ? '' : before,
    validateInput: (value) => {
      if (value.length > maxTextLength) return vscode.l10n.t('This is too long.');
      const [fault] = parseQuery(value).faults;
      return fault && { message: faultText(fault), severity: vscode.InputBoxValidationSeverity.Warning };
    },
  });
  return text?.trim();
}

/** Asks for the name under which to save a search. */
export async function askName(proposed: string): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Save Search'),
    prompt: vscode.l10n.t('At most {0} searches are kept; one of the same name is replaced.', maxSavedSearches),
    value: isPersonalDataHidden() ? '' : proposed.slice(0, maxNameLength),
    validateInput: (value) => {
      if (value.trim() === '') return vscode.l10n.t('The search needs a name.');
      return value.length > maxNameLength ? vscode.l10n.t('This is too long.') : undefined;
    },
  });
  return name?.trim();
}

interface FilterItem extends vscode.QuickPickItem {
  channel?: string;
  labelOfContact?: string;
}

/** The labels of contacts that are not loaded come below those that are, so that no row moves from under the pointer. */
export async function askFilter(
  { query, contacts }: ContactsModel,
  service: ContactService | undefined,
  log: Log,
): Promise<Pick<ContactQuery, 'channels' | 'labels'> | undefined> {
  const loaded = sorted([...query.labels, ...contacts.flatMap((contact) => contact.labels)]);
  const labels = new Set(loaded);
  const channelItems = channelTypes.map((channel): FilterItem => ({
    label: channelName(channel) ?? channel,
    iconPath: new vscode.ThemeIcon(channelIcon(channel)),
    channel,
  }));
  /** A label of contacts that are not loaded: of those, none is known here. */
  const newLabel = (typed: string): string | undefined =>
    typed === '' || labels.has(typed) || channelItems.some(({ label }) => isSame(label, typed)) ? undefined : typed;
  const items = (added: string | undefined): FilterItem[] => {
    return [
      { label: vscode.l10n.t('Channels'), kind: vscode.QuickPickItemKind.Separator },
      ...channelItems,
      { label: vscode.l10n.t('Labels'), kind: vscode.QuickPickItemKind.Separator },
      ...[...labels].map((label) => labelItem(label)),
      ...(added === undefined ? [] : [{ ...labelItem(added), description: vscode.l10n.t('another label') }]),
    ];
  };
  const picker = vscode.window.createQuickPick<FilterItem>();
  picker.title = vscode.l10n.t('Filter by Channel and Label');
  picker.placeholder = vscode.l10n.t('Nothing chosen shows all; type a label that is not here');
  picker.canSelectMany = true;
  const isChosen = ({ channel, labelOfContact: label }: FilterItem): boolean =>
    (channel !== undefined && query.channels.includes(channel)) ||
    (label !== undefined && query.labels.includes(label));
  picker.items = items(undefined);
  picker.selectedItems = picker.items.filter(isChosen);
  picker.keepScrollPosition = true;
  let shownLabel: string | undefined;
  const draw = (): void => {
    const chosen = picker.selectedItems;
    for (const { labelOfContact } of chosen) if (labelOfContact !== undefined) labels.add(labelOfContact);
    shownLabel = newLabel(picker.value.trim());
    picker.items = items(shownLabel);
    picker.selectedItems = picker.items.filter((item) =>
      chosen.some(({ channel, labelOfContact }) => channel === item.channel && labelOfContact === item.labelOfContact),
    );
  };
  const reading = new AbortController();
  picker.busy = true;
  const offerMore = async (): Promise<void> => {
    try {
      if (service === undefined) return;
      const read = await labelsInUse(service, reading.signal);
      const known = labels.size;
      for (const label of sorted(read)) labels.add(label);
      if (labels.size > known) draw();
    } catch (error) {
      // Any label can be typed.
      if (!isCancelled(error)) log.warn(logText(error));
    } finally {
      picker.busy = false;
    }
  };
  // Adding rows would discard a choice that the user is making, so give a fast server time to answer first.
  await Promise.race([offerMore(), setTimeout(shownAfterMs)]);
  return new Promise((resolve) => {
    picker.onDidChangeValue((value) => {
      // What is drawn anew loses a choice that is made meanwhile.
      if (newLabel(value.trim()) !== shownLabel) draw();
    });
    picker.onDidAccept(() => {
      const chosen = picker.selectedItems;
      resolve({
        channels: chosen.flatMap(({ channel }) => (channel === undefined ? [] : [channel])),
        labels: chosen.flatMap(({ labelOfContact: label }) => (label === undefined ? [] : [label])),
      });
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      reading.abort();
      picker.dispose();
    });
    picker.show();
  });
}

const sorted = (labels: Iterable<string>): string[] =>
  [...new Set(labels)].sort((one, other) => one.localeCompare(other));

const isSame = (one: string, other: string): boolean =>
  one.localeCompare(other, undefined, { sensitivity: 'base' }) === 0;

const labelItem = (label: string): FilterItem => ({
  label: displayTerm(label, 'label'),
  iconPath: new vscode.ThemeIcon('tag'),
  labelOfContact: label,
});

/** Asks for a sort order and returns the query with it. */
export async function askSort(query: ContactQuery): Promise<ContactQuery | undefined> {
  const names = sortNames();
  const best = { label: vscode.l10n.t('Best match first'), value: 'best' as const };
  const offered = [
    ...(query.text === '' ? [] : [best]),
    ...contactSorts.map((value) => ({ label: names[value], value })),
  ];
  const current = query.sort ?? (query.text === '' ? '-created_at' : 'best');
  const sort = await choose<ContactSort | 'best'>({
    title: vscode.l10n.t('Sort Contacts'),
    placeholder: vscode.l10n.t('In which order the contacts are listed'),
    items: offered.map((item) => (item.value === current ? { ...item, description: vscode.l10n.t('now') } : item)),
    first: current,
  });
  if (sort === undefined || sort === back) return undefined;
  return { ...query, sort: sort === 'best' ? undefined : sort };
}

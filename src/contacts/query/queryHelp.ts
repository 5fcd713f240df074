import * as vscode from 'vscode';
import { channelTypes } from '../../contract/vocabulary.ts';
import { displayTerm } from '../../platform/displayText.ts';
import { hasKinds, operatorNames, type OperatorName, type QueryFault } from './queryLanguage.ts';

/** What is wrong with a part of a query, in a sentence. */
export function faultText({ kind, typed }: QueryFault): string {
  const text = displayTerm(typed, 'description');
  switch (kind) {
    case 'unknown':
      return vscode.l10n.t('There is no filter “{0}”; it is searched for as text.', text);
    case 'noValue':
      return vscode.l10n.t('Something is missing behind “{0}”.', text);
    case 'noTime':
      return vscode.l10n.t('“{0}” is no time; write <7d, >6m, 2026-10, 2026-10.. or today.', text);
    case 'noKind':
      return vscode.l10n.t('has: takes {0}, and not “{1}”.', Object.keys(hasKinds).join(', '), text);
    case 'noChannel':
      return vscode.l10n.t('channel: takes {0}, and not “{1}”.', channelTypes.join(', '), text);
  }
}

/** What each filter is for. */
export const operatorHelp = (): Record<OperatorName, string> => ({
  label: vscode.l10n.t('with this label'),
  channel: vscode.l10n.t('who came by this channel'),
  company: vscode.l10n.t('of this company'),
  position: vscode.l10n.t('in this position'),
  location: vscode.l10n.t('in this place'),
  name: vscode.l10n.t('with this in their name'),
  email: vscode.l10n.t('with this in their e-mail'),
  phone: vscode.l10n.t('with these digits in their phone number'),
  remark: vscode.l10n.t('with this in the remark'),
  language: vscode.l10n.t('who speak this language, by its code'),
  has: vscode.l10n.t('of whom this is known'),
  seen: vscode.l10n.t('who were last seen then'),
  created: vscode.l10n.t('who were added then'),
  changed: vscode.l10n.t('who were last changed then'),
});

export interface Suggestion {
  /** The end of the query as it would be. */
  text: string;
  help: string;
}

const times = ['<7d', '<24h', '>6m', 'today', 'never'];
/** Fewer letters begin too many names of people. */
const minPrefix = 3;
const maxSuggestions = 8;

/**
 * How what is being typed may go on: names of filters, and values where these are few. Nothing within quotes.
 * @param labels those that are known.
 */
export function suggestionsFor(query: string, labels: readonly string[]): Suggestion[] {
  const [, minus = '', name = '', colon = '', value = ''] = /(?:^|\s)(-?)([a-z]+)(:?)([^\s"]*)$/i.exec(query) ?? [];
  const help = operatorHelp();
  if (colon === '') {
    const begun = name.length < minPrefix ? [] : operatorNames.filter((each) => isBegun(each, name));
    return begun.map((each) => ({ text: `${minus}${each}:`, help: help[each] }));
  }
  const operator = operatorNames.find((each) => each === name.toLowerCase());
  if (operator === undefined) return [];
  return valuesOf(operator, labels)
    .filter((each) => isBegun(each, value) && each !== value)
    .slice(0, maxSuggestions)
    .map((each) => ({ text: `${minus}${operator}:${quoted(each)}`, help: help[operator] }));
}

const isBegun = (whole: string, begun: string): boolean => whole.toLowerCase().startsWith(begun.toLowerCase());

/** The query with what is being typed replaced by a suggestion. */
export const completed = (query: string, { text }: Suggestion): string =>
  query.replace(/\S*$/, () => (text.endsWith(':') ? text : `${text} `));

const quoted = (value: string): string => (/\s/.test(value) ? `"${value.replaceAll('"', '')}"` : value);

function valuesOf(operator: OperatorName, labels: readonly string[]): readonly string[] {
  if (operator === 'label') return labels;
  if (operator === 'channel') return channelTypes;
  if (operator === 'has') return Object.keys(hasKinds);
  return operator === 'seen' || operator === 'created' || operator === 'changed' ? times : [];
}

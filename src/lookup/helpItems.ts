import * as vscode from 'vscode';
import { completed, faultText, suggestionsFor } from '../contacts/query/queryHelp.ts';
import { parseQuery } from '../contacts/query/queryLanguage.ts';
import { displayTerm } from '../platform/displayText.ts';
import type { SearchItem } from './contactItems.ts';

/**
 * How a query may go on with filters, and what is wrong with it, as rows above who was found.
 * @param labels those that are known.
 * @param searchFor searches for a query that is whole.
 */
export function helpItems(query: string, labels: readonly string[], searchFor: (query: string) => void): SearchItem[] {
  const suggested = suggestionsFor(query, labels).map((suggestion): SearchItem => ({
    label: displayTerm(suggestion.text, 'label'),
    description: suggestion.help,
    iconPath: new vscode.ThemeIcon('filter'),
    alwaysShow: true,
    run: () => searchFor(completed(query, suggestion)),
  }));
  const faults = parseQuery(query).faults.map((fault): SearchItem => ({
    label: faultText(fault),
    iconPath: new vscode.ThemeIcon('info'),
    alwaysShow: true,
  }));
  return [...suggested, ...faults];
}

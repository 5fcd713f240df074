/** Rows of the search that say something and do nothing. */
import * as vscode from 'vscode';
import { displayTerm } from '../platform/displayText.ts';
import type { SearchItem } from './contactItems.ts';

export const asking = (): SearchItem => ({
  label: vscode.l10n.t('Found on this machine so far; the server is being asked for others…'),
  iconPath: new vscode.ThemeIcon('sync'),
  alwaysShow: true,
});

export const nobodyExactly = (query: string): SearchItem => ({
  label: vscode.l10n.t('Nobody matches “{0}”; these come near', displayTerm(query, 'description')),
  iconPath: new vscode.ThemeIcon('question'),
  alwaysShow: true,
  isOnlyNear: true,
});

export const nothingFound = (query: string): SearchItem => ({
  label: vscode.l10n.t('Nobody found for “{0}”', displayTerm(query, 'description')),
  description: vscode.l10n.t('Try a part of the name, the e-mail or the last digits of the phone.'),
  alwaysShow: true,
});

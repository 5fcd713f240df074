import * as vscode from 'vscode';
import type { SyncState } from '../api/mirror/syncState.ts';

/** What there is to say of the contacts on this machine; nothing while all are here and in step. */
export function keptText(kept: SyncState | undefined): string | undefined {
  if (kept === undefined || kept.kind === 'inStep' || kept.kind === 'kept') return undefined;
  const { kind, contacts, total, asOf, isWhole } = kept;
  const locale = vscode.env.language;
  if (!isWhole) {
    const count = contacts.toLocaleString(locale);
    const searchable =
      total === undefined
        ? vscode.l10n.t('{0} searchable', count)
        : vscode.l10n.t('{0} of {1} searchable', count, total.toLocaleString(locale));
    return kind === 'filling' ? searchable : vscode.l10n.t('offline, {0}', searchable);
  }
  if (asOf === undefined) return vscode.l10n.t('offline');
  return vscode.l10n.t('offline, as of {0}', momentText(asOf));
}

/** A time of today, or with its day. */
export function momentText(moment: Date): string {
  const locale = vscode.env.language;
  return moment.toDateString() === new Date().toDateString()
    ? moment.toLocaleTimeString(locale, { timeStyle: 'short' })
    : moment.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}

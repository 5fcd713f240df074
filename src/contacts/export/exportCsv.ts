import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ApiError, isApiError, isUnreachable } from '../../api/apiError.ts';
import type { CallOptions, ContactService, ExportOptions, SortOptions } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { withSignal } from '../../platform/cancellation.ts';
import { setContextKey } from '../../platform/contextKeys.ts';
import { UserError } from '../../platform/errorReport.ts';
import { momentText } from '../../session/keptText.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { allContacts } from '../query/contactQuery.ts';
import { ContactReader, type ContactsRead } from '../query/contactReader.ts';
import { contactsAsCsv } from './contactCsv.ts';
import { CountedOutput } from './countedOutput.ts';
import { askContent, askScope, askTarget, type Content, type Scope } from './exportPrompts.ts';
import { writeAtomically, type UnfinishedFiles } from './csvFile.ts';
import { withHeader } from './serverCsv.ts';

const readAtOnce = 500;
const maxLookMs = 5_000;

export interface ExportServices {
  service: ContactService;
  model: ContactsModel;
  unfinished: UnfinishedFiles;
  /** Keeps for whom the last file was. */
  memory: vscode.Memento;
}

/**
 * Asks which contacts and columns, and where to, and writes them there as CSV. Nothing is left behind by an export
 * that does not finish. @param selected ids of contacts that are selected; none for a choice.
 */
export async function exportCsv(services: ExportServices, selected: readonly string[]): Promise<void> {
  const scope = selected.length > 0 ? { ids: selected } : await askScope(services.model);
  if (scope === undefined) return;
  const content = await askContent(scope, services.memory);
  if (content === undefined) return;
  const target = await askTarget();
  if (target === undefined) return;
  const { isExact, hasByteOrderMark } = settings();
  const done = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Exporting contacts'),
      cancellable: true,
    },
    (progress, token) =>
      withSignal(token, async (signal) => {
        const { csv, asOf } = await csvOf(services, scope, content, isExact, signal);
        const output = new CountedOutput(csv, {
          isExact,
          hasByteOrderMark,
          onProgress: (rows, bytes) => progress.report({ message: amountText(rows, bytes) }),
        });
        await write(target, output, services.unfinished, signal);
        return { amount: amountText(output.rows, output.bytes), asOf };
      }),
  );
  setContextKey('contactLookup.hasExported', true);
  const message =
    done.asOf === undefined
      ? vscode.l10n.t('Contacts exported: {0}.', done.amount)
      : vscode.l10n.t('Contacts exported as of {0}: {1}.', momentText(done.asOf), done.amount);
  // Not awaited: the export is done, whatever becomes of the message.
  void offerToOpen(message, target);
}

interface Settings {
  isExact: boolean;
  hasByteOrderMark: boolean;
}

function settings(): Settings {
  const configuration = vscode.workspace.getConfiguration('contactLookup.export');
  return {
    isExact: configuration.get<boolean>('exact', false),
    hasByteOrderMark: configuration.get<boolean>('byteOrderMark', false),
  };
}

interface Csv {
  csv: AsyncIterable<Uint8Array>;
  /** Of what is written from this machine: when its server was last looked at. */
  asOf?: Date | undefined;
}

/** The CSV, made safe for spreadsheets unless the user wants it exact. */
async function csvOf(
  { service, model }: ExportServices,
  scope: Scope,
  content: Content,
  isExact: boolean,
  signal: AbortSignal,
): Promise<Csv> {
  const request = { sort: '-created_at', isExact, signal } as const;
  if (content === 'asServed') return { csv: await service.exportCsv(request) };
  const { columns, header } = content;
  if (scope === 'all') {
    // A million rows come in one go from a server that can be asked for columns.
    const served = await servedCsv(service, request, content);
    if (served !== undefined) return { csv: served };
  }
  const isHere = (scope === 'all' || 'query' in scope) && service.mirror?.isWhole === true;
  if (isHere) await lookAfresh(service, signal);
  const asOf = isHere ? service.mirror?.asOf : undefined;
  return { csv: contactsAsCsv(contactsOf(scope, service, model, signal), columns, header, isExact), asOf };
}

/** All in one go, where the server can be asked for columns and answers. */
async function servedCsv(
  service: ContactService,
  request: ExportOptions & SortOptions & CallOptions,
  { columns, header }: Exclude<Content, 'asServed'>,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  try {
    return await withHeader(await service.exportCsv({ ...request, columns }), columns, header);
  } catch (error) {
    if (isUnreachable(error) && service.mirror?.isWhole === true) return undefined;
    throw error;
  }
}

/** As of now, where the server answers soon; a file of a few minutes ago is better than none. */
async function lookAfresh({ mirror }: ContactService, signal: AbortSignal): Promise<void> {
  const limit = wait(maxLookMs, undefined, { signal }).catch(() => undefined);
  await Promise.race([mirror?.look(0), limit]);
}

async function* contactsOf(
  scope: Scope,
  service: ContactService,
  model: ContactsModel,
  signal: AbortSignal,
): AsyncGenerator<readonly Contact[]> {
  if (scope !== 'all' && 'ids' in scope) {
    for (const id of scope.ids) yield [model.find(id) ?? (await service.get(id, { signal, mayBeKept: true }))];
    return;
  }
  const reader = new ContactReader(service, scope === 'all' ? allContacts : scope.query);
  for (let hasMore = true; hasMore;) {
    const read = await reader.read(readAtOnce, readAtOnce, signal);
    yield read.contacts;
    ({ hasMore } = read);
    if (read.isCutShort === true) throw cutShort(read);
  }
}

/** A file of some of them would be taken for all. */
const cutShort = ({ count }: ContactsRead): UserError =>
  new UserError(
    count?.isExact === true
      ? vscode.l10n.t(
          'The server has not given all of its {0} contacts, so nothing was exported.',
          count.matching.toLocaleString(vscode.env.language),
        )
      : vscode.l10n.t('The server has not given all contacts, so nothing was exported.'),
  );

async function write(
  target: vscode.Uri,
  content: AsyncIterable<Uint8Array>,
  unfinished: UnfinishedFiles,
  signal: AbortSignal,
): Promise<void> {
  if (target.scheme !== 'file') return writeElsewhere(target, content);
  try {
    await writeAtomically(target.fsPath, content, unfinished, signal);
  } catch (error) {
    if (signal.aborted) throw new ApiError('cancelled', { cause: error });
    if (isApiError(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'ENOSPC'
        ? vscode.l10n.t(
            'There is no room left on the disk. The export was not written, and what was there is as before.',
          )
        : vscode.l10n.t('The file could not be written ({0}).', code ?? ''),
    );
  }
}

/** A file system that only VS Code knows takes a file in one piece. */
async function writeElsewhere(target: vscode.Uri, content: AsyncIterable<Uint8Array>): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  await vscode.workspace.fs.writeFile(target, Buffer.concat(chunks));
}

async function offerToOpen(message: string, target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open');
  const reveal = vscode.l10n.t('Reveal');
  const picked = await vscode.window.showInformationMessage(message, open, reveal);
  // The command, unlike the API, also opens what is too large for extensions.
  if (picked === open) await vscode.commands.executeCommand('vscode.open', target);
  if (picked !== reveal) return;
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(target) !== undefined;
  await vscode.commands.executeCommand(isInWorkspace ? 'revealInExplorer' : 'revealFileInOS', target);
}

function amountText(rows: number, bytes: number): string {
  const locale = vscode.env.language;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  const size = value.toLocaleString(locale, { style: 'unit', unit, maximumFractionDigits: 1 });
  return rows === 1
    ? vscode.l10n.t('1 row, {0}', size)
    : vscode.l10n.t('{0} rows, {1}', rows.toLocaleString(locale), size);
}

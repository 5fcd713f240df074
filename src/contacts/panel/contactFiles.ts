import * as vscode from 'vscode';
import { ApiError } from '../../api/apiError.ts';
import type { ContactFile } from '../../api/decode/history.ts';
import type { ContactPage } from '../../protocol/contactPage.ts';
import type { Session } from '../../session/session.ts';
import { isPersonalDataShown } from '../../platform/hiddenPersonalData.ts';
import type { Avatars } from '../avatars.ts';
import type { ContactFileSystem } from '../files/contactFileSystem.ts';

interface FilesServices {
  session: Session;
  avatars: Avatars;
  fileSystem: ContactFileSystem;
}

/** What a panel does with its contact's files. */
export class ContactFiles {
  private readonly contactId: string;
  private readonly services: FilesServices;
  private readonly page: ContactPage;
  private readonly files: () => readonly ContactFile[];

  /** @param files those that the page shows now. */
  constructor(contactId: string, services: FilesServices, page: ContactPage, files: () => readonly ContactFile[]) {
    this.contactId = contactId;
    this.services = services;
    this.page = page;
    this.files = files;
  }

  async loadThumbnail(fileId: string): Promise<void> {
    const url = this.find(fileId)?.url;
    if (url === undefined) return;
    this.page.showThumbnail(fileId, (await this.services.avatars.loadLarge(url)).data ?? '');
  }

  /** Shows a file in VS Code, or offers to save what cannot be shown. @throws ApiError */
  async open(fileId: string): Promise<void> {
    const file = this.find(fileId);
    if (file === undefined || !(await isPersonalDataShown())) return;
    const { openFile } = await import('../files/openFile.ts');
    if (await openFile(this.services.fileSystem, this.contactId, file)) return;
    const save = vscode.l10n.t('Save As…');
    const picked = await vscode.window.showInformationMessage(
      vscode.l10n.t('VS Code cannot show this kind of file.'),
      save,
    );
    if (picked === save) await this.save([fileId]);
  }

  /** @throws ApiError */
  async save(fileIds: readonly string[]): Promise<void> {
    const { service } = this.services.session;
    if (service === undefined) throw new ApiError('auth');
    if (!(await isPersonalDataShown())) return;
    const chosen = new Set(fileIds);
    const files = this.files().filter(({ id }) => chosen.has(id));
    const { saveFiles } = await import('../files/saveFiles.ts');
    const saved = await saveFiles(service, files);
    const [first] = saved ?? [];
    if (saved === undefined || first === undefined) return;
    const text =
      saved.length === 1 ? vscode.l10n.t('The file is saved.') : vscode.l10n.t('{0} files are saved.', saved.length);
    this.page.showDone(text, false);
  }

  private find(fileId: string): ContactFile | undefined {
    return this.files().find(({ id }) => id === fileId);
  }
}

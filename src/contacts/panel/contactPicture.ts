import * as vscode from 'vscode';
import { ApiError, isApiError, isCancelled } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import { pictureFormatOf } from '../../contract/pictureFormat.ts';
import { maxPictureBytes } from '../../contract/vocabulary.ts';
import { LatestOnly } from '../../platform/cancellation.ts';
import { sentenceFor, UserError } from '../../platform/errorReport.ts';
import type { ContactPage } from '../../protocol/contactPage.ts';
import type { Session } from '../../session/session.ts';
import type { ContactsModel } from '../contactsModel.ts';

/** A new picture for a contact: chosen here, cut in the page, uploaded and attached here. */
export class ContactPicture implements vscode.Disposable {
  private readonly contactId: string;
  private readonly services: { session: Session; model: ContactsModel };
  private readonly page: ContactPage;
  private readonly upload = new LatestOnly();
  /** What is uploaded and not attached yet; only that half is done again. */
  private uploaded: { content: string; url: string } | undefined;

  constructor(contactId: string, services: { session: Session; model: ContactsModel }, page: ContactPage) {
    this.contactId = contactId;
    this.services = services;
    this.page = page;
  }

  /** Asks for a file and offers it for cutting. @throws ApiError for what is too large or no picture. */
  async choose(): Promise<void> {
    const picked = await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Choose a Picture'),
      openLabel: vscode.l10n.t('Choose'),
      filters: { [vscode.l10n.t('Pictures')]: ['png', 'jpg', 'jpeg', 'webp', 'gif'] },
    });
    const file = picked?.[0];
    if (file === undefined) return;
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > maxPictureBytes) throw new ApiError('tooLarge', { field: 'avatar_url' });
    this.offer(await vscode.workspace.fs.readFile(file));
  }

  /** Offers a file's bytes for cutting. @throws ApiError for what is too large or no picture. */
  offer(content: Uint8Array): void {
    if (content.length > maxPictureBytes) throw new ApiError('tooLarge', { field: 'avatar_url' });
    const format = pictureFormatOf(content);
    if (format === undefined) throw new ApiError('invalid', { field: 'avatar_url' });
    this.page.cropPicture(`data:${format.type};base64,${Buffer.from(content).toString('base64')}`);
  }

  /** @param content the cut picture's bytes in base64. */
  async send(content: string): Promise<void> {
    const { service } = this.services.session;
    const signal = this.upload.next();
    this.page.showUpload({ isSending: true, share: 0, fault: '' });
    try {
      if (service === undefined) throw new ApiError('auth');
      await this.attach(service, await this.urlOf(service, content, signal), signal);
      this.uploaded = undefined;
      this.page.closeUpload();
      this.page.showDone(vscode.l10n.t('The picture is in place.'), false);
    } catch (error) {
      if (isCancelled(error)) return;
      this.page.showUpload({ isSending: false, share: 0, fault: this.faultOf(error) });
    }
  }

  cancel(): void {
    this.upload.dispose();
  }

  dispose(): void {
    this.cancel();
  }

  private async urlOf(service: ContactService, content: string, signal: AbortSignal): Promise<string> {
    if (this.uploaded?.content === content) return this.uploaded.url;
    const bytes = Buffer.from(content, 'base64');
    const name = `picture.${pictureFormatOf(bytes)?.extension ?? ''}`;
    const onProgress = (sent: number, total: number): void =>
      this.page.showUpload({ isSending: true, share: sent / total, fault: '' });
    const url = await service.uploadAvatar({ name, content: new Blob([bytes]) }, { signal, onProgress });
    this.uploaded = { content, url };
    return url;
  }

  private async attach(service: ContactService, avatarUrl: string, signal: AbortSignal): Promise<void> {
    const { contact, ignored } = await service.update(this.contactId, { avatar_url: avatarUrl }, { signal });
    this.services.model.accept(contact);
    if (ignored.length > 0) {
      throw new UserError(vscode.l10n.t('The picture was uploaded, but the server did not attach it to the contact.'));
    }
  }

  private faultOf(error: unknown): string {
    const sentence = sentenceFor(error);
    const isHalfDone = this.uploaded !== undefined && isApiError(error);
    return isHalfDone
      ? vscode.l10n.t('{0} The picture is uploaded; Upload tries again to attach it.', sentence)
      : sentence;
  }
}

import * as vscode from 'vscode';
import type { ContactService } from '../../api/contactService.ts';
import type { Author } from '../../api/decode/history.ts';
import { fold } from '../../contract/folding.ts';
import { displayTerm, isPersonalDataHidden } from '../../platform/displayText.ts';
import type { ContactPage } from '../../protocol/contactPage.ts';
import { readyService } from '../../session/readyService.ts';
import type { Session } from '../../session/session.ts';
import type { CommentBox } from './commentBox.ts';
import type { ContactSections } from './contactSections.ts';

interface CommentParts {
  session: Session;
  box: CommentBox;
  sections: ContactSections;
  page: ContactPage;
}

/** More than these nobody reads; another letter leaves fewer. */
const maxColleagues = 6;

/** What is done with the comments on one contact. */
export class ContactComments {
  private readonly contactId: string;
  private readonly parts: CommentParts;
  private readonly signal: AbortSignal;
  private colleagues: Promise<readonly Author[]> | undefined;

  constructor(contactId: string, parts: CommentParts, signal: AbortSignal) {
    this.contactId = contactId;
    this.parts = parts;
    this.signal = signal;
  }

  /** Sends what is in the box: a new comment, or another text of one. */
  async send(): Promise<void> {
    const { box, sections, page, session } = this.parts;
    if (box.isEmpty) return;
    const service = await readyService(session);
    const call = { signal: this.signal };
    let done = '';
    const isTaken = await box.send(
      (text) => {
        done = vscode.l10n.t('The comment is added.');
        return service.addComment(this.contactId, text, call);
      },
      (id, text) => {
        done = vscode.l10n.t('The comment is saved.');
        return service.editComment(this.contactId, id, text, call);
      },
      () => service.get(this.contactId, { ...call, isFresh: true }),
    );
    if (!isTaken) return;
    page.say(done);
    await sections.load('comments');
  }

  edit(commentId: string): void {
    const { box, sections, page } = this.parts;
    const text = sections.commentText(commentId);
    if (text === undefined) return;
    page.showTab('comments');
    box.edit(commentId, text);
  }

  async delete(commentId: string): Promise<void> {
    const { session } = this.parts;
    const service = await readyService(session);
    const remove = vscode.l10n.t('Delete');
    const picked = await vscode.window.showWarningMessage(
      vscode.l10n.t('Delete this comment?'),
      { modal: true, detail: vscode.l10n.t('It is removed from the server for everybody.') },
      remove,
    );
    if (picked !== remove) return;
    await service.deleteComment(this.contactId, commentId, { signal: this.signal });
    this.parts.page.say(vscode.l10n.t('The comment is deleted.'));
    await this.parts.sections.load('comments');
  }

  /** Offers whom the server names; a server that names nobody, or fails to, is no reason to disturb who writes. */
  async findColleagues(typed: string): Promise<void> {
    const { service } = this;
    if (service === undefined) return;
    // Asked for once a panel: who has just come to the team is there in the next.
    this.colleagues ??= service.listColleagues({ signal: this.signal }).catch(() => {
      this.colleagues = undefined;
      return [];
    });
    const names = (await this.colleagues).map(({ display_name: name = '' }) => displayTerm(name, 'label'));
    const wanted = ` ${fold(typed)}`;
    // A name that is offered is inserted as it is.
    const meant = names.filter((name) => name !== '' && !isPersonalDataHidden() && ` ${fold(name)}`.includes(wanted));
    this.parts.page.offerColleagues(typed, meant.slice(0, maxColleagues));
  }

  private get service(): ContactService | undefined {
    return this.parts.session.service;
  }
}

import * as vscode from 'vscode';
import type { Contact } from '../../api/decode/contact.ts';
import { isPersonalDataHidden } from '../../platform/displayText.ts';
import { isPersonalDataShown } from '../../platform/hiddenPersonalData.ts';
import type { ContactPage } from '../../protocol/contactPage.ts';
import { readyService } from '../../session/readyService.ts';
import type { Session } from '../../session/session.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { isFormField } from '../formFields.ts';
import { CommentBox } from './commentBox.ts';
import { ContactForm, formLabels, undo, type SavedChange } from './contactForm.ts';
import type { Draft, Drafts } from './drafts.ts';
import { contactView } from './views.ts';

const keepDraftAfterMs = 200;

interface EditingServices {
  session: Session;
  model: ContactsModel;
  drafts: Drafts;
}

/** The contact as its page shows it, and what the user types there: the form, the comment, and the draft of both. */
export class ContactEditing implements vscode.Disposable {
  private readonly contactId: string;
  private readonly services: EditingServices;
  private readonly page: ContactPage;
  private readonly onDirty: (isDirty: boolean) => void;
  private readonly controller = new AbortController();
  private readonly commentBox: CommentBox;
  private form: ContactForm | undefined;
  private savedChange: SavedChange | undefined;
  /** What was saved last of the fields that the server did not take. */
  private ignoredTexts: Readonly<Record<string, string>> = {};
  /** It was to be saved, and the server did not answer. */
  private isUnsent = false;
  private draftTimer: NodeJS.Timeout | undefined;
  /** Whose contact it is, and whose drafts; known when the session is. */
  private accountId: string | undefined;

  /** @param onDirty told whether there is something to save, each time that this may have changed. */
  constructor(contactId: string, services: EditingServices, page: ContactPage, onDirty: (isDirty: boolean) => void) {
    this.contactId = contactId;
    this.services = services;
    this.page = page;
    this.onDirty = onDirty;
    this.commentBox = new CommentBox(() => {
      this.showCommentBox();
      this.keepDraft();
    });
  }

  /** Shows all of it. What was typed before the tab was closed, a reload or a crash is there again. */
  show(contact: Contact): void {
    this.restoreDraft(contact);
    this.page.showContact(contactView(contact, this.services.session.account, this.ignoredTexts));
    this.showCommentBox();
    this.showForm('');
  }

  /** Opens the form and goes to `field`, or to the first. */
  async edit(contact: Contact, field: string): Promise<void> {
    if (!(await isPersonalDataShown())) return;
    this.form ??= this.newForm(contact);
    this.showForm(isFormField(field) ? field : 'display_name');
  }

  async change(field: string, text: string): Promise<void> {
    this.isUnsent = false;
    if (isFormField(field)) await this.form?.set(field, text);
  }

  /**
   * Discards the form and its draft immediately, so that neither comes back if the window closes now. What is being
   * saved cannot be discarded any more.
   */
  async discard(): Promise<void> {
    if (this.form?.isBeingSaved === true) return;
    this.form = undefined;
    this.isUnsent = false;
    this.showForm('');
    await this.storeDraft();
  }

  async resolve(choices: Readonly<Record<string, 'mine' | 'theirs'>>): Promise<void> {
    this.form?.resolve(choices);
    await this.save();
  }

  async save(): Promise<void> {
    const { session, model } = this.services;
    // What stands against it is said in the form.
    if (this.form === undefined || !(await isPersonalDataShown())) return;
    if (session.service === undefined) {
      const isExpired = session.state.kind === 'expired';
      return this.form.refuse(
        isExpired
          ? vscode.l10n.t('Your sign-in is no longer valid. Sign in, and save then.')
          : vscode.l10n.t('There is no connection to a contact server now. Save when it is back.'),
      );
    }
    const result = await this.form.save(session.service, this.contactId, this.controller.signal);
    this.isUnsent = result.kind === 'open' && result.isUnsent === true;
    if (result.kind === 'open') {
      if (this.isUnsent) await this.storeDraft();
      // Where the summary sends whoever reads or hears it.
      if (result.field !== undefined) this.showForm(result.field);
      return;
    }
    const discarded = this.discard();
    this.ignoredTexts = result.kind === 'saved' ? result.refused : {};
    if (result.kind === 'unchanged') {
      if (result.contact !== undefined) model.accept(result.contact);
      return discarded;
    }
    this.savedChange = result.change;
    model.accept(result.contact);
    const labels: Record<string, string> = formLabels();
    const ignored = Object.keys(result.refused)
      .map((name) => labels[name] ?? name)
      .join(', ');
    const text =
      ignored === '' ? vscode.l10n.t('Saved.') : vscode.l10n.t('Saved, but the server did not take: {0}.', ignored);
    this.page.showDone(text, Object.keys(result.change.before).length > 0);
    await discarded;
  }

  /** Offers a page that is new what another offered: the step back. */
  showSavedAgain(): void {
    if (this.savedChange !== undefined) this.page.showDone(vscode.l10n.t('Saved.'), true);
  }

  async undo(): Promise<void> {
    const { session, model } = this.services;
    if (this.savedChange === undefined) return;
    const service = await readyService(session);
    const { contact, kept } = await undo(service, this.contactId, this.savedChange, this.controller.signal);
    this.savedChange = undefined;
    this.ignoredTexts = {};
    model.accept(contact);
    const labels = formLabels();
    const names = kept.map((field) => labels[field]).join(', ');
    const text =
      names === ''
        ? vscode.l10n.t('Undone.')
        : vscode.l10n.t('Undone, except what somebody else has changed since: {0}.', names);
    this.page.showDone(text, false);
  }

  get comment(): CommentBox {
    return this.commentBox;
  }

  dispose(): void {
    this.controller.abort();
    if (this.draftTimer !== undefined) void this.storeDraft();
  }

  private restoreDraft(contact: Contact): void {
    const { session, drafts } = this.services;
    // After a reload the tab is there before the session is.
    if (this.accountId !== undefined || session.account === undefined) return;
    this.accountId = session.account.id;
    const draft = drafts.find(this.accountId, this.contactId);
    if (draft === undefined) return;
    this.commentBox.restore(draft);
    if (Object.keys(draft.fields).length === 0) return;
    const form = this.newForm(contact, draft);
    if (!form.isDirty) return;
    this.form = form;
    this.isUnsent = draft.isUnsent === true;
  }

  private newForm(contact: Contact, draft?: Draft): ContactForm {
    const { model } = this.services;
    const labels = (): string[] => [...new Set(model.contacts.flatMap((each) => each.labels))].toSorted();
    return new ContactForm(contact, draft, () => this.showForm(''), labels);
  }

  private showCommentBox(): void {
    const { view } = this.commentBox;
    const hidden = { draft: '', editing: '', refusal: vscode.l10n.t('Personal Data Is Hidden') };
    this.page.showCommentBox(isPersonalDataHidden() ? { ...view, ...hidden } : view);
  }

  private showForm(focus: string): void {
    // What is typed there is kept, and there again with the rest.
    if (this.form === undefined || isPersonalDataHidden()) this.page.closeForm();
    else this.page.showForm(this.form.view, focus);
    this.onDirty(this.form?.isDirty === true);
    this.keepDraft();
  }

  /** Soon, and once for what is typed in one go. */
  private keepDraft(): void {
    this.draftTimer ??= setTimeout(() => void this.storeDraft(), keepDraftAfterMs);
  }

  /** Keeps what is typed now. */
  async storeDraft(): Promise<void> {
    clearTimeout(this.draftTimer);
    this.draftTimer = undefined;
    const { session, drafts } = this.services;
    // Whoever signs out leaves nothing behind; a switch to another account keeps what was typed.
    if (this.accountId === undefined || session.account === undefined) return;
    const fields = this.form?.draftFields ?? {};
    const unsent = this.isUnsent ? { isUnsent: true } : {};
    await drafts.keep(this.accountId, this.contactId, { fields, ...this.commentBox.draft, ...unsent });
  }
}

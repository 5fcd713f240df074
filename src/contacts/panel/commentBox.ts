import * as vscode from 'vscode';
import { isCancelled, isMissingRoute } from '../../api/apiError.ts';
import { sentenceFor } from '../../platform/errorReport.ts';
import type { CommentBoxView } from '../../protocol/contactViews.ts';

/** What a comment box holds that is not on the server. */
export interface CommentDraft {
  /** Of a new comment. */
  comment: string;
  /** Of one that is being changed. */
  edited?: { id: string; text: string } | undefined;
}

/** A comment while it is being written or changed. What was typed stays until it was taken. */
export class CommentBox {
  private shown: CommentBoxView = { draft: '', editing: '', isSending: false, fault: '', refusal: '' };
  /** What was typed of a new comment before another was to be changed. */
  private setAside = '';
  /** The comment that is being changed, as it was. */
  private original = '';
  private readonly onChange: (box: CommentBoxView) => void;

  constructor(onChange: (box: CommentBoxView) => void) {
    this.onChange = onChange;
  }

  get view(): CommentBoxView {
    return this.shown;
  }

  get isEmpty(): boolean {
    return this.shown.draft.trim() === '';
  }

  get draft(): CommentDraft {
    const { draft, editing } = this.shown;
    return editing === '' ? { comment: draft } : { comment: this.setAside, edited: { id: editing, text: draft } };
  }

  restore({ comment, edited }: CommentDraft): void {
    if (comment !== '') this.set(comment);
    if (edited !== undefined) this.edit(edited.id, edited.text, '');
  }

  set(text: string): void {
    if (!this.shown.isSending) this.update({ draft: text, fault: '' });
  }

  /**
   * Takes a comment in, to be changed; what was typed of a new one comes back afterwards.
   * @param original as it is on the server, where `text` is a draft of it.
   */
  edit(id: string, text: string, original = text): void {
    const { isSending, editing, draft } = this.shown;
    if (isSending || editing === id) return;
    if (editing !== '' && draft !== this.original)
      return this.update({ fault: vscode.l10n.t('Save or cancel the comment that you are changing first.') });
    if (editing === '') this.setAside = draft;
    this.original = original;
    this.update({ editing: id, draft: text, fault: '', refusal: '' });
  }

  stopEditing(): void {
    const { isSending, editing } = this.shown;
    if (!isSending && editing !== '') this.update({ editing: '', draft: this.setAside, fault: '' });
  }

  /**
   * Gives the text to `add`, or to `change` with the id of the comment that is being changed.
   * @param find asks for whom the comment is about, and throws where that is nobody.
   * @returns whether it was taken.
   */
  async send(
    add: (text: string) => Promise<unknown>,
    change: (id: string, text: string) => Promise<unknown>,
    find: () => Promise<unknown>,
  ): Promise<boolean> {
    const { draft, isSending, editing } = this.shown;
    const text = draft.trim();
    if (isSending || text === '') return false;
    this.update({ isSending: true, fault: '' });
    try {
      await (editing === '' ? add(text) : change(editing, text));
      this.update({ isSending: false, editing: '', draft: editing === '' ? '' : this.setAside });
      return true;
    } catch (error) {
      // Not every gateway has the route (contract, section 3), and it says the same of a contact that is gone.
      const isThere = (): Promise<boolean> =>
        find().then(
          () => true,
          () => false,
        );
      const isMissing = editing === '' && isMissingRoute(error) && (await isThere());
      this.update(
        isMissing
          ? { isSending: false, refusal: vscode.l10n.t('This server takes no comments from here.') }
          : { isSending: false, fault: isCancelled(error) ? '' : sentenceFor(error) },
      );
      return false;
    }
  }

  private update(change: Partial<CommentBoxView>): void {
    this.shown = { ...this.shown, ...change };
    this.onChange(this.shown);
  }
}

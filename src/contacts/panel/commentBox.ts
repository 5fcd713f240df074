import * as vscode from 'vscode';
import { isApiError, isCancelled } from '../../api/apiError.ts';
import { sentenceFor } from '../../platform/errorReport.ts';
import type { CommentBoxView } from '../../protocol/contactViews.ts';

/** A comment while it is being written. What was typed stays until it was taken. */
export class CommentBox {
  private shown: CommentBoxView = { draft: '', isSending: false, fault: '', refusal: '' };
  private readonly onChange: (box: CommentBoxView) => void;

  constructor(onChange: (box: CommentBoxView) => void) {
    this.onChange = onChange;
  }

  get view(): CommentBoxView {
    return this.shown;
  }

  set(text: string): void {
    if (!this.shown.isSending) this.update({ draft: text, fault: '' });
  }

  /** Gives the text to `add`. @returns whether it was taken. */
  async send(add: (text: string) => Promise<unknown>): Promise<boolean> {
    const text = this.shown.draft.trim();
    if (this.shown.isSending || text === '') return false;
    this.update({ isSending: true, fault: '' });
    try {
      await add(text);
      this.update({ isSending: false, draft: '' });
      return true;
    } catch (error) {
      // Not every gateway has the route (contract, section 3).
      const isMissing = isApiError(error) && (error.status === 405 || error.status === 404);
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

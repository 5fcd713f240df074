import type * as vscode from 'vscode';
import type { FormField } from '../formFields.ts';
import type { CommentDraft } from './commentBox.ts';

/** What a user has typed about a contact and not saved. */
export interface Draft {
  /** Fields that were changed: to what, and from what. */
  fields: { [Field in FormField]?: { from: string; to: string } };
  comment: CommentDraft['comment'];
  edited?: CommentDraft['edited'];
  /** It was to be saved, and the server did not answer. */
  isUnsent?: boolean;
}

const storageKey = 'contactLookup.drafts';
/** The least recently touched go first. */
const maxDrafts = 50;

type Stored = { accountId: string; contactId: string; draft: Draft }[];

/** The drafts of all accounts. They survive a closed tab, a reload and a crash, and go with their account. */
export class Drafts {
  private readonly memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  find(accountId: string, contactId: string): Draft | undefined {
    return this.all().find((each) => each.accountId === accountId && each.contactId === contactId)?.draft;
  }

  /** Those of an account, the most recently touched first. */
  of(accountId: string): { contactId: string; draft: Draft }[] {
    return this.all()
      .filter((each) => each.accountId === accountId)
      .map(({ contactId, draft }) => ({ contactId, draft }));
  }

  async keep(accountId: string, contactId: string, draft: Draft): Promise<void> {
    const others = this.all().filter((each) => each.accountId !== accountId || each.contactId !== contactId);
    const isEmpty = Object.keys(draft.fields).length === 0 && draft.comment === '' && draft.edited === undefined;
    const kept = isEmpty ? others : [{ accountId, contactId, draft }, ...others].slice(0, maxDrafts);
    await this.memento.update(storageKey, kept.length === 0 ? undefined : kept);
  }

  /** Forgets the drafts of an account. */
  async forget(accountId: string): Promise<void> {
    const kept = this.all().filter((each) => each.accountId !== accountId);
    await this.memento.update(storageKey, kept.length === 0 ? undefined : kept);
  }

  private all(): Stored {
    return this.memento.get<Stored>(storageKey, []);
  }
}

import { ApiError } from './apiError.ts';
import { decodeAuthor, decodeComment, type Author, type Comment } from './decode/history.ts';
import { unwrapped } from './decode/page.ts';
import type { OnDropped } from './decode/primitives.ts';
import type { CallOptions, JsonCalls } from './jsonCalls.ts';
import { segment } from './paths.ts';
import { ignoreBody, ignoreNotFound, isGone, noResult } from './writes.ts';

const oneTemplate = '/contacts/{id}/comment/{commentId}';
const pathOfOne = (contactId: string, commentId: string): string =>
  `/contacts/${segment(contactId)}/comment/${segment(commentId)}`;

/** Comments one by one (contract, section 3), and who may be named in one. */
export class CommentCalls {
  private readonly calls: JsonCalls;
  private readonly onDropped: OnDropped;

  constructor(calls: JsonCalls, onDropped: OnDropped) {
    this.calls = calls;
    this.onDropped = onDropped;
  }

  async add(contactId: string, content: string, { signal }: CallOptions): Promise<Comment> {
    const path = `/contacts/${segment(contactId)}/comments`;
    const where = { method: 'POST', pathTemplate: '/contacts/{id}/comments', path, signal } as const;
    return (await this.calls.write(where, { content }, (body) => this.commentIn(body))) ?? noResult(where);
  }

  get(contactId: string, commentId: string, { signal }: CallOptions): Promise<Comment> {
    const path = pathOfOne(contactId, commentId);
    return this.calls.read(oneTemplate, path, {}, { signal }, (body) => this.commentIn(body));
  }

  async edit(contactId: string, commentId: string, content: string, { signal }: CallOptions): Promise<Comment> {
    const where = { method: 'PUT', pathTemplate: oneTemplate, path: pathOfOne(contactId, commentId), signal } as const;
    const answered = await this.calls.verifyIfUncertain(
      () => this.calls.write(where, { content }, (body) => this.commentIn(body)),
      async () => (await this.get(contactId, commentId, { signal })).text === content,
    );
    return answered ?? (await this.get(contactId, commentId, { signal }));
  }

  async delete(contactId: string, commentId: string, { signal }: CallOptions): Promise<void> {
    const path = pathOfOne(contactId, commentId);
    const where = { method: 'DELETE', pathTemplate: oneTemplate, path, signal } as const;
    await this.calls.verifyIfUncertain(
      () => ignoreNotFound(this.calls.write(where, undefined, ignoreBody)),
      () => isGone(this.get(contactId, commentId, { signal })),
    );
  }

  /** Only our own server for teams has this route. */
  async colleagues(call: CallOptions): Promise<readonly Author[]> {
    try {
      const { items } = await this.calls.page('/colleagues', '/colleagues', {}, call, decodeAuthor);
      return items;
    } catch (error) {
      // Some routes say 400 for what they do not know (contract, section 2).
      const hasNoRoute = error instanceof ApiError && ['notFound', 'invalid', 'forbidden'].includes(error.kind);
      if (hasNoRoute) return [];
      throw error;
    }
  }

  private commentIn(body: unknown): Comment | undefined {
    return decodeComment(unwrapped(body), 'comment', this.onDropped);
  }
}

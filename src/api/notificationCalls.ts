import { maxPageSize } from '../contract/vocabulary.ts';
import { ApiError } from './apiError.ts';
import { decodeNotificationPage, type NotificationPage } from './decode/notification.ts';
import type { PageRequest } from './decode/page.ts';
import type { OnDropped } from './decode/primitives.ts';
import type { CallOptions, JsonCalls } from './jsonCalls.ts';
import { queryOf } from './paths.ts';
import type { IdsForm, ServerQuirks } from './serverQuirks.ts';
import type { ApiRequest } from './transport.ts';
import { ignoreBody, ignoreNotFound } from './writes.ts';

export type NotificationListing = PageRequest & { type?: number | undefined } & CallOptions;

/** The notifications of whoever is signed in (contract, section 4.7). */
export class NotificationCalls {
  private readonly calls: JsonCalls;
  private readonly quirks: ServerQuirks;
  private readonly origin: string;
  private readonly onDropped: OnDropped;

  constructor(calls: JsonCalls, quirks: ServerQuirks, origin: string, onDropped: OnDropped) {
    this.calls = calls;
    this.quirks = quirks;
    this.origin = origin;
    this.onDropped = onDropped;
  }

  list(options: NotificationListing): Promise<NotificationPage> {
    const { signal, isBackground, ...query } = options;
    return this.calls.read('/notifications', '/notifications', query, { signal, isBackground }, (body) =>
      decodeNotificationPage(body, query, this.onDropped),
    );
  }

  async setRead(ids: readonly string[], isRead: boolean, { signal }: CallOptions): Promise<void> {
    const path = isRead ? '/notifications/read' : '/notifications/unread';
    const where = { method: 'PUT', pathTemplate: path, path } as const;
    await this.calls.verifyIfUncertain(
      () => this.writeIds({ ...where, signal }, ids, { notification_id: ids }),
      async () => {
        const { items } = await this.list({ limit: maxPageSize, signal });
        const done = new Set(items.filter((item) => item.is_read === isRead).map((item) => item.id));
        return ids.every((id) => done.has(id));
      },
    );
  }

  async dismiss(notificationId: string, { signal }: CallOptions): Promise<void> {
    const where = { method: 'DELETE', pathTemplate: '/notifications/dismiss', path: '/notifications/dismiss' } as const;
    await this.calls.verifyIfUncertain(
      () => ignoreNotFound(this.writeIds({ ...where, signal }, [notificationId], { notification_id: notificationId })),
      async () => {
        const { items, hasMore } = await this.list({ limit: maxPageSize, signal });
        return !hasMore && !items.some((item) => item.id === notificationId);
      },
    );
  }

  async dismissAll({ type, signal }: { type?: number | string } & CallOptions): Promise<void> {
    const path = '/notifications/dismiss/all';
    const where = { method: 'DELETE', pathTemplate: path, path: `${path}${queryOf({ type })}` } as const;
    const isWord = typeof type === 'string';
    await this.calls.verifyIfUncertain(
      () => this.calls.write({ ...where, signal }, undefined, ignoreBody),
      // A listing knows numbers only, so that nothing tells what has become of those that a word means.
      async () => !isWord && (await this.list({ limit: 1, type, signal })).items.length === 0,
    );
  }

  /** In the form that this server takes. */
  private async writeIds(
    request: Omit<ApiRequest, 'body' | 'headers'>,
    ids: readonly string[],
    object: unknown,
  ): Promise<void> {
    const method = request.method === 'DELETE' ? 'POST' : request.method;
    const forms: Record<IdsForm, () => Promise<unknown>> = {
      object: () => this.calls.write(request, object, ignoreBody),
      array: () => this.calls.write(request, ids, ignoreBody),
      ids: () => this.calls.write({ ...request, method }, { ids }, ignoreBody),
    };
    const known = this.quirks.idsForm(this.origin);
    if (known !== undefined) return void (await forms[known]());
    const refusal = await refusalOf(forms.object());
    if (refusal === undefined) return;
    // Where there is no such route, or nothing by this id, another body changes nothing.
    const others: IdsForm[] = refusal.status === 400 ? ['array', 'ids'] : ['ids'];
    for (const form of others) {
      if ((await refusalOf(forms[form]())) !== undefined) continue;
      return this.quirks.setIdsForm(this.origin, form);
    }
    throw refusal;
  }
}

/** What a server answers that takes another form (contract, section 7); `undefined` where it has taken this one. */
async function refusalOf(write: Promise<unknown>): Promise<ApiError | undefined> {
  try {
    await write;
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && [400, 404, 405].includes(error.status ?? 0)) return error;
    throw error;
  }
}

import type * as vscode from 'vscode';
import type { Contact } from '../api/decode/contact.ts';
import { pictureFormatOf } from '../contract/pictureFormat.ts';
import { maxPictureBytes } from '../contract/vocabulary.ts';
import type { Session } from '../session/session.ts';

/** A tree row carries its picture as text, so a larger one is left to the panel. */
const maxRowPictureBytes = 128 * 1024;
const concurrentLoads = 6;
const maxKept = 2_000;

/** The pictures of contacts as `data:` addresses, fetched by the host and checked by their bytes. */
export class Avatars implements vscode.Disposable {
  private readonly session: Session;
  private readonly pictures = new Map<string, string | undefined>();
  private readonly underWay = new Map<string, Promise<string | undefined>>();
  private readonly waiting: (() => void)[] = [];
  private readonly listener: vscode.Disposable;
  private controller = new AbortController();

  constructor(session: Session) {
    this.session = session;
    this.listener = session.onDidChange(() => this.forgetAll());
  }

  /** The picture of a row, when it is already here. */
  known(contact: Contact): string | undefined {
    return contact.avatar_url === undefined ? undefined : this.pictures.get(contact.avatar_url);
  }

  /** Whether it has been tried to load the picture. */
  isSettled(contact: Contact): boolean {
    return contact.avatar_url === undefined || this.pictures.has(contact.avatar_url);
  }

  /** Loads a picture small enough for a row; `undefined` when there is none to show. */
  async load(contact: Contact): Promise<string | undefined> {
    const url = contact.avatar_url;
    if (url === undefined) return undefined;
    if (this.pictures.has(url)) return this.pictures.get(url);
    const underWay =
      this.underWay.get(url) ?? this.fetch(url, maxRowPictureBytes).finally(() => this.underWay.delete(url));
    this.underWay.set(url, underWay);
    const { signal } = this.controller;
    const picture = await underWay;
    if (signal.aborted) return undefined;
    if (this.pictures.size >= maxKept) this.pictures.clear();
    this.pictures.set(url, picture);
    return picture;
  }

  /** Loads a picture of any size that may be uploaded. */
  async loadLarge(contact: Contact): Promise<string | undefined> {
    const small = this.known(contact);
    if (small !== undefined || contact.avatar_url === undefined) return small;
    return this.fetch(contact.avatar_url, maxPictureBytes);
  }

  /** Loads the picture behind an address of the server; `undefined` when there is none to show. */
  loadPicture(url: string): Promise<string | undefined> {
    return this.fetch(url, maxPictureBytes);
  }

  dispose(): void {
    this.forgetAll();
    this.listener.dispose();
  }

  private async fetch(url: string, maxBytes: number): Promise<string | undefined> {
    const { service } = this.session;
    if (service === undefined) return undefined;
    const { signal } = this.controller;
    if (this.underWay.size >= concurrentLoads) await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      const bytes = await service.media(url, maxBytes, { signal });
      const format = pictureFormatOf(bytes);
      return format && `data:${format.type};base64,${Buffer.from(bytes).toString('base64')}`;
    } catch {
      // A picture that cannot be had is an icon; the request is in the log.
      return undefined;
    } finally {
      this.waiting.shift()?.();
    }
  }

  private forgetAll(): void {
    this.controller.abort();
    this.controller = new AbortController();
    this.pictures.clear();
    this.underWay.clear();
    for (const resume of this.waiting.splice(0)) resume();
  }
}

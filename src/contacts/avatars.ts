import type * as vscode from 'vscode';
import type { Contact } from '../api/decode/contact.ts';
import { maxPictureBytes } from '../contract/vocabulary.ts';
import { isPersonalDataHidden } from '../platform/displayText.ts';
import type { Session } from '../session/session.ts';
import type { Picture, PictureStore } from './pictureStore.ts';

/** A tree row carries its picture as text, so a larger one is left to the panel. */
const maxRowPictureBytes = 128 * 1024;
/** Base64 takes four letters for three bytes. */
const maxRowPictureText = (maxRowPictureBytes * 4) / 3 + 100;

/** The pictures of contacts as `data:` addresses, fetched by the host and kept while the account is in use. */
export class Avatars implements vscode.Disposable {
  private readonly session: Session;
  private readonly listener: vscode.Disposable;
  private controller = new AbortController();
  /** Loaded with the first picture. */
  private store: PictureStore | undefined;

  constructor(session: Session) {
    this.session = session;
    this.listener = session.onDidChange(() => this.forgetAll());
  }

  /** The picture of a row, when it is already here. */
  known({ avatar_url: url }: Contact): string | undefined {
    return url === undefined || isPersonalDataHidden() ? undefined : forRow(this.store?.known(url));
  }

  /** Whether it has been tried to load the picture. */
  isSettled({ avatar_url: url }: Contact): boolean {
    return url === undefined || isPersonalDataHidden() || this.store?.known(url) !== undefined;
  }

  /** Loads a picture small enough for a row; `undefined` when there is none to show. */
  async load({ avatar_url: url }: Contact): Promise<string | undefined> {
    if (url === undefined || isPersonalDataHidden()) return undefined;
    return forRow(this.store?.known(url) ?? (await this.fetch(url, maxRowPictureBytes)));
  }

  /** Loads the picture behind an address of the server's, of any size that may be uploaded. */
  async loadLarge(url: string): Promise<Picture> {
    if (isPersonalDataHidden()) return {};
    const known = this.store?.known(url);
    return known?.data === undefined ? this.fetch(url, maxPictureBytes) : known;
  }

  dispose(): void {
    this.forgetAll();
    this.listener.dispose();
  }

  private async fetch(url: string, maxBytes: number): Promise<Picture> {
    const { service } = this.session;
    const { signal } = this.controller;
    if (service === undefined) return {};
    const { PictureStore } = await import('./pictureStore.ts');
    if (signal.aborted) return {};
    this.store ??= new PictureStore();
    const picture = await this.store.load(service, url, maxBytes, signal);
    return signal.aborted ? {} : picture;
  }

  private forgetAll(): void {
    this.controller.abort();
    this.controller = new AbortController();
    this.store = undefined;
  }
}

const forRow = (picture: Picture | undefined): string | undefined =>
  picture?.data !== undefined && picture.data.length <= maxRowPictureText ? picture.data : undefined;

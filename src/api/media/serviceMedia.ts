import type { BodyInit } from 'node-fetch';
import { isObject } from '../../contract/json.ts';
import { pictureFormatOf, pictureHeadBytes } from '../../contract/pictureFormat.ts';
import { apiPrefix, maxPictureBytes } from '../../contract/vocabulary.ts';
import { ApiError } from '../apiError.ts';
import { unwrapped } from '../decode/page.ts';
import { ObjectReader, type OnDropped } from '../decode/primitives.ts';
import { maxJsonBytes, type CallOptions } from '../jsonCalls.ts';
import { defaultTimings } from '../limits.ts';
import { pictureForm } from '../pictureForm.ts';
import type { Transport, TransportOptions } from '../transport.ts';
import { ForeignMedia, type ForeignMediaRule } from './foreignMedia.ts';

export interface ServiceMediaOptions extends TransportOptions {
  /** Told of every value that the server sent in a wrong type. */
  onDropped?: OnDropped;
  /** Which other origins the server's media may be loaded from; public ones where it is left out. */
  foreignMedia?: () => ForeignMediaRule;
  /** How names of other origins are resolved, in place of the system's way. */
  resolve?: (hostname: string) => Promise<string[]>;
}

/** A picture file; its content is read while it is sent: that of a file need not be in memory (`fs.openAsBlob`). */
export interface Picture {
  name: string;
  content: Blob;
}

export interface UploadOptions extends CallOptions {
  /** Told of the bytes that have been taken to be sent. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
}

/** Pictures and files that a server's answers name, on the server itself or elsewhere. */
export class ServiceMedia {
  private readonly transport: Transport;
  private readonly foreign: ForeignMedia;
  private readonly onDropped: OnDropped;

  constructor(transport: Transport, options: ServiceMediaOptions) {
    this.transport = transport;
    this.onDropped = options.onDropped ?? (() => undefined);
    this.foreign = new ForeignMedia({
      timings: { ...defaultTimings, ...options.timings },
      rule: options.foreignMedia ?? (() => 'public'),
      onAttempt: options.onAttempt,
      resolve: options.resolve,
    });
  }

  dispose(): void {
    this.foreign.dispose();
  }

  async upload({ name, content }: Picture, { onProgress, signal }: UploadOptions): Promise<string> {
    const where = { method: 'POST', pathTemplate: '/contacts/_fileupload' } as const;
    if (content.size > maxPictureBytes) throw new ApiError('tooLarge', { ...where, field: 'avatar_url' });
    const format = pictureFormatOf(new Uint8Array(await content.slice(0, pictureHeadBytes).arrayBuffer()));
    if (format === undefined) throw new ApiError('invalid', { ...where, field: 'avatar_url' });
    const body = (): BodyInit => pictureForm(content, name, format.type, onProgress);
    const request = { ...where, path: `${apiPrefix}/contacts/_fileupload`, body, signal, isUpload: true };
    return this.transport.send(request, async (answer) => {
      const url = this.urlIn(await answer.json(maxJsonBytes));
      if (url === undefined) throw answer.failure('garbled', 'badReply', { reason: 'shape' });
      return url;
    });
  }

  async load(url: string, maxBytes: number, { signal, isBackground }: CallOptions): Promise<Uint8Array> {
    const where = { method: 'GET', pathTemplate: '{media}' } as const;
    const { origin } = this.transport;
    const target = URL.canParse(url, origin) ? new URL(url, origin) : undefined;
    const isOurs = target?.origin === origin && !target.pathname.startsWith('//');
    if (!isOurs && target !== undefined && /^https?:\/\//i.test(url) && target.origin !== origin) {
      return this.foreign.load(target, maxBytes, signal);
    }
    if (target === undefined || !isOurs) throw new ApiError('forbidden', { ...where, reason: 'mediaAddress' });
    const path = `${target.pathname}${target.search}`;
    const request = { ...where, path, headers: { accept: '*/*' }, signal, isBackground, isStream: true };
    // A large file may take its time, as long as it keeps coming.
    return this.transport.send(request, async (answer) => {
      const bytes = await answer.bytes(maxBytes);
      answer.end();
      return bytes;
    });
  }

  private urlIn(body: unknown): string | undefined {
    const record = unwrapped(body);
    return isObject(record) ? new ObjectReader(record, 'upload', this.onDropped).text('url') : undefined;
  }
}

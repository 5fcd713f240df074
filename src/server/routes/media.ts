import { parse } from 'node:path';
import { Hono, type Context } from 'hono';
import { imageSize } from 'image-size';
import { pictureFormatOf, type PictureFormat } from '../../contract/pictureFormat.ts';
import { apiPrefix, maxPictureBytes } from '../../contract/vocabulary.ts';
import { badRequest, HttpProblem, notFound } from '../httpProblem.ts';
import { mediaReference, mediaUrl } from '../mediaReference.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';

const maxParts = 10;
/** Pixels a side: a small file may unpack to gigabytes. */
const maxPictureSide = 4096;

/** @param origin where this server is reached, for the address of what was uploaded. */
export function mediaRoutes(store: WorkspaceStore, origin: () => string): Hono {
  const routes = new Hono();

  routes.post('/contacts/_fileupload', async (c) => {
    const file = await uploadedFile(c);
    const content = new Uint8Array(await file.arrayBuffer());
    const { type } = acceptedFormat(content);
    const key = await store.media.keep(content);
    await store.transaction((tx) =>
      tx.media.add({ key, content_type: type, file_name: file.name, bytes: content.length }),
    );
    return c.json({ url: mediaUrl(mediaReference(key), origin(), apiPrefix) });
  });

  routes.get('/media/:key', async (c) => {
    const key = c.req.param('key');
    const found = await store.media.find(key);
    const content = found && (await store.media.content(key));
    if (found === undefined || content === undefined) throw notFound();
    return c.body(content, 200, {
      'content-type': found.content_type,
      'content-length': String(content.length),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(shortened(found.file_name))}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
    });
  });

  return routes;
}

/** Proxies and clients refuse long headers; of a letter there are up to twelve characters in one. */
const maxNameLetters = 100;

function shortened(name: string): string {
  const letters = [...name.toWellFormed()];
  const { ext } = parse(name.toWellFormed().slice(-16));
  return letters.length <= maxNameLetters ? letters.join('') : letters.slice(0, maxNameLetters - 16).join('') + ext;
}

async function uploadedFile(c: Context): Promise<File> {
  if (!/^multipart\/form-data\s*;/i.test(c.req.header('content-type') ?? '')) {
    throw new HttpProblem(415, 'The body must be multipart/form-data');
  }
  const form = await c.req.formData().catch((cause: unknown) => {
    throw new HttpProblem(400, 'The body is not valid multipart/form-data', { cause });
  });
  const parts = [...form.entries()];
  const files = parts.filter(([name, value]) => name === 'file' && typeof value !== 'string');
  const file = files[0]?.[1];
  if (parts.length > maxParts || files.length !== 1 || file === undefined || typeof file === 'string') {
    throw badRequest('One part named file is needed');
  }
  if (file.size > maxPictureBytes) throw new HttpProblem(413, `A picture may have ${maxPictureBytes} bytes`);
  return file;
}

function acceptedFormat(content: Uint8Array): PictureFormat {
  const format = pictureFormatOf(content);
  if (format === undefined) throw new HttpProblem(415, 'A picture must be PNG, JPEG, WebP or GIF');
  const { width, height } = sizeOf(content);
  if (width > maxPictureSide || height > maxPictureSide) {
    throw badRequest(`A picture may be ${maxPictureSide} pixels wide and high`);
  }
  return format;
}

function sizeOf(content: Uint8Array): { width: number; height: number } {
  try {
    return imageSize(content);
  } catch (cause) {
    throw new HttpProblem(415, 'The picture is damaged', { cause });
  }
}

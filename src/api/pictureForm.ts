import { File, FormData } from 'node-fetch';

type OnProgress = (sentBytes: number, totalBytes: number) => void;

/** The multipart body of an upload: one part `file`, read piece by piece as the connection takes it. */
export function pictureForm(content: Blob, name: string, type: string, onProgress: OnProgress | undefined): FormData {
  const form = new FormData();
  form.set('file', onProgress === undefined ? new File([content], name, { type }) : watched());
  return form;

  function watched(): File {
    return new (class extends File {
      override stream(): ReadableStream<Uint8Array> {
        let sent = 0;
        return ReadableStream.from(super.stream()).pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform: (piece, controller) => {
              sent += piece.length;
              onProgress?.(sent, content.size);
              controller.enqueue(piece);
            },
          }),
        );
      }
    })([content], name, { type });
  }
}

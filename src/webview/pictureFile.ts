/** Pictures on their way between the page and its host, which take them as text. */

/** The base64 of a file. @throws where the file cannot be read any more. */
export async function base64Of(content: Blob): Promise<string> {
  const bytes = new Uint8Array(await content.arrayBuffer());
  return bytes.toBase64();
}

/** The first file of a paste or a drop. */
export const fileIn = (transfer: DataTransfer | null): File | undefined => transfer?.files[0];

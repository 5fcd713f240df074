/** A picture or file as a text that is kept, and as the address that it is fetched from. */
const referencePattern = /^media:([0-9a-f]{64})$/;

/** What a field holds for the media of `key`. */
export const mediaReference = (key: string): string => `media:${key}`;

/** A stored reference as the address the client can fetch; any other text unchanged. */
export function mediaUrl(stored: string, origin: string, prefix: string): string {
  const key = referencePattern.exec(stored)?.[1];
  return key === undefined ? stored : `${origin}${prefix}/media/${key}`;
}

/**
 * The reverse of `mediaUrl`: our own address, of this run or an earlier one, as a reference.
 * @param origin where this server is reached now.
 */
export function storedMediaUrl(url: string, origin: string): string {
  const [, at = '', key = ''] =
    /^(https?:\/\/[^/]+)\/(?:channel-service\/v1|v1\/backend)\/media\/([0-9a-f]{64})$/.exec(url) ?? [];
  return at === origin || /^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d+$/.test(at) ? mediaReference(key) : url;
}

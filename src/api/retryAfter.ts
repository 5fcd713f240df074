const maxSensibleSeconds = 24 * 60 * 60;

/**
 * Seconds to wait by a `Retry-After` header in either form; `undefined` when there is none or it makes no sense.
 * A date is measured from the server's own clock where it shows it.
 */
export function retryAfterSeconds(header: string | null, serverDate: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Math.min(Number(header), maxSensibleSeconds);
  // Date.parse takes nearly anything for a date; only what looks like an HTTP one is.
  const until = /^[A-Za-z]{3,9},? /.test(header) ? Date.parse(header) : NaN;
  if (Number.isNaN(until)) return undefined;
  const serverNow = serverDate === null ? NaN : Date.parse(serverDate);
  const seconds = (until - (Number.isNaN(serverNow) ? Date.now() : serverNow)) / 1000;
  return seconds <= 0 ? undefined : Math.min(seconds, maxSensibleSeconds);
}

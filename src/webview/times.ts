const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago `iso` was, in words, in a `time` element that shows the exact time on hover. */
export function timeElement(iso: string, locale: string): HTMLTimeElement | undefined {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return undefined;
  const node = document.createElement('time');
  node.dateTime = new Date(time).toISOString();
  node.title = new Date(time).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'medium' });
  node.textContent = relativeTime(time, Date.now(), locale);
  return node;
}

function relativeTime(time: number, now: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const seconds = Math.round((time - now) / 1000);
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, 'minute');
}

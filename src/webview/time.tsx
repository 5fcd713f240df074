import { usePage } from './pageContext.ts';

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export const isTime = (iso: string): boolean => !Number.isNaN(Date.parse(iso));

/** How long ago `iso` was, in words, with the exact time on hover; nothing where it is no time. */
export function Time({ iso }: { iso: string }) {
  const { locale } = usePage();
  if (!isTime(iso)) return null;
  const time = new Date(iso);
  return (
    <time dateTime={time.toISOString()} title={time.toLocaleString(locale, { dateStyle: 'full', timeStyle: 'medium' })}>
      {relativeTime(time.getTime(), Date.now(), locale)}
    </time>
  );
}

function relativeTime(time: number, now: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const seconds = Math.round((time - now) / 1000);
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, 'minute');
}

/** From a moment on, up to but not another; in milliseconds since 1970. */
export interface TimeRange {
  from: number;
  until: number;
}

const hourMs = 3_600_000;
const lengths: Readonly<Record<string, number>> = {
  h: hourMs,
  d: 24 * hourMs,
  w: 7 * 24 * hourMs,
  m: 30 * 24 * hourMs,
  y: 365 * 24 * hourMs,
};

/**
 * The time that a text means: `<7d` less than seven days ago, `>6m` more; `2026`, `2026-10`, `2026-10-05`, `today`,
 * `yesterday`; `2026-10..` from then on, `..2026-10` up to its end, and both. `undefined` for anything else.
 * @param now what is counted from; a day is one of the time zone that this runs in.
 */
export function timeRange(text: string, now: Date): TimeRange | undefined {
  const [, sign, count, unit = ''] = /^([<>])(\d{1,4})([hdwmy])$/i.exec(text) ?? [];
  const length = lengths[unit.toLowerCase()];
  if (length !== undefined) {
    const then = now.getTime() - Number(count) * length;
    return sign === '<' ? { from: then, until: Infinity } : { from: -Infinity, until: then };
  }
  const [start = '', end] = text.split('..');
  if (end === undefined) return dateRange(start, now);
  if (start === '' && end === '') return undefined;
  const first = start === '' ? { from: -Infinity } : dateRange(start, now);
  const last = end === '' ? { until: Infinity } : dateRange(end, now);
  return first && last && { from: first.from, until: last.until };
}

/** A year, a month or a day. */
function dateRange(text: string, now: Date): TimeRange | undefined {
  const daysAgo = ['today', 'yesterday'].indexOf(text.toLowerCase());
  if (daysAgo >= 0) return daysFrom(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo);
  const [, year = '', month, day] = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text) ?? [];
  if (year === '') return undefined;
  const [y, m, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)];
  const date = new Date(y, m, d);
  // The 30th of February is a day in March.
  if (date.getMonth() !== m || date.getDate() !== d) return undefined;
  if (day !== undefined) return daysFrom(y, m, d);
  const end = month === undefined ? new Date(y + 1, 0) : new Date(y, m + 1);
  return { from: date.getTime(), until: end.getTime() };
}

const daysFrom = (year: number, month: number, day: number): TimeRange => ({
  from: new Date(year, month, day).getTime(),
  until: new Date(year, month, day + 1).getTime(),
});

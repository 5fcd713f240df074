export interface Spread {
  median: number;
  p95: number;
  min: number;
  max: number;
  runs: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { median: at(0.5), p95: at(0.95), min: at(0), max: at(1), runs: sorted.length };
}

/** A result: how often and how long, or a size, with what it may be at most. */
export interface BenchRow {
  name: string;
  unit: 'ms' | 'bytes' | 'sockets' | 'x';
  spread: Spread;
  /** What it is held against: a bound, or another row times a factor. */
  bound?: { text: string; holds: boolean } | undefined;
}

export const sizeRow = (name: string, bytes: number, maxBytes?: number): BenchRow => ({
  name,
  unit: 'bytes',
  spread: spreadOf([bytes]),
  ...(maxBytes === undefined
    ? {}
    : { bound: { text: `under ${maxBytes.toLocaleString('en')}`, holds: bytes < maxBytes } }),
});

/** The seed of a test of random steps: printed, and taken again from `SEED`. */
export function randomSeed(): number {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  console.log(`      SEED=${seed}`);
  return seed;
}

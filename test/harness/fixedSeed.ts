/** Lets random tests of fast-check begin with `SEED`, as they have printed it. */
const { SEED } = process.env;
if (SEED !== undefined) (await import('fast-check')).default.configureGlobal({ seed: Number(SEED) });

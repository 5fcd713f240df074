/** How far a model has come with what it shows. */
export type LoadState = { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; error: unknown };

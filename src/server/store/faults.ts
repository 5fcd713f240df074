/** What goes wrong in a store, whichever engine it has. */

/** The store cannot be opened; the message says why and holds no contents. */
export class StoreError extends Error {}

/** It was written by a version that comes after this one. */
export class NewerStoreError extends StoreError {}

/** Others were writing for as long as a write may wait. Nothing was written; another attempt may succeed. */
export class StoreBusyError extends Error {}

/** There is no room for the write. Nothing was written. */
export class StoreFullError extends Error {}

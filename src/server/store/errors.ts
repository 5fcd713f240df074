import type { DamageKind } from '../../contract/damage.ts';

/** What goes wrong in a store, whichever engine it has. */

/** The store cannot be opened; the message says why and holds no contents. */
export class StoreError extends Error {}

/** It was written by a version that comes after this one. */
export class NewerStoreError extends StoreError {}

/** What is stored is not what was written; the message says what was found. */
export class StoreDamagedError extends StoreError {
  /** The file that is damaged; others of the server may be sound. */
  readonly file: string;
  readonly kind: DamageKind;

  constructor(file: string, finding: string, options: ErrorOptions & { kind?: DamageKind } = {}) {
    super(`${file} ${finding}`, options);
    this.file = file;
    this.kind = options.kind ?? 'damaged';
  }
}

/** The last changes are gone; what is there is sound, and can be used without them. */
export class StoreIncompleteError extends StoreDamagedError {
  readonly missing: number;

  constructor(file: string, missing: number) {
    const changes = missing === 1 ? 'change' : 'changes';
    super(file, `has lost its last ${missing} ${changes}: the log beside it was cut off.`, { kind: 'incomplete' });
    this.missing = missing;
  }
}

/** A picture or file is not what was written. The rest of the store is sound. */
export class MediaDamagedError extends Error {}

/** Others were writing for as long as a write may wait. Nothing was written; another attempt may succeed. */
export class StoreBusyError extends Error {}

/** There is no room for the write. Nothing was written. */
export class StoreFullError extends Error {}

/** The store is somewhere else, and does not answer. Nothing was written. */
export class StoreUnavailableError extends Error {}

/** The store stopped answering while it committed: it has written all or nothing, and which is not known. */
export class CommitUncertainError extends Error {}

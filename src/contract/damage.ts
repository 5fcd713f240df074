/** A part cannot be read or is not what was written; the last changes are gone; or all of it is. */
export type DamageKind = 'damaged' | 'incomplete' | 'gone';

/** What the contact server tells the process that forked it, where the store is damaged and it cannot go on. */
export interface DamageReport {
  damaged: {
    kind: DamageKind;
    /** How many of the last changes are gone, where the store is incomplete. */
    missing?: number | undefined;
    /** What was found, as a sentence without contents, for the log. */
    finding: string;
    /** Whether what is left is sound, and can be used without what is lost. */
    isUsable: boolean;
    /** The newest backup that is sound. */
    backup?: { path: string; at: string; contacts: number } | undefined;
  };
}

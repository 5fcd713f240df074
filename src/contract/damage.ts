/** What the contact server tells the process that forked it, where the store is damaged and it cannot go on. */
export interface DamageReport {
  damaged: {
    /** What was found, as a sentence without contents. */
    finding: string;
    /** Whether what is left is sound, and can be used without what is lost. */
    isUsable: boolean;
    /** The newest backup that is sound. */
    backup?: { path: string; at: string; contacts: number } | undefined;
  };
}

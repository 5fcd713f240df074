/** What is kept of those who sign in, for every process of a server. Of tokens and codes only digests are kept. */

export interface StoredToken {
  kind: 'login' | 'access';
  email: string;
  /** Of an access token. */
  organizationId: string;
  /** Milliseconds since 1970, as all times here. */
  expiresAt: number;
}

/** A token as its row says, whose columns have the same names in every store. */
export const tokenFrom = (row: Readonly<Record<string, unknown>>, kind: StoredToken['kind']): StoredToken => ({
  kind,
  email: String(row['email']),
  organizationId: String(row['organization_id']),
  expiresAt: Number(row['expires_at']),
});

/** Wrong attempts with one e-mail: how many there are, and until when they count. */
export interface Failures {
  count: number;
  until: number;
}

export interface AccountStore {
  /**
   * @param generation of the user who has shown who they are.
   * @returns whether it was added: not for one whose sign-ins were ended meanwhile.
   */
  addToken(digest: string, token: StoredToken, generation?: number): Promise<boolean>;
  /** One that has not expired. */
  findToken(digest: string, kind: StoredToken['kind'], now: number): Promise<StoredToken | undefined>;
  /** In the place of another for the same e-mail. */
  putCode(email: string, digest: string, expiresAt: number): Promise<void>;
  /** The digest of the code that was sent to somebody and has not expired. */
  findCode(email: string, now: number): Promise<string | undefined>;
  deleteCode(email: string): Promise<void>;
  /**
   * Counts an attempt as failed in advance, so that concurrent attempts cannot exceed `limit`.
   * @returns the state before it: if `count` equals `limit`, the attempt must not be made and was not counted.
   */
  countAttempt(email: string, limit: number, now: number, until: number): Promise<Failures>;
  deleteFailures(email: string): Promise<void>;
  close(): Promise<void>;
}

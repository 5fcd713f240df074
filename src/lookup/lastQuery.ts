/** What was searched for last, for as long as VS Code runs and the account is the same. */
export class LastQuery {
  private kept: { accountId: string | undefined; text: string } | undefined;

  of(accountId: string | undefined): string {
    return this.kept?.accountId === accountId ? (this.kept?.text ?? '') : '';
  }

  keep(accountId: string | undefined, text: string): void {
    this.kept = { accountId, text };
  }
}

import * as vscode from 'vscode';
import { runCommand } from '../platform/commands.ts';
import { mentionsIn, type Mention } from './mentions.ts';
import { isSwitchedOn } from './settings.ts';

/** A larger document is looked at up to here. */
const maxLines = 5_000;
const maxLinks = 2_000;

/** Ctrl/Cmd-click on who is mentioned. Nothing is asked of the server before that. */
export class MentionLinks implements vscode.DocumentLinkProvider {
  private readonly isSignedIn: () => boolean;

  constructor(isSignedIn: () => boolean) {
    this.isSignedIn = isSignedIn;
  }

  provideDocumentLinks(document: vscode.TextDocument, token: vscode.CancellationToken): vscode.DocumentLink[] {
    if (!this.isSignedIn() || !isSwitchedOn('links', document)) return [];
    const links: vscode.DocumentLink[] = [];
    for (let line = 0; line < Math.min(document.lineCount, maxLines); line++) {
      if (token.isCancellationRequested || links.length > maxLinks) return links;
      for (const { text, start, end } of mentionsIn(document.lineAt(line).text)) {
        const encodedArguments = encodeURIComponent(JSON.stringify([{ text }]));
        const target = vscode.Uri.parse(`command:contactLookup.lookup?${encodedArguments}`);
        const link = new vscode.DocumentLink(new vscode.Range(line, start, line, end), target);
        link.tooltip = vscode.l10n.t('Open Contact');
        links.push(link);
      }
    }
    return links;
  }
}

class MentionTerminalLink extends vscode.TerminalLink {
  readonly mention: Mention;

  constructor(mention: Mention) {
    super(mention.start, mention.end - mention.start, vscode.l10n.t('Open Contact'));
    this.mention = mention;
  }
}

/** The same in a terminal. */
export class MentionTerminalLinks implements vscode.TerminalLinkProvider<MentionTerminalLink> {
  private readonly isSignedIn: () => boolean;

  constructor(isSignedIn: () => boolean) {
    this.isSignedIn = isSignedIn;
  }

  provideTerminalLinks({ line }: vscode.TerminalLinkContext): MentionTerminalLink[] {
    if (!this.isSignedIn() || !isSwitchedOn('links')) return [];
    return mentionsIn(line).map((mention) => new MentionTerminalLink(mention));
  }

  async handleTerminalLink({ mention }: MentionTerminalLink): Promise<void> {
    await runCommand('contactLookup.lookup', { text: mention.text });
  }
}

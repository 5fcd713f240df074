import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { TabName } from '../../protocol/contactViews.ts';

/** What a page is made of. */
export interface PageParts {
  script: string;
  style: string;
}

let parts: Promise<PageParts> | undefined;

/** The parts, read once. */
export function loadPageParts(extensionUri: vscode.Uri): Promise<PageParts> {
  parts ??= readParts(vscode.Uri.joinPath(extensionUri, 'dist', 'webview')).catch((error: unknown) => {
    parts = undefined;
    throw error;
  });
  return parts;
}

async function readParts(folder: vscode.Uri): Promise<PageParts> {
  const [script, style] = await Promise.all(
    ['contact.js', 'contact.css'].map(async (name) =>
      Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name))).toString('utf8'),
    ),
  );
  return { script: script ?? '', style: style ?? '' };
}

/**
 * The bare page. Everything it shows is sent to it; nothing of a contact is ever in its source. Its script and style
 * are a part of it, so that it asks for nothing from anywhere, and its first picture waits for nothing.
 * @param tab the tab that it opens on.
 */
export function pageHtml({ script, style }: PageParts, tab: TabName): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "require-trusted-types-for 'script'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <style nonce="${nonce}">${style}</style>
  <title>${vscode.l10n.t('Contact')}</title>
</head>
<body>
  <main id="page" data-tab="${tab}"></main>
  <script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

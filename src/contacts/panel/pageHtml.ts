import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The folder that the page may load from, and no other. */
export const pageRoot = (extensionUri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'dist', 'webview');

/** The bare page. Everything it shows is sent to it; nothing of a contact is ever in its source. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const asset = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(pageRoot(extensionUri), name)).toString();
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "require-trusted-types-for 'script'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${asset('contact.css')}">
  <title>${vscode.l10n.t('Contact')}</title>
</head>
<body>
  <main id="page"></main>
  <script nonce="${nonce}" src="${asset('contact.js')}"></script>
</body>
</html>`;
}

const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');

// For tests only: calls the tool that `call.json` in the workspace names, as an agent does, and writes what came of it;
// changes settings as the settings editor does, or writes the address at which a browser follows a link to the extension.
exports.activate = (context) => {
  const folder = vscode.workspace.workspaceFolders[0].uri.fsPath;
  const done = (outcome) => {
    writeFileSync(join(folder, 'outcome.part'), JSON.stringify(outcome));
    renameSync(join(folder, 'outcome.part'), join(folder, 'outcome.json'));
  };
  context.subscriptions.push(
    vscode.commands.registerCommand('agent.invoke', async () => {
      const { name, input } = JSON.parse(readFileSync(join(folder, 'call.json'), 'utf8'));
      try {
        const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
        done({ result: JSON.parse(result.content.map(({ value }) => value).join('')) });
      } catch (error) {
        done({ error: String(error?.message ?? error) });
      }
    }),
    vscode.commands.registerCommand('agent.configure', async () => {
      const { settings } = JSON.parse(readFileSync(join(folder, 'call.json'), 'utf8'));
      for (const [name, value] of Object.entries(settings)) {
        await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
      }
      done({ result: 'configured' });
    }),
    vscode.commands.registerCommand('agent.link', async () => {
      const { extensionId, path } = JSON.parse(readFileSync(join(folder, 'call.json'), 'utf8'));
      const link = vscode.Uri.parse(`${vscode.env.uriScheme}://${extensionId}${path}`);
      done({ result: (await vscode.env.asExternalUri(link)).toString(true) });
    }),
  );
};

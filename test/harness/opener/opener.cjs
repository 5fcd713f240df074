const vscode = require('vscode');

// Only for demonstrations and tests: what a newcomer would click first.
exports.activate = async () => {
  await vscode.commands.executeCommand('contactLookup.contacts.focus');
  await vscode.commands.executeCommand('contactLookup.useLocalWorkspace');
};

import * as vscode from 'vscode';

/** Whether pictures and files are loaded that a server keeps on other origins. */
export const otherOriginsSetting = 'contactLookup.media.otherOrigins';

/** Shows the user where that is decided. */
export const openOtherOriginsSetting = (): Thenable<unknown> =>
  vscode.commands.executeCommand('workbench.action.openSettings', otherOriginsSetting);

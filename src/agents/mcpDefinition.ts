import { join } from 'node:path';
import * as vscode from 'vscode';

/** What VS Code may start for its own agents: the same program as for all others, by VS Code's own Node. */
export const mcpDefinition = ({ extensionPath }: vscode.Extension<unknown>): vscode.McpStdioServerDefinition =>
  new vscode.McpStdioServerDefinition('Contact Lookup', process.execPath, [join(extensionPath, 'dist', 'mcp.js')], {
    ELECTRON_RUN_AS_NODE: '1',
  });

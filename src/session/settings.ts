import * as vscode from 'vscode';
import type { Timings } from '../api/limits.ts';
import { gateways, serverOrigin } from '../api/serverAddress.ts';

const section = 'contactLookup';
export const environments = ['stable', 'sandbox', 'develop', 'custom', 'local'] as const;
export type Environment = (typeof environments)[number];

/**
 * The user's own value, and never a workspace's: these say where a credential goes and how long is waited. VS Code
 * ignores a workspace's value of an application-scoped setting as well; this does not rely on it.
 */
function userValue(name: string): unknown {
  const inspected = vscode.workspace.getConfiguration(section).inspect(name);
  return inspected?.globalValue ?? inspected?.defaultValue;
}

/** The environment that sign-in offers first. */
export function preferredEnvironment(): Environment {
  const value = userValue('environment');
  return environments.find((name) => name === value) ?? 'stable';
}

/** The server that `custom` stands for, where the user has set one that a credential may be sent to. */
export function customServer(): string | undefined {
  const value = userValue('serverUrl');
  return typeof value === 'string' ? serverOrigin(value.trim()) : undefined;
}

function seconds(name: string): number {
  const value = userValue(name);
  return typeof value === 'number' && value >= 1 && value <= 600 ? value : 10;
}

/** What is waited for a server. */
export function timings(): Partial<Timings> {
  const headers = seconds('requestTimeout') * 1000;
  const stall = seconds('stallTimeout') * 1000;
  // One try that is as slow as may be still leaves time for another.
  return { headers, stall, deadline: Math.max(30_000, 2 * headers + stall) };
}

/** Whether pictures and files are loaded that a server keeps on other origins. */
export const loadsOtherOrigins = (): boolean => userValue('media.otherOrigins') !== false;

/** Told when something has changed of what the services are made with. */
export const onDidChangeServiceSettings = (listener: () => void): vscode.Disposable =>
  vscode.workspace.onDidChangeConfiguration((event) => {
    const names = ['requestTimeout', 'stallTimeout', 'media.otherOrigins', 'keepContacts'];
    if (names.some((name) => event.affectsConfiguration(`${section}.${name}`))) listener();
  });

/** The address of an environment, where it has a fixed one. */
export const gatewayOf = (environment: Environment): string | undefined =>
  environment === 'custom' || environment === 'local' ? undefined : gateways[environment];

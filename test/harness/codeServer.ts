/** The product as a user has it: the packaged extension in a real VS Code, behind a local address. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extensionId } from './manifest.ts';
import { packageHelper } from './packageExtension.ts';
import { vsixPath } from './paths.ts';
import { waitForServer, exitOf, freePort, spawnGroup, stopTree } from './processes.ts';
import { vscodeHost } from './vscodeHosts.ts';

export interface CodeServerOptions {
  /** Holds the user's settings, the extensions and the data. */
  home: string;
  workspace: string;
  port?: number;
  /** Settings beyond those that keep VS Code quiet. */
  settings?: Record<string, unknown>;
  /** What a repository brings in its `.vscode/settings.json`. */
  workspaceSettings?: Record<string, unknown>;
  /** Opens the folder as one that the user has not said to trust. */
  isRestricted?: boolean;
  /** Opens the contacts at start, with the local workspace. */
  opensContacts?: boolean;
  /** What `opensContacts` signs in to in place of the local workspace. */
  gateway?: { url: string; key: string };
  /** Opens the walkthrough with them, once. */
  opensWalkthrough?: boolean;
  /** VS Code's display language; its own texts stay English, as there is no language pack to be had from npm. */
  language?: string;
  /** Leaves out most of the extensions that VS Code brings itself. */
  hasFewBuiltIns?: boolean;
  /** The home folder that its processes see; the real one where it is left out. */
  userHome?: string;
  /** A file of certificates that this machine trusts beside those that all do. */
  certificates?: string;
  /** Folders of further extensions to install. */
  helpers?: string[];
  /** A folder into which `installExtensions` has put all of it before; without it, it is done anew for this server. */
  extensions?: string;
}

export interface CodeServer {
  url: string;
  pid: number;
  userData: string;
  /** Where the extension keeps the local workspace. */
  localWorkspace: string;
  /** Writes the user's settings anew; a window opened afterwards has them. */
  configure(settings: Record<string, unknown>): Promise<void>;
  stop(): Promise<void>;
}

/** A VS Code without anything between the user and the product. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'update.mode': 'none',
  'files.simpleDialog.enable': true,
  'window.commandCenter': false,
  'git.openRepositoryInParentFolders': 'never',
};

const restrictedSettings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** Does the first clicks of a newcomer. */
export const opener = fileURLToPath(new URL('opener', import.meta.url));

export const localWorkspaceIn = (home: string): string =>
  join(home, 'user-data', 'User', 'globalStorage', extensionId, 'local-workspace');

/** Installs the packaged extension, and further ones from their folders, into a folder for extensions. */
export async function installExtensions(extensions: string, helpers: readonly string[]): Promise<void> {
  const host = await vscodeHost('1.139');
  await rm(extensions, { recursive: true, force: true });
  const packages = [vsixPath, ...(await Promise.all(helpers.map(packageHelper)))];
  const parameters = packages.flatMap((path) => ['--install-extension', path]);
  // An own folder for its data, which a server that runs already may be using.
  const userData = `${extensions}-installer`;
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  const install = spawnGroup(host.node, [host.codeServer, ...folders, ...parameters], { env: cleanEnvironment() });
  if ((await exitOf(install)) !== 0) throw new Error(`${packages.join(' and ')} could not be installed`);
  await rm(userData, { recursive: true, force: true });
}

/** The helpers that a server with these options has. */
export const helpersOf = ({ helpers = [], opensContacts = false }: Partial<CodeServerOptions>): string[] =>
  opensContacts ? [...helpers, opener] : helpers;

export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const { home, workspace, isRestricted = false, hasFewBuiltIns = false } = options;
  const host = await vscodeHost('1.139');
  const userData = join(home, 'user-data');
  const extensions = options.extensions ?? join(home, 'extensions');
  await mkdir(join(userData, 'User'), { recursive: true });
  await mkdir(workspace, { recursive: true });
  const configure = (settings: Record<string, unknown> = {}): Promise<void> =>
    writeFile(join(userData, 'User', 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  await configure({ ...(isRestricted ? restrictedSettings : {}), ...options.settings });
  if (options.workspaceSettings !== undefined) {
    await mkdir(join(workspace, '.vscode'), { recursive: true });
    await writeFile(join(workspace, '.vscode', 'settings.json'), JSON.stringify(options.workspaceSettings));
  }
  if (options.extensions === undefined) await installExtensions(extensions, helpersOf(options));
  if (options.language !== undefined) await writeLanguagePack(userData, options.language);
  const env = cleanEnvironment();
  const { gateway, opensWalkthrough: hasWalkthrough } = options;
  env['CONTACT_LOOKUP_OPENER'] = JSON.stringify({ gateway, hasWalkthrough });
  if (options.userHome !== undefined) env['HOME'] = options.userHome;
  if (options.certificates !== undefined) env['NODE_EXTRA_CA_CERTS'] = options.certificates;
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
  const server = spawnGroup(
    host.node,
    [
      host.codeServer,
      ...folders,
      '--auth',
      'none',
      '--bind-addr',
      `127.0.0.1:${port}`,
      '--disable-telemetry',
      '--disable-update-check',
      ...(isRestricted ? [] : ['--disable-workspace-trust']),
      ...(hasFewBuiltIns ? ['--builtin-extensions-dir', host.fewBuiltIns] : []),
      '--disable-getting-started-override',
      ...(options.language === undefined ? [] : ['--locale', options.language]),
      workspace,
    ],
    { env },
  );
  const address = `http://127.0.0.1:${port}`;
  const ended = exitOf(server).then((code) => {
    throw new Error(`VS Code ended with ${code} before it answered; is port ${port} in use?`);
  });
  await Promise.race([waitForServer(`${address}/healthz`, 60_000), ended]);
  ended.catch(() => undefined);
  return {
    url: `${address}/?folder=${encodeURI(workspace)}`,
    pid: server.pid ?? 0,
    userData,
    localWorkspace: localWorkspaceIn(home),
    configure,
    stop: () => stopTree(server),
  };
}

/** VS Code takes a language only where a pack of it is installed; this one is empty. */
async function writeLanguagePack(userData: string, language: string): Promise<void> {
  const texts = join(userData, 'texts.json');
  await writeFile(texts, JSON.stringify({ contents: {} }));
  const extensions = [{ extensionIdentifier: { id: `language.${language}` }, version: '1.0.0' }];
  const pack = { hash: language, label: language, extensions, translations: { vscode: texts } };
  await writeFile(join(userData, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}

/** code-server looks at these itself, and npm's own would change what it installs. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|PORT$|PASSWORD$|VSCODE_|NODE_OPTIONS$)/i.test(name),
  );
  return Object.fromEntries(entries);
}

import { join } from 'node:path';

/**
 * How `dist/mcp.js`, which a client starts, finds a window of VS Code and asks it: `POST /call` over a socket, HTTP
 * because Node then frames, limits and cancels. A window that lets agents in has a file in `windowsFolder` that says
 * where its socket is, and the key that shows that whoever asks can read this user's files.
 */
export interface WindowEntry {
  /** A path, or on Windows the name of a pipe. */
  socket: string;
  key: string;
}

/** What is asked: a client's own name, as it has said it, and a tool's with its input. */
export interface AgentCall {
  client: string;
  tool: string;
  input: Readonly<Record<string, unknown>>;
}

/** What came of it: JSON for the model, or a sentence for it. */
export type AgentReply = { result: string } | { error: string };

/** Of everything here; only its user may look into it. */
export const agentFolder = (home: string): string => join(home, '.contact-lookup');
export const windowsFolder = (home: string): string => join(agentFolder(home), 'windows');
/** What clients start, whichever version of the extension is installed. */
export const launcherPath = (home: string): string => join(agentFolder(home), 'mcp.mjs');

/** Names the entry of one window, which is to be asked first. */
export const windowVariable = 'CONTACT_LOOKUP_WINDOW';

export const maxCallBytes = 256_000;

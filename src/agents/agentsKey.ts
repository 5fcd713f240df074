/**
 * In VS Code's SecretStorage: whether agents may ask, and which of them the user has let in. In package.json: what VS Code
 * may start for its own.
 */
export const agentsKey = 'contactLookup.agents';

/** In VS Code's SecretStorage: whether agents may ask, and which of them the user has let in. */
export const agentsKey = 'contactLookup.agents';

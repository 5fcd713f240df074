/** What the contact server and the API service can name of VS Code: nothing. Their `tsconfig.json` has it for the module. */
export type Nothing = never;

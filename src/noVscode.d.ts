/**
 * Stands in for the `vscode` module in the contact server and the API service, which must not use it: their
 * `tsconfig.json` maps the module to this file, which exports nothing usable.
 */
export type Nothing = never;

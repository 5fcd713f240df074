/**
 * The sentences for the user, outside VS Code. Of `vscode` they need the translation alone, which without a language
 * pack is the English text with its places filled; so that much of it stands in here.
 */
import { createRequire, registerHooks } from 'node:module';
import type * as columnNameModule from '../../../src/contacts/export/columnNames.ts';
import type * as errorReport from '../../../src/platform/errorReport.ts';

const source = `
  const fill = (text, ...values) => text.replace(/\\{(\\d+)\\}/g, (_, index) => String(values[index]));
  export const l10n = { t: fill };
  export const env = { language: 'en' };
`;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
      : next(specifier, context),
});

// Not imported: an import would be resolved before the hook is there.
const require = createRequire(import.meta.url);
export const { sentenceFor } = require('../../../src/platform/errorReport.ts') as typeof errorReport;
export const { columnNames } = require('../../../src/contacts/export/columnNames.ts') as typeof columnNameModule;

/** What every store of a workspace does: cases to be run on any implementation of `WorkspaceStore`. */
import { contactCases } from './contactCases.ts';
import { recordCases } from './recordCases.ts';
import type { ConformanceCase } from './samples.ts';
import { searchCases } from './searchCases.ts';
import { transactionCases } from './transactionCases.ts';

export const conformanceCases: readonly ConformanceCase[] = [
  ...contactCases,
  ...transactionCases,
  ...searchCases,
  ...recordCases,
];

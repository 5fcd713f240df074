import { ApiError, type ApiErrorKind } from '../../../src/api/apiError.ts';

/** For `assert.rejects`: an error of the API service of this kind. */
export const isKind =
  (kind: ApiErrorKind) =>
  (error: unknown): boolean =>
    error instanceof ApiError && error.kind === kind;

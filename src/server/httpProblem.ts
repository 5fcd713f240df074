/** A refusal, answered as `{"code","message"}` with its status. */
export class HttpProblem extends Error {
  readonly status: HttpProblemStatus;
  readonly code: number;
  readonly headers: Record<string, string>;

  constructor(
    status: HttpProblemStatus,
    message: string,
    options: { code?: number; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = options.code ?? status * 100;
    this.headers = options.headers ?? {};
  }
}

export type HttpProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 429 | 500 | 503 | 507;

export const badRequest = (message: string): HttpProblem => new HttpProblem(400, message);
export const notFound = (): HttpProblem => new HttpProblem(404, 'Not Found');

/** The contract's section 2 gives this code and message to every wrong credential. */
export const unauthorized = (): HttpProblem => new HttpProblem(401, 'Unauthorized', { code: 40001 });

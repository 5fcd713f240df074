import { Readable } from 'node:stream';
import type { Response } from 'node-fetch';
import { ApiError } from './apiError.ts';
import { AttemptFailure, requestIdOf } from './failure.ts';
import type { Limits } from './limits.ts';

interface Where {
  method: string;
  pathTemplate: string;
}

/** An answer whose body is read under the limits of its attempt. */
export class ApiResponse {
  readonly status: number;
  readonly headers: Response['headers'];
  /** Bytes of the body that have been read, decompressed. */
  bodyBytes = 0;
  private readonly response: Response;
  private readonly request: Where;
  private readonly limits: Limits;

  constructor(response: Response, request: Where, limits: Limits) {
    this.response = response;
    this.status = response.status;
    this.headers = response.headers;
    this.request = request;
    this.limits = limits;
  }

  get requestId(): string | undefined {
    return requestIdOf(this.response);
  }

  /** A failure of this answer, for `read` to throw. */
  failure(
    certainty: 'settled' | 'garbled',
    ...[kind, details]: ConstructorParameters<typeof ApiError>
  ): AttemptFailure {
    const { method, pathTemplate } = this.request;
    const { status, requestId } = this;
    return new AttemptFailure(certainty, new ApiError(kind, { method, pathTemplate, status, requestId, ...details }));
  }

  /** The body, decompressed, of at most `maxBytes`. */
  async bytes(maxBytes: number): Promise<Buffer> {
    const { body } = this.response;
    const chunks: Buffer[] = [];
    // By events: for a small answer an iterator would be the greater part of the cost.
    if (body !== null) await this.collect(body, chunks, maxBytes);
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  private collect(body: NodeJS.ReadableStream, chunks: Buffer[], maxBytes: number): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const fail = (error: unknown): void => {
        discardBody(this.response);
        reject(error);
      };
      body.on('data', (chunk: Buffer) => {
        this.bodyBytes += chunk.length;
        if (this.bodyBytes > maxBytes) return fail(this.failure('settled', 'tooLarge'));
        this.limits.progress();
        chunks.push(chunk);
        return undefined;
      });
      body.once('end', resolve);
      body.on('error', fail);
    });
  }

  /** The body as it comes. Ends with an error where the server does not say that it was all. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.response.body ?? []) {
        // While the caller is busy with a piece it is not the server that stalls.
        this.limits.pause();
        yield* piecesOf(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
        this.limits.progress();
      }
    } finally {
      discardBody(this.response);
    }
  }

  /** As `chunks`, for a caller who reads after the attempt has ended. */
  async *stream(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.chunks();
    } catch (error) {
      const failure = this.limits.failureFrom(error);
      throw failure instanceof AttemptFailure ? failure.error : failure;
    } finally {
      this.limits.end();
    }
  }

  /** For a stream that has been read to its end within its attempt. */
  end(): void {
    this.limits.end();
  }

  /** Whether the end of the body can be told from a connection that broke. */
  get hasMarkedEnd(): boolean {
    const isChunked = /\bchunked\b/i.test(this.headers.get('transfer-encoding') ?? '');
    return isChunked || this.headers.has('content-length');
  }

  async json(maxBytes: number): Promise<unknown> {
    // A byte order mark is no JSON, and some servers begin with it all the same.
    const text = (await this.bytes(maxBytes)).toString('utf8').replace(/^\ufeff/, '');
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      const isPage = /\bhtml\b/i.test(this.headers.get('content-type') ?? '') || text.trimStart().startsWith('<');
      if (isPage) throw this.failure('settled', 'badReply', { reason: 'notJson' });
      // What begins like JSON was cut off. The parser's own message quotes the text.
      const reason = /^\s*(?:[[{]|$)/.test(text) ? 'incomplete' : 'shape';
      throw this.failure('garbled', 'badReply', { reason, cause: (cause as Error).name });
    }
  }

  /** The first `maxBytes` of an error's body, whatever becomes of the rest. */
  async beginning(maxBytes: number): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of this.chunks()) {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= maxBytes) break;
      }
    } catch {
      // The status has said enough.
    }
    return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
  }
}

/**
 * Chunks read from a socket live outside the V8 heap, so the garbage collector underestimates them: a long stream would
 * pile up some 70 MB before the first collection. Many small slices trigger it earlier.
 */
const pieceBytes = 4096;

function* piecesOf(chunk: Buffer): Generator<Uint8Array> {
  for (let start = 0; start < chunk.length; start += pieceBytes) yield chunk.subarray(start, start + pieceBytes);
}

/** Closes the connection of an answer that is of no use. */
export function discardBody(response: Response): void {
  // Destroying a body that was read to its end would only cost the kept connection.
  if (response.body instanceof Readable && !response.body.readableEnded) response.body.destroy();
}

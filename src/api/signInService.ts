import { signInPrefix } from '../contract/vocabulary.ts';
import type { CallOptions } from './contactService.ts';
import { isObject } from '../contract/json.ts';
import { ObjectReader, type OnDropped } from './decode/primitives.ts';
import { Transport, type TransportOptions } from './transport.ts';

const maxJsonBytes = 1024 * 1024;

/** An organization that a user may work for. */
export interface OrganizationChoice {
  readonly id: string;
  readonly displayName: string;
}

/** What a user has after the first phase: good for choosing an organization, and for nothing else. */
export interface Login {
  readonly token: string;
  readonly organizations: readonly OrganizationChoice[];
}

/** Sign-in with an e-mail, in two phases (contract, section 2). Every method throws `ApiError` and nothing else. */
export class SignInService {
  private readonly options: Omit<TransportOptions, 'credential'> & { onDropped?: OnDropped };
  private readonly transport: Transport;

  /** @param options without a credential, which is what is asked for here. */
  constructor(options: Omit<TransportOptions, 'credential'> & { onDropped?: OnDropped }) {
    this.options = options;
    this.transport = new Transport(options);
  }

  dispose(): void {
    this.transport.dispose();
  }

  /** Sends a one-time code to `email`. It succeeds also where nobody has that e-mail. */
  async requestCode(email: string, { signal }: CallOptions = {}): Promise<void> {
    await this.post(this.transport, '/login/_signin_email_request', { email }, signal, () => true);
  }

  /** Throws the kind `auth` for a wrong code or password. */
  authenticate(
    email: string,
    shown: { otp: string } | { password: string },
    { signal }: CallOptions = {},
  ): Promise<Login> {
    const body = { email, ...shown };
    return this.post(this.transport, '/login/authenticate', body, signal, (answer) => this.decodeLogin(answer));
  }

  /** An access token for one of the login's organizations. */
  async exchange(login: Login, organizationId: string, { signal }: CallOptions = {}): Promise<string> {
    const transport = new Transport({ ...this.options, credential: { value: login.token, organizationId } });
    try {
      const body = { organization_id: organizationId };
      return await this.post(transport, '/access/_exchange_access_token', body, signal, tokenIn);
    } finally {
      transport.dispose();
    }
  }

  private post<T>(
    transport: Transport,
    path: string,
    json: unknown,
    signal: AbortSignal | undefined,
    decode: (body: unknown) => T | undefined,
  ): Promise<T> {
    const text = JSON.stringify(json);
    const request = {
      method: 'POST',
      pathTemplate: `${signInPrefix}${path}`,
      path: `${signInPrefix}${path}`,
      headers: { 'content-type': 'application/json' },
      body: () => text,
      signal,
    } as const;
    return transport.send(request, async (answer) => {
      const isEmpty = answer.status === 204 || answer.headers.get('content-length') === '0';
      const result = decode(isEmpty ? undefined : await answer.json(maxJsonBytes));
      if (result === undefined) throw answer.failure('garbled', 'badReply', { reason: 'shape' });
      return result;
    });
  }

  private decodeLogin(body: unknown): Login | undefined {
    const token = tokenIn(body);
    if (!isObject(body) || token === undefined) return undefined;
    const reader = new ObjectReader(body, 'login', this.options.onDropped ?? (() => undefined));
    const organizations = reader.list('organizations', (item): OrganizationChoice | undefined => {
      if (!isObject(item) || item['is_active'] === false) return undefined;
      const organization = new ObjectReader(item, 'organization', () => undefined);
      const id = organization.text('organization_id', 'id', '_id');
      return id === undefined ? undefined : { id, displayName: organization.text('display_name', 'name') ?? id };
    });
    return { token, organizations };
  }
}

/** Three names are in use for it (contract, section 2). */
const tokenIn = (body: unknown): string | undefined =>
  isObject(body)
    ? new ObjectReader(body, 'answer', () => undefined).text('token', 'accessToken', 'access_token')
    : undefined;

/** Asks the user, question by question, for an account, and tries it before it is given to anybody. */
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { isApiError } from '../api/apiError.ts';
import { isJwt } from '../api/credential.ts';
import { serverOrigin } from '../api/serverAddress.ts';
import type { Login, SignInService } from '../api/signInService.ts';
import { displayTerm, displayText } from '../platform/displayText.ts';
import { validateServerAddress, UserError } from '../platform/errorReport.ts';
import { askUntilAccepted } from '../platform/persistentInput.ts';
import { back, choose, type Back } from '../platform/steps.ts';
import { localAccount, signInMethods, type Account, type ServerAccount, type SignInMethod } from './account.ts';
import { environmentNames, methodNames } from './accountText.ts';
import type { Services } from './services.ts';
import { customServer, environments, gatewayOf, preferredEnvironment, type Environment } from './settings.ts';

type NewAccount = Omit<ServerAccount, 'kind' | 'id'>;
type StepResult<T> = T | Back | undefined;

/** Where to sign in, with what is known of who does. */
interface Place {
  origin: string;
  email?: string | undefined;
  organization?: ServerAccount['organization'];
}

const isLeaving = <T>(answer: StepResult<T>): answer is Back | undefined => answer === back || answer === undefined;

/** A key for a server as somebody else proposes it: the user sees where it is for, and decides. */
export interface ProposedKey {
  origin: string;
  key: string;
}

/**
 * @param expired an account to sign in to again: only what has become invalid is asked for.
 * @param proposed what the question for a key begins with.
 * @returns `undefined` when the user leaves.
 */
export async function signIn(
  services: Services,
  expired?: ServerAccount,
  proposed?: ProposedKey,
): Promise<Account | undefined> {
  if (proposed !== undefined) {
    const account = await askToken('apiKey', services, { origin: proposed.origin }, proposed.key);
    if (account !== back) return account;
  }
  if (expired !== undefined) {
    const { origin, email, organization } = expired;
    const account = await signInBy(expired.method, services, { origin, email, organization });
    if (account !== back) return account && sameAgain(account, expired);
  }
  for (;;) {
    const environment = await pickEnvironment();
    if (isLeaving(environment)) return undefined;
    if (environment === 'local') return localAccount;
    const account = await signInTo(environment, services);
    if (account !== back) return account;
  }
}

/** A key tells nothing of whose it is, so the user's word is taken that it is for the account in question. */
const sameAgain = (account: ServerAccount, expired: ServerAccount): ServerAccount =>
  account.email === undefined ? { ...account, id: expired.id } : account;

const title = (): string => vscode.l10n.t('Sign In to Contacts');

function pickEnvironment(): Promise<StepResult<Environment>> {
  const names = environmentNames();
  const about: Record<Environment, string> = {
    stable: new URL(gatewayOf('stable') ?? '').host,
    sandbox: new URL(gatewayOf('sandbox') ?? '').host,
    develop: new URL(gatewayOf('develop') ?? '').host,
    custom: customServer() ?? vscode.l10n.t('any server with the same contract'),
    local: vscode.l10n.t('contacts on this machine, no account needed'),
  };
  return choose({
    title: title(),
    placeholder: vscode.l10n.t('Where are your contacts?'),
    items: environments.map((value) => ({ label: names[value], description: about[value], value })),
    first: preferredEnvironment(),
  });
}

async function signInTo(environment: Environment, services: Services): Promise<StepResult<ServerAccount>> {
  for (;;) {
    const origin = gatewayOf(environment) ?? (await askServer());
    if (isLeaving(origin)) return origin;
    const account = await chooseMethod(services, { origin });
    // There is no question between the environment and this one where the environment has an address.
    if (account !== back || environment !== 'custom') return account;
  }
}

function askServer(): Promise<StepResult<string>> {
  return askUntilAccepted({
    title: title(),
    prompt: vscode.l10n.t('Address of the contact server'),
    placeholder: 'https://contacts.example.com',
    value: customServer() ?? '',
    acceptsUnchanged: true,
    canGoBack: true,
    faultIn: validateServerAddress,
    accept: async (text) => serverOrigin(text) ?? text,
  });
}

async function chooseMethod(services: Services, place: Place): Promise<StepResult<ServerAccount>> {
  for (;;) {
    const names = methodNames();
    const icons: Record<SignInMethod, string> = {
      code: 'mail',
      password: 'lock',
      accessToken: 'account',
      apiKey: 'key',
    };
    const method = await choose({
      title: title(),
      placeholder: vscode.l10n.t('How do you want to sign in to {0}?', new URL(place.origin).host),
      items: signInMethods.map((value) => ({
        label: names[value],
        iconPath: new vscode.ThemeIcon(icons[value]),
        value,
      })),
      canGoBack: true,
    });
    if (isLeaving(method)) return method;
    const account = await signInBy(method, services, place);
    if (account !== back) return account;
  }
}

async function signInBy(method: SignInMethod, services: Services, place: Place): Promise<StepResult<ServerAccount>> {
  if (method === 'apiKey' || method === 'accessToken') return askToken(method, services, place);
  const signInService = await services.signIn(place.origin);
  try {
    return await signInByEmail(method, services, signInService, place);
  } finally {
    signInService.dispose();
  }
}

async function askToken(
  method: 'apiKey' | 'accessToken',
  services: Services,
  { origin, organization }: Place,
  proposed = '',
): Promise<StepResult<ServerAccount>> {
  const { host } = new URL(origin);
  for (;;) {
    const answer = await askUntilAccepted<ServerAccount | { jwt: string }>({
      title: title(),
      prompt:
        method === 'apiKey'
          ? vscode.l10n.t('API key (api_…) for {0}. It is kept in VS Code’s secret storage.', host)
          : vscode.l10n.t('Access token (acc_…) for {0}. It is kept in VS Code’s secret storage.', host),
      value: proposed,
      acceptsUnchanged: proposed !== '',
      password: true,
      canGoBack: true,
      faultIn: (text) =>
        /^[\x21-\x7e]+$/.test(text)
          ? undefined
          : vscode.l10n.t('A token has letters, digits and signs without spaces.'),
      accept: async (token, signal) =>
        isJwt(token) ? { jwt: token } : verifyAccount(services, { origin, method, token }, signal),
      sentence: tokenSentence,
    });
    if (isLeaving(answer) || !('jwt' in answer)) return answer;
    const fields = { origin, method, token: answer.jwt };
    if (organization !== undefined) {
      return verifyAccount(services, { ...fields, organization }).catch((error: unknown) => {
        throw isWrong(error) ? new UserError(tokenSentence(error) ?? '') : error;
      });
    }
    const account = await askOrganization(services, fields);
    if (account !== back) return account;
  }
}

/** A JWT is sent with its organization or not at all (contract, section 2). */
function askOrganization(services: Services, fields: NewAccount): Promise<StepResult<ServerAccount>> {
  return askUntilAccepted({
    title: title(),
    prompt: vscode.l10n.t('Id of the organization that this token is for'),
    placeholder: 'org_…',
    canGoBack: true,
    faultIn: (text) =>
      /^[\w-]{1,100}$/.test(text) ? undefined : vscode.l10n.t('An organization’s id begins with org_.'),
    accept: (id, signal) => verifyAccount(services, { ...fields, organization: { id } }, signal),
    sentence: tokenSentence,
  });
}

const tokenSentence = (error: unknown): string | undefined =>
  isWrong(error) ? vscode.l10n.t('The server does not take this token.') : undefined;

async function signInByEmail(
  method: 'code' | 'password',
  services: Services,
  signInService: SignInService,
  place: Place,
): Promise<StepResult<ServerAccount>> {
  for (;;) {
    const email = await askEmail(method, signInService, place.email);
    if (isLeaving(email)) return email;
    const login = await (method === 'code' ? askCode(signInService, email) : askPassword(signInService, email));
    if (login === undefined) return undefined;
    if (login === back) continue;
    const organization = await pickOrganization(login, email);
    if (organization === undefined) return undefined;
    if (organization === back) continue;
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Signing in') },
      async () => {
        try {
          const token = await signInService.exchange(login, organization.id);
          return await verifyAccount(services, { origin: place.origin, method, token, email, organization });
        } catch (error) {
          if (!isWrong(error)) throw error;
          const name = displayTerm(organization.displayName, 'description');
          throw new UserError(vscode.l10n.t('The server did not accept this sign-in for {0}.', name));
        }
      },
    );
  }
}

function askEmail(method: 'code' | 'password', service: SignInService, known = ''): Promise<StepResult<string>> {
  return askUntilAccepted({
    title: title(),
    prompt:
      method === 'code' ? vscode.l10n.t('Your e-mail. A one-time code is sent there.') : vscode.l10n.t('Your e-mail'),
    value: known,
    acceptsUnchanged: true,
    canGoBack: true,
    faultIn: (text) => (/^[^\s@]+@[^\s@]+$/.test(text) ? undefined : vscode.l10n.t('An e-mail address has one @.')),
    accept: async (email, signal) => {
      if (method === 'code') await service.requestCode(email, { signal });
      return email;
    },
    sentence: emailSentence,
  });
}

function askCode(service: SignInService, email: string): Promise<StepResult<Login>> {
  return askUntilAccepted({
    title: title(),
    prompt: vscode.l10n.t('The code that was sent to {0}', displayText(email, 'description')),
    canGoBack: true,
    faultIn: (text) => (/^\w{4,12}$/.test(text) ? undefined : vscode.l10n.t('The code is in the e-mail.')),
    accept: (otp, signal) => service.authenticate(email, { otp }, { signal }),
    sentence: (error) => (isWrong(error) ? vscode.l10n.t('This code is wrong or too old.') : emailSentence(error)),
    action: {
      icon: 'refresh',
      tooltip: vscode.l10n.t('Send Another Code'),
      run: async (signal) => {
        await service.requestCode(email, { signal });
        return vscode.l10n.t('Another code was sent to {0}', displayText(email, 'description'));
      },
    },
  });
}

function askPassword(service: SignInService, email: string): Promise<StepResult<Login>> {
  return askUntilAccepted({
    title: title(),
    prompt: vscode.l10n.t('Password of {0}', displayText(email, 'description')),
    password: true,
    keepsSpaces: true,
    canGoBack: true,
    faultIn: (text) => (text === '' ? vscode.l10n.t('A password is needed.') : undefined),
    accept: (password, signal) => service.authenticate(email, { password }, { signal }),
    sentence: (error) =>
      isWrong(error) ? vscode.l10n.t('The e-mail or the password is wrong.') : emailSentence(error),
  });
}

const emailSentence = (error: unknown): string | undefined =>
  isApiError(error) && error.kind === 'notFound'
    ? vscode.l10n.t('This server offers no sign-in by e-mail.')
    : undefined;

type Organization = Login['organizations'][number];

async function pickOrganization({ organizations }: Login, email: string): Promise<StepResult<Organization>> {
  const [only] = organizations;
  if (only === undefined) {
    throw new UserError(
      vscode.l10n.t(
        '{0} belongs to no organization. Ask the administrator of yours for an invitation.',
        displayText(email, 'description'),
      ),
    );
  }
  if (organizations.length === 1) return only;
  return choose({
    title: title(),
    placeholder: vscode.l10n.t('Which organization?'),
    items: organizations.map((value) => ({ label: displayTerm(value.displayName, 'label'), value })),
    canGoBack: true,
  });
}

/** The account, once its token has been seen to open the contacts. */
async function verifyAccount(services: Services, fields: NewAccount, signal?: AbortSignal): Promise<ServerAccount> {
  const { origin, token, organization, email, method } = fields;
  await services.verify(origin, { value: token, organizationId: organization?.id }, signal);
  // The same person in the same organization is the same account, whatever the token; a bare token is its own.
  const who = email === undefined ? [method, token] : [email.toLowerCase()];
  const identity = [origin, ...who, organization?.id];
  const id = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 24);
  return { kind: 'server', id, ...fields };
}

const isWrong = (error: unknown): boolean => isApiError(error) && (error.kind === 'auth' || error.kind === 'forbidden');

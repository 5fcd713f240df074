import { Hono, type Context } from 'hono';
import type { Accounts } from '../accounts/accounts.ts';
import { badRequest, unauthorized } from '../httpProblem.ts';
import { codeRequest, exchangeRequest, loginRequest } from '../../contract/signIn.ts';
import { bodyOf } from '../requests.ts';

/**
 * Sign-in in two phases: who it is, then for which organization (contract, section 2).
 * @param addressOf from where somebody asks, if that is to be counted.
 */
export function signInRoutes(accounts: Accounts, addressOf: (c: Context) => string | undefined): Hono {
  const routes = new Hono();

  routes.post('/login/_signin_email_request', async (c) => {
    await accounts.sendCode((await bodyOf(c, codeRequest)).email, addressOf(c));
    return c.json({ success: true });
  });

  routes.post('/login/authenticate', async (c) => {
    const { email, ...shown } = await bodyOf(c, loginRequest);
    const { token, user } = await accounts.authenticate(email, shown, addressOf(c));
    return c.json({
      token,
      user_id: user.email,
      organizations: user.organizations.map(({ id, displayName }) => ({
        organization_id: id,
        display_name: displayName,
        role: 'member',
        status: 'active',
        is_active: true,
      })),
    });
  });

  routes.post('/access/_exchange_access_token', async (c) => {
    const { organization_id: organizationId } = await bodyOf(c, exchangeRequest);
    const loginToken = c.req.header('x-access-token');
    if (loginToken === undefined) throw unauthorized();
    if (c.req.header('x-organization-id') !== organizationId) {
      throw badRequest('x-organization-id and organization_id must be the same');
    }
    return c.json({ token: await accounts.exchange(loginToken, organizationId) });
  });

  return routes;
}

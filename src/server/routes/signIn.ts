import { Hono } from 'hono';
import type { Accounts } from '../accounts/accounts.ts';
import { badRequest, unauthorized } from '../httpProblem.ts';
import { jsonObject, textIn } from '../requests.ts';

/** Sign-in in two phases: who it is, then for which organization (contract, section 2). */
export function signInRoutes(accounts: Accounts): Hono {
  const routes = new Hono();

  routes.post('/login/_signin_email_request', async (c) => {
    await accounts.sendCode(emailIn(await jsonObject(c)));
    return c.json({ success: true });
  });

  routes.post('/login/authenticate', async (c) => {
    const body = await jsonObject(c);
    const email = emailIn(body);
    const code = textIn(body, 'otp');
    const shown = code === undefined ? { password: required(body, 'password') } : { code };
    const { token, user, organizations } = await accounts.authenticate(email, shown);
    return c.json({
      token,
      user_id: user.email,
      organizations: organizations.map(({ id, displayName }) => ({
        organization_id: id,
        display_name: displayName,
        role: 'member',
        status: 'active',
        is_active: true,
      })),
    });
  });

  routes.post('/access/_exchange_access_token', async (c) => {
    const organizationId = required(await jsonObject(c), 'organization_id');
    const loginToken = c.req.header('x-access-token');
    if (loginToken === undefined) throw unauthorized();
    if (c.req.header('x-organization-id') !== organizationId) {
      throw badRequest('x-organization-id and organization_id must be the same');
    }
    return c.json({ token: await accounts.exchange(loginToken, organizationId) });
  });

  return routes;
}

/** The longest there can be (RFC 5321). */
const maxEmailLength = 254;

function emailIn(body: Record<string, unknown>): string {
  const email = required(body, 'email');
  if (email.length > maxEmailLength) throw badRequest('email is too long');
  return email;
}

function required(body: Record<string, unknown>, name: string): string {
  const value = textIn(body, name);
  if (value === undefined || value === '') throw badRequest(`${name} is missing`);
  return value;
}

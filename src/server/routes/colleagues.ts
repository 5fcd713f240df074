import { Hono } from 'hono';
import type { Author } from '../../contract/history.ts';
import type { Accounts } from '../accounts/accounts.ts';

/** Who else works with an organization's contacts, for where somebody is to be named. They are named as their comments name them. */
export function colleagueRoutes(accounts: Accounts, organizationId: string): Hono {
  const routes = new Hono();
  routes.get('/colleagues', async (c) => {
    const members = await accounts.membersOf(organizationId);
    return c.json({
      data: members.map(({ email, displayName }): Author => ({ _id: email, display_name: displayName || email })),
    });
  });
  return routes;
}

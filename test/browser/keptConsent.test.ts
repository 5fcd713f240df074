/** Who may have contacts on this machine, and what is left of them on the disk after a no, in whichever way it is said. */
import assert from 'node:assert/strict';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ContactService } from '../../src/api/contactService.ts';
import { startGateway, type Gateway } from '../harness/gateway/startGateway.ts';
import { poll } from '../harness/processes.ts';
import { processesWith } from '../harness/runningProcesses.ts';
import { openDesk, signInWithKey, type Desk } from './support.ts';
import type { Workbench } from './workbench.ts';

const contactCount = 599;

/** A gateway with somebody who has `canary` in each field that can be set. */
async function gatewayWith(canary: string): Promise<Gateway> {
  const gateway = await startGateway({ latency: 0 }, '127.0.0.1', contactCount);
  const service = new ContactService({ origin: gateway.url, credential: { value: gateway.key } });
  const fields = ['display_name', 'first_name', 'last_name', 'gender', 'language', 'remark'] as const;
  await service.create({
    ...Object.fromEntries(fields.map((field) => [field, `${canary} ${field}`])),
    email: `${canary}@x.example`,
    labels: [`${canary} label`],
  });
  service.dispose();
  return gateway;
}

describe('consent to keep contacts on this machine', () => {
  const [ours, theirs] = ['canary-k3v8', 'canary-p5t2'];
  let gateways: Gateway[] = [];
  let desk: Desk;
  let workbench: Workbench;
  before(async () => {
    gateways = await Promise.all([gatewayWith(ours), gatewayWith(theirs)]);
    desk = await openDesk({ settings: { 'contactLookup.keepContacts': 'ask' } });
    ({ workbench } = desk);
    await workbench.showContacts();
  });
  after(async () => {
    await desk.leave();
    for (const gateway of gateways) await gateway.stop();
  });

  const signIn = async (place: number): Promise<void> => {
    const { url, key } = gateways[place] ?? assert.fail();
    await signInWithKey(workbench, url, key);
    await workbench.row('Contacts', `${[ours, theirs][place]} display_name`).waitFor();
  };
  const filesWith = (text: string): string[] =>
    globSync(join(desk.home, '**/*')).filter((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat?.isFile() === true && readFileSync(file, 'latin1').includes(text);
    });
  const isKept = (canary: string): boolean => filesWith(canary).some((file) => file.includes('kept'));
  const question = () => workbench.notification.filter({ hasText: 'Keep the 600 contacts' });
  const keep = async (canary: string): Promise<void> => {
    await question().getByRole('button', { name: 'Keep Them Here' }).click();
    await poll('they are here', 60_000, () => isKept(canary));
    await poll('all of them', 60_000, async () => {
      const head = workbench.view('Contacts').locator('.pane-header');
      return /600/.test(await head.innerText()) && !/searchable/.test(await head.innerText());
    });
  };
  const isNowhere = (canary: string): Promise<unknown> =>
    poll('not a byte of them', 60_000, () => filesWith(canary).length === 0);
  /** Whether who has the canary is among those whom a search finds that has nothing of it, as it is remembered. */
  const finds = async (canary: string): Promise<boolean> => {
    await workbench.searchFor('display_name');
    await workbench.pick(' display_name').first().waitFor();
    const isFound = (await workbench.pick(`${canary} display_name`).count()) > 0;
    await workbench.page.keyboard.press('Escape');
    return isFound;
  };

  it('is asked for, and a no leaves not a byte', async () => {
    await signIn(0);
    await question().getByRole('button', { name: 'No', exact: true }).click();
    await workbench.reload();
    await workbench.showContacts();
    await workbench.row('Contacts', `${ours} display_name`).waitFor();
    assert.equal(await finds(ours), true);
    assert.equal(await question().count(), 0);
    await isNowhere(ours);
  });

  it('can be given later, and taken back, which removes every byte', async () => {
    await workbench.runCommand('Contacts: Contacts on This Machine…');
    await keep(ours);
    await workbench.runCommand('Contacts: Contacts on This Machine…');
    await workbench.dialog.getByRole('button', { name: 'Remove Them' }).click();
    await isNowhere(ours);
    await workbench.runCommand('Contacts: Contacts on This Machine…');
    await keep(ours);
  });

  it('is taken back for all windows', async () => {
    const mirrors = (): number[] => processesWith('--mirror', desk.home);
    const other = await workbench.another();
    await other.showContacts();
    await poll('a mirror in each window', 60_000, () => mirrors().length === 2);
    await workbench.runCommand('Contacts: Contacts on This Machine…');
    await workbench.dialog.getByRole('button', { name: 'Remove Them' }).click();
    await poll('no mirror in any window', 60_000, () => mirrors().length === 0);
    await isNowhere(ours);
    // The other one asks the server again.
    await other.searchFor(`${ours} display_name`);
    await other.pick(`${ours} display_name`).first().waitFor();
    await other.page.keyboard.press('Escape');
    assert.deepEqual([mirrors(), isKept(ours)], [[], false]);
    await other.page.close();
    await workbench.runCommand('Contacts: Contacts on This Machine…');
    await keep(ours);
  });

  it('is asked for of each account, none of which finds what is another’s', async () => {
    await signIn(1);
    await keep(theirs);
    assert.equal(await finds(theirs), true);
    assert.equal(await finds(ours), false);
    for (const gateway of gateways) await gateway.behave({ isUnreachable: true });
    assert.equal(await finds(theirs), true);
    assert.equal(await finds(ours), false);
    for (const gateway of gateways) await gateway.behave({ isUnreachable: false });
    assert.deepEqual([isKept(ours), isKept(theirs)], [true, true]);
  });

  it('ends with its account, and no other’s does', async () => {
    await workbench.runCommandAndPick('Contacts: Sign Out', new URL(gateways[1]?.url ?? '').host);
    await isNowhere(theirs);
    assert.equal(isKept(ours), true);
  });

  it('is of no use where the settings say never', async () => {
    await desk.configure({ 'contactLookup.keepContacts': 'never' });
    await workbench.reload();
    await workbench.showContacts();
    await isNowhere(ours);
  });
});

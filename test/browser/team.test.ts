import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { freePort } from '../harness/processes.ts';
import { temporaryDirectory } from '../node/support/app.ts';
import { admin } from '../node/support/engine.ts';
import { selfSigned } from '../node/support/selfSigned.ts';
import { startTeamServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { teamDatabase, type TeamDatabase } from '../node/support/teamDatabase.ts';
import { violations } from './axe.ts';
import { openDesk, type Desk } from './support.ts';

const people = [
  { email: 'an@team.example', name: 'Nguyễn An', password: 'a password for An' },
  { email: 'bo@team.example', name: 'Bo Ødegård', password: 'a password for Bo' },
] as const;

describe('two people of a team, each in a VS Code of their own', () => {
  let database: TeamDatabase;
  let server: ServerProcess;
  let proxy: Server;
  let folder: string;
  let desks: Desk[] = [];
  before(async () => {
    database = await teamDatabase();
    await admin(database.url, ['create-organization', 'Northwind']);
    for (const { email, name, password } of people) {
      await admin(database.url, ['add-user', email, '--name', name, '--organization', 'Northwind'], password);
    }
    const [inside, outside] = [await freePort(), await freePort()];
    const address = `https://127.0.0.1:${outside}`;
    server = await startTeamServer(
      database.url,
      '--listen',
      `127.0.0.1:${inside}`,
      '--public-url',
      address,
      '--trusted-proxy',
      '127.0.0.1',
      '--seed',
      '30',
    );
    proxy = createServer({ key: selfSigned.key, cert: selfSigned.cert }, (incoming, outgoing) => {
      const { method = 'GET', url = '/', headers } = incoming;
      const onward = request({ host: '127.0.0.1', port: inside, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => proxy.listen(outside, '127.0.0.1', resolve));
    folder = temporaryDirectory();
    const certificates = join(folder, 'own.pem');
    writeFileSync(certificates, selfSigned.cert);
    desks = await Promise.all(people.map(() => openDesk({ certificates })));
    for (const [index, { workbench }] of desks.entries()) {
      const { email, password } = people[index] ?? people[0];
      await workbench.showContacts();
      await workbench.runCommandAndPick('Contacts: Sign In…', 'Other Server');
      await workbench.answerPrompt('Address of the contact server', address);
      await workbench.pick('E-mail and Password').click();
      await workbench.answerPrompt('Your e-mail', email);
      await workbench.answerPrompt('Password of', password);
      await workbench.rows('Contacts').first().waitFor();
    }
  });
  after(async () => {
    for (const desk of desks) await desk.leave();
    proxy.close();
    proxy.closeAllConnections();
    await server.kill();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('see each other’s comment and edit, and are asked which of two edits is to stay', async () => {
    const [an, bo] = desks.map(({ workbench }) => workbench);
    if (an === undefined || bo === undefined) throw new Error('There are not two.');
    const name = ((await an.rows('Contacts').first().locator('.label-name').textContent()) ?? '').trim();
    const comments = async (page: Frame): Promise<Locator> => {
      await page.getByRole('tab', { name: 'Comments' }).click();
      return page.locator('.rows .row');
    };
    const edit = async (page: Frame, label: string, text: string): Promise<void> => {
      await page.getByRole('tab', { name: 'Details' }).click();
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      await page.getByRole('textbox', { name: label, exact: true }).fill(text);
    };
    const save = (page: Frame): Promise<void> => page.getByRole('button', { name: 'Save', exact: true }).click();

    const ofAn = await an.openContact(name);
    await comments(ofAn);
    const box = ofAn.getByLabel('Write a comment for your team');
    await box.fill('called back, nobody there, ');
    await box.press('End');
    await box.pressSequentially('@ode');
    await ofAn.getByRole('option', { name: 'Bo Ødegård' }).waitFor();
    await box.press('Enter');
    assert.equal(await box.inputValue(), 'called back, nobody there, @Bo Ødegård ');
    assert.equal(await ofAn.getByRole('option').count(), 0);
    assert.deepEqual(await violations(ofAn), []);
    await ofAn.getByRole('button', { name: 'Add Comment', exact: true }).click();
    const ofBo = await bo.openContact(name);
    const row = (await comments(ofBo)).filter({ hasText: 'called back, nobody there' });
    await row.getByText('@Bo Ødegård').waitFor();
    await row.getByText('Nguyễn An').waitFor();
    assert.equal(await row.getByRole('button', { name: 'Edit Comment' }).count(), 0, 'it is not his');
    const bin = (): Promise<string | undefined> =>
      row
        .locator('.on-hover')
        .evaluate((element) => element.ownerDocument.defaultView?.getComputedStyle(element).opacity);
    await ofBo.locator('header h1').hover();
    assert.equal(await bin(), '0', 'not in the way');
    await row.hover();
    assert.equal(await bin(), '1');

    await edit(ofAn, 'Remark', 'what An says');
    await edit(ofBo, 'Remark', 'what Bo says');
    await save(ofBo);
    await ofBo.getByText('Saved.').waitFor();
    await save(ofAn);
    const question = ofAn.getByRole('group', { name: 'Remark' });
    await question.getByText('what Bo says').waitFor();
    await question.getByText('Bo Ødegård has changed this meanwhile').waitFor();
    await question.getByRole('radio', { name: 'Theirs' }).check();
    await save(ofAn);
    await ofAn.locator('.details').getByText('what Bo says').waitFor();
  });
});

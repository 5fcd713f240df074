import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { randomUUID } from 'node:crypto';
import { poll } from '../harness/processes.ts';
import { temporaryDirectory } from '../node/support/app.ts';
import { startServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { sitDown, type Desk } from './support.ts';

/** The processes whose command line holds every one of `texts`. */
const processesWith = (...texts: string[]): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return texts.every((text) => commandLine.includes(text));
      } catch {
        return false;
      }
    });

const parentOf = (pid: number): number =>
  Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe('when things go wrong', () => {
  let desk: Desk;
  before(async function () {
    this.timeout(180_000);
    desk = await sitDown({ opensContacts: true });
    await desk.workbench.rows('Contacts').first().waitFor();
  });
  after(() => desk.leave());

  it('a killed extension host leaves no server behind, and the data whole', async () => {
    const data = desk.server.localWorkspace;
    const [server] = processesWith(data);
    assert.ok(server !== undefined);
    const extensionHost = parentOf(server);
    assert.ok(readFileSync(`/proc/${extensionHost}/cmdline`, 'utf8').includes('extensionHost'));
    process.kill(extensionHost, 'SIGKILL');
    await poll('the end of that server', 5_000, () => !processesWith(data).includes(server));
    const sqlite = new DatabaseSync(join(data, 'contacts.db'));
    assert.equal(sqlite.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
    assert.equal(sqlite.prepare('SELECT count(*) AS n FROM contact').get()?.['n'], 250);
    sqlite.close();
  });
});

describe('a secret', () => {
  let desk: Desk;
  let server: ServerProcess;
  const token = `acc_CANARY${randomUUID()}`;
  before(async function () {
    this.timeout(180_000);
    server = await startServer(temporaryDirectory(), '--seed', '30', '--token', token);
    desk = await sitDown();
  });
  after(async () => {
    await desk.leave();
    await server.kill();
  });

  it('is tried, kept, survives a reload, and is in no file and no log', async () => {
    const { workbench } = desk;
    await workbench.runCommand('Contacts: Sign In with a Token…');
    await workbench.pick('Other Server…').click();
    await workbench.fillQuickInput('http://contacts.example.com');
    await workbench.quickInput.getByText('An address such as').waitFor();
    await workbench.answerQuickInput(server.url);
    await workbench.quickInput.getByText('An API key').waitFor();
    await workbench.answerQuickInput('acc_wrong');
    await workbench.quickInput.getByText('Your sign-in is no longer valid.').waitFor();
    await workbench.answerQuickInput(token);
    await workbench.quickInput.waitFor({ state: 'hidden' });
    await workbench.showContacts();
    await workbench.rows('Contacts').first().waitFor();
    await workbench.reload();
    await workbench.showContacts();
    await workbench.rows('Contacts').first().waitFor();

    const files = filesUnder(desk.server.userData);
    const logs = files.filter((path) => path.endsWith('Contact Lookup.log'));
    assert.ok(logs.some((path) => readFileSync(path, 'utf8').includes('GET /contacts 200')));
    for (const path of files) assert.ok(!readFileSync(path).includes('CANARY'), path);
    for (const path of logs) assert.doesNotMatch(readFileSync(path, 'utf8'), /@|con_|acc_/);
  });

  it('is forgotten on sign-out, and the views say so', async () => {
    const { workbench } = desk;
    await workbench.runCommand('Contacts: Sign Out');
    await workbench.view('Contacts').getByRole('button', { name: 'Use Local Workspace' }).waitFor();
    assert.equal(await workbench.rows('Contacts').count(), 0);
    await workbench.reload();
    await workbench.showContacts();
    await workbench.view('Contacts').getByRole('button', { name: 'Use Local Workspace' }).waitFor();
  });
});

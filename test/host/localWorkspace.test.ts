import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ContactService } from '../../src/api/contactService.ts';
import { localAccount } from '../../src/session/account.ts';
import { AccountStore } from '../../src/session/accountStore.ts';
import { LocalWorkspace } from '../../src/session/localWorkspace.ts';
import { Services } from '../../src/session/services.ts';
import { Session } from '../../src/session/session.ts';
import { activeExtension, eventually, SecretsInMemory, testLog } from './support.ts';

/** The processes of this machine whose command line holds `text`, where the system shows them. */
function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('the local workspace', () => {
  let extensionUri: vscode.Uri;
  let storage: string;
  const log = testLog();
  const windows: LocalWorkspace[] = [];
  const openWindow = (): LocalWorkspace => {
    const workspace = new LocalWorkspace(extensionUri, vscode.Uri.file(storage), log);
    windows.push(workspace);
    return workspace;
  };
  const serviceOf = async (workspace: LocalWorkspace): Promise<ContactService> => {
    const { url, token } = await workspace.start();
    return new ContactService({ origin: url, credential: { value: token } });
  };

  before(async () => {
    ({ extensionUri } = await activeExtension());
  });
  beforeEach(() => {
    storage = mkdtempSync(join(tmpdir(), 'contact-lookup-host-'));
  });
  afterEach(() => {
    for (const workspace of windows.splice(0)) workspace.dispose();
    rmSync(storage, { recursive: true, force: true });
  });

  it('runs on VS Code’s own Node, with sample contacts', async () => {
    const service = await serviceOf(openWindow());
    const page = await service.list({ limit: 100 });
    assert.equal(page.items.length, 100);
    assert.equal(page.totalMatching, 250);
    service.dispose();
  });

  it('shows nobody its secret: not in arguments, not in the environment', async () => {
    const { token } = await openWindow().start();
    assert.ok(token.length >= 43, '256 bits');
    const pids = processesWith(storage);
    assert.equal(pids.length, 1);
    for (const pid of pids) {
      assert.ok(!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(token));
      assert.ok(!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(token));
    }
  });

  it('is one store for two windows, and no write is lost', async () => {
    const [first, second] = await Promise.all([serviceOf(openWindow()), serviceOf(openWindow())]);
    assert.notEqual(first.origin, second.origin);
    const { id } = await first.create({ display_name: 'Shared' });
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? first : second).addComment(id, `comment ${n}`)),
    );
    const seen = (await second.getComments(id, { limit: 100 })).items.map((comment) => comment.text);
    assert.equal(new Set(seen).size, 40);
    first.dispose();
    second.dispose();
  });

  it('leaves no process behind', async () => {
    const workspace = openWindow();
    await workspace.start();
    assert.equal(processesWith(storage).length, 1);
    workspace.dispose();
    await eventually('the end of the server', () => (processesWith(storage).length === 0 ? true : undefined), 5_000);
  });

  it('is started again when it ends by itself, and the session goes on', async () => {
    const workspace = openWindow();
    // VS Code gives an extension only its own storage, so this one stands in for it.
    const secrets = new SecretsInMemory();
    const store = new AccountStore(secrets);
    const session = new Session(store, new Services(log), workspace, log);
    await session.use(localAccount);
    assert.equal(session.state.kind, 'ready');
    const before = session.service?.origin;
    const [pid] = processesWith(storage);
    process.kill(pid ?? 0, 'SIGKILL');
    await eventually('another server', () => {
      const { service } = session;
      return service !== undefined && service.origin !== before ? true : undefined;
    });
    assert.equal((await session.service?.list({ limit: 1 }))?.totalMatching, 250);
    const kept = '{"activeId":"local","accounts":[{"kind":"local","id":"local"}]}';
    assert.deepEqual([...secrets.values.values()], [kept], 'the secret of the server is not kept');
    await session.signOut('local');
    assert.equal(session.state.kind, 'signedOut');
    assert.equal(secrets.values.size, 0);
    await eventually('the end of the server', () => (processesWith(storage).length === 0 ? true : undefined), 5_000);
    session.dispose();
  });

  it('is one process, however often it is started at once, and none when it is stopped meanwhile', async () => {
    const workspace = openWindow();
    const starts = await Promise.allSettled([workspace.start(), workspace.start(), workspace.start()]);
    assert.equal(starts.filter(({ status }) => status === 'fulfilled').length, 1);
    await eventually('one server', () => (processesWith(storage).length === 1 ? true : undefined), 5_000);
    const late = workspace.start();
    workspace.stop();
    await assert.rejects(late);
    await eventually('no server', () => (processesWith(storage).length === 0 ? true : undefined), 5_000);
  });

  it('keeps the sign-in when the secret storage fails at first', async () => {
    const secrets = new SecretsInMemory();
    secrets.values.set('contactLookup.accounts', '{"activeId":"local","accounts":[{"kind":"local","id":"local"}]}');
    secrets.readFault = new Error('no keyring');
    const session = new Session(new AccountStore(secrets), new Services(log), openWindow(), log);
    await session.follow();
    assert.equal(session.state.kind, 'failed');
    secrets.readFault = undefined;
    await session.retry();
    assert.equal(session.state.kind, 'ready');
    session.dispose();
  });

  it('says why it does not start', async () => {
    const directory = join(storage, 'local-workspace');
    const service = await serviceOf(openWindow());
    service.dispose();
    windows.splice(0).forEach((workspace) => workspace.dispose());
    await eventually('the end of the server', () => (processesWith(storage).length === 0 ? true : undefined), 5_000);
    for (const name of readdirSync(directory)) {
      if (/^contacts\.db(?:-\w+)?$/.test(name)) rmSync(join(directory, name));
    }
    await assert.rejects(openWindow().start(), /is empty or gone/);
  });
});

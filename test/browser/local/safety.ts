import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { backUpDaily } from '../../../src/server/store/sqlite/recovery.ts';
import { SqliteStore } from '../../../src/server/store/sqlite/sqliteStore.ts';
import { poll } from '../../harness/processes.ts';
import { parentOf, processesWith } from '../../harness/runningProcesses.ts';
import { addContacts } from '../../node/support/app.ts';
import type { Desk } from '../support.ts';

const contactsIn = (sqlite: DatabaseSync): unknown => sqlite.prepare('SELECT count(*) AS n FROM contact').get()?.['n'];

/** The last of a desk: its extension host is gone afterwards. */
export const safety = (seat: () => Desk): Mocha.Suite =>
  describe('when things go wrong', () => {
    it('contacts that have lost their last changes are opened once somebody has agreed to it', async () => {
      const { workbench, server } = seat();
      const data = server.localWorkspace;
      const [before] = processesWith(data);
      assert.ok(before !== undefined);
      process.kill(before, 'SIGSTOP');
      const store = SqliteStore.open(data);
      const count = await store.contacts.count();
      await addContacts(store, { display_name: 'Lost' });
      // The server's connection is still there, so that the log stays.
      await store.close();
      const log = join(data, 'contacts.db-wal');
      truncateSync(log, statSync(log).size - 1);
      process.kill(before, 'SIGKILL');
      const message = workbench.notification.filter({ hasText: /Its last (?:change is|\d+ changes are) lost/ });
      await message.waitFor();
      // Until then the rows are those of before.
      await workbench.page.getByText('The contacts could not be opened').first().waitFor();
      await message.getByRole('button', { name: 'Go On Without Them' }).click();
      await workbench.rows('Contacts').first().waitFor();
      const sqlite = new DatabaseSync(join(data, 'contacts.db'), { readOnly: true });
      assert.equal(contactsIn(sqlite), count);
      sqlite.close();
    });

    it('damaged contacts are not opened, and their backup is offered and put in their place', async () => {
      const { workbench, server } = seat();
      const data = server.localWorkspace;
      const file = join(data, 'contacts.db');
      const store = SqliteStore.open(data);
      const count = await store.contacts.count();
      // The server may have made its own of today already.
      assert.equal(await backUpDaily(store, new Date(Date.now() + 25 * 60 * 60 * 1000)), true);
      await store.close();
      const sound = new DatabaseSync(file);
      sound.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      sound.close();
      const [before] = processesWith(data);
      assert.ok(before !== undefined);
      process.kill(before, 'SIGSTOP');
      writeFileSync(file, readFileSync(file).fill(0, 8 * 4_096, 60 * 4_096));
      process.kill(before, 'SIGKILL');
      const message = workbench.notification.filter({ hasText: 'The local workspace was not opened' });
      await message.waitFor();
      assert.match(await message.innerText(), new RegExp(`with ${count} contacts`));
      await workbench.page.getByText('The contacts could not be opened').first().waitFor();
      await message.getByRole('button', { name: 'Restore Backup' }).click();
      await workbench.rows('Contacts').first().waitFor();
      const sqlite = new DatabaseSync(file, { readOnly: true });
      assert.equal(contactsIn(sqlite), count);
      sqlite.close();
      assert.ok(readdirSync(data).some((name) => name.startsWith('damaged-')));
    });

    it('a killed extension host leaves no server behind, and the data whole', async () => {
      const data = seat().server.localWorkspace;
      const sqlite = new DatabaseSync(join(data, 'contacts.db'), { readOnly: true });
      const count = contactsIn(sqlite);
      const [server] = processesWith(data);
      assert.ok(server !== undefined);
      const extensionHost = parentOf(server);
      assert.ok(readFileSync(`/proc/${extensionHost}/cmdline`, 'utf8').includes('extensionHost'));
      process.kill(extensionHost, 'SIGKILL');
      await poll('the end of that server', 60_000, () => !processesWith(data).includes(server));
      assert.equal(sqlite.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
      assert.equal(contactsIn(sqlite), count);
      assert.ok(Number(count) >= 250);
      sqlite.close();
    });
  });

import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { ContactService } from '../../src/api/contactService.ts';
import { poll } from '../harness/processes.ts';
import { sitAtServer, type ServedDesk } from './support.ts';
import type { Workbench } from './workbench.ts';

describe('notifications, in VS Code', function () {
  // What can be undone is sent after 6 seconds only.

  let desk: ServedDesk;
  let workbench: Workbench;
  let service: ContactService;
  before(async function () {
    desk = await sitAtServer({ seed: 60, day: new Date() });
    ({ workbench } = desk);
    service = desk.service();
    await rows().first().waitFor();
  });
  after(async () => {
    service.dispose();
    await desk.leave();
  });

  const rows = (window = workbench): Locator => window.rows('Notifications');
  const onServer = async (): Promise<{ count: number; ids: string[]; unread: string[] }> => {
    const { items, unreadCount } = await service.listNotifications({ limit: 500 });
    const unread = items.filter(({ is_read: isRead }) => !isRead).map(({ id }) => id);
    return { count: unreadCount ?? NaN, ids: items.map(({ id }) => id), unread };
  };
  /** The unread count in the status bar, on the badge, and by the rows that are marked. */
  const counts = async (window = workbench): Promise<string[]> => {
    const status = await window.statusCount();
    const badge = window.page
      .locator('.activitybar .action-item')
      .filter({ hasText: /^\d+$/ })
      .locator('.badge-content');
    const [shown = '0'] = await badge.allInnerTexts();
    const groups = await window
      .view('Notifications')
      .locator('.monaco-list-row[aria-level="1"] .label-description')
      .allInnerTexts();
    const inGroups = groups.map((text) => Number(/^(\d+) unread/.exec(text)?.[1] ?? 0));
    return [status, shown, String(inGroups.reduce((sum, each) => sum + each, 0))];
  };
  const allShow = (count: number, what: string, window = workbench): Promise<boolean> =>
    poll(`${what}: ${count} in all three places`, 120_000, async () =>
      (await counts(window)).every((shown) => shown === String(count)),
    );
  /** The three counts are the server's, once it has been told. */
  const agree = async (expected: number, what: string): Promise<void> => {
    await poll(`${what}: ${expected} on the server`, 120_000, async () => (await onServer()).count === expected);
    await allShow(expected, what);
  };
  /**
   * Makes a change that takes `less` from the count, and takes it back: anew where a busy machine came to that after the
   * six seconds, once what is read is unread again.
   */
  const takesBack = (what: string, less: number, change: () => Promise<void>, undo: () => Promise<void>) =>
    poll(`${what}, and taken back in time`, 240_000, async () => {
      const before = await onServer();
      await change();
      await allShow(before.count - less, what);
      await undo();
      let isLate = false;
      await poll('undone, or too late', 120_000, async () => {
        isLate = (await onServer()).count !== before.count;
        return isLate || (await counts()).every((shown) => shown === String(before.count));
      });
      if (!isLate) return true;
      const { items } = await service.listNotifications({ limit: 500 });
      const read = items.filter(({ id, is_read: isRead }) => isRead && before.unread.includes(id));
      if (read.length > 0) await service.markNotificationsUnread(read.map(({ id }) => id));
      await workbench.runCommand('Contacts: Refresh');
      await allShow((await onServer()).count, 'as at the server');
      return false;
    });
  const undoCommand = (): Promise<void> => workbench.runCommand('Contacts: Undo Read or Dismiss');
  const groupByKind = (): Promise<void> => workbench.runCommand('Contacts: Group Notifications by Kind');

  it('shows them by day and by kind, unread first, and only the unread ones where that is wanted', async () => {
    const { count } = await onServer();
    // One page has them all, and by kind all groups are on the screen.
    await workbench.page.setViewportSize({ width: 1280, height: 2_400 });
    await allShow(count, 'at first');
    await rows().filter({ hasText: 'Today' }).first().waitFor();
    await groupByKind();
    await rows().filter({ hasText: 'Conversation assigned to you' }).first().waitFor();
    await allShow(count, 'by kind');
    assert.equal(await rows().filter({ hasText: 'A card was assigned to you' }).count(), 1, 'the group says it');
    const all = await rows().count();
    await workbench.runCommand('Contacts: Show Unread Only');
    await poll('the unread ones', 60_000, async () => (await rows().count()) < all);
    assert.equal(await workbench.unreadRows().count(), count);
    await workbench.runCommand('Contacts: Show Read Too');
    await poll('all again', 60_000, async () => (await rows().count()) === all);
  });

  it('names the channels as people do', async () => {
    const channels = (await rows().allInnerTexts()).join('\n').match(/whatsapp|wechat|facebook/gi) ?? [];
    assert.ok(channels.length > 0);
    assert.deepEqual(
      [...new Set(channels)].filter((name) => name === name.toLowerCase()),
      [],
    );
  });

  it('marks one read, and takes it back when that is undone', async () => {
    const { count } = await onServer();
    const row = workbench.unreadRows().first();
    const [text, place] = [await row.locator('.label-description').innerText(), await row.getAttribute('data-index')];
    const inPlace = workbench.view('Notifications').locator(`.monaco-list-row[data-index="${place}"]`);
    const offer = workbench.page.locator('.statusbar-item').getByText('Undo: 1 marked read');
    await takesBack(
      'marked',
      1,
      () => workbench.pressOnFirstUnread('Mark as Read'),
      async () => {
        assert.equal(await inPlace.locator('.label-description').innerText(), text, 'it stays under the pointer');
        // It is gone where the six seconds are.
        await offer.click({ timeout: 5_000 }).catch(() => undefined);
      },
    );
    await workbench.pressOnFirstUnread('Mark as Read');
    await agree(count - 1, 'marked for good');
  });

  it('marks one unread again, from its menu', async () => {
    const { count } = await onServer();
    const read = workbench
      .view('Notifications')
      .getByRole('treeitem', { name: /, read$/ })
      .first();
    await workbench.contextMenu(read, 'Mark as Unread');
    await allShow(count + 1, 'unread again');
    await agree(count + 1, 'for good');
  });

  it('draws anew only what changes, so that no press is lost elsewhere', async () => {
    const { count } = await onServer();
    const untouched = workbench.unreadRows().last();
    const inGroup = await untouched.getAttribute('aria-posinset');
    const button = await untouched.locator('.actions .action-label').first().elementHandle();
    await workbench.pressOnFirstUnread('Mark as Read');
    await agree(count - 1, 'marked');
    assert.equal(await button?.evaluate((element) => element.isConnected), true);
    assert.equal(await untouched.getAttribute('aria-posinset'), inGroup, 'the same row');
  });

  it('dismisses one, and one of several that are selected', async () => {
    await takesBack('dismissed', 1, () => workbench.pressOnFirstUnread('Dismiss'), undoCommand);
    const before = await onServer();
    await workbench.leaveHover();
    await workbench
      .unreadRows()
      .nth(0)
      .click({ modifiers: ['Control'] });
    await workbench
      .unreadRows()
      .nth(1)
      .click({ modifiers: ['Control'] });
    await workbench.contextMenu(workbench.unreadRows().nth(1), 'Dismiss');
    await agree(before.count - 2, 'two dismissed');
    assert.equal((await onServer()).ids.length, before.ids.length - 2);
  });

  it('opens whose conversation one is about, and marks it read', async () => {
    const { count } = await onServer();
    const { items } = await service.listNotifications({ limit: 100 });
    const about = items.find(({ is_read: isRead, targets }) => !isRead && targets.some((id) => id.startsWith('tcu_')));
    const [contact] = (await service.search({ q: about?.targets[0] ?? '' })).items;
    await workbench.leaveHover();
    await rows()
      .filter({ hasText: about?.content ?? '' })
      .and(workbench.unreadRows())
      .first()
      .click();
    const panel = await workbench.contactPage(contact?.display_name ?? '');
    await panel.locator('.message').first().waitFor();
    await agree(count - 1, 'opened');
    await workbench.runCommand('View: Close All Editors');
    // The row that was clicked: others may say the same.
    await workbench.contextMenu(rows().and(workbench.page.locator('.selected')), 'Open Contact');
    await workbench.contactPage(contact?.display_name ?? '');
  });

  it('follows what another window does', async () => {
    const { count } = await onServer();
    const other = await workbench.another();
    await other.showContacts();
    await allShow(count, 'in the other window', other);
    await other.pressOnFirstUnread('Mark as Read');
    await agree(count - 1, 'in both windows');
    await allShow(count - 1, 'in the other window', other);
    await other.page.close();
  });

  it('puts back what the server refuses', async () => {
    const { count } = await onServer();
    await desk.stopServer();
    await workbench.pressOnFirstUnread('Mark as Read');
    await allShow(count - 1, 'marked');
    await workbench.notification
      .filter({ hasText: /server/ })
      .first()
      .waitFor({ timeout: 60_000 });
    await allShow(count, 'put back');
    await desk.startServerAgain();
    await workbench.notification.getByRole('button', { name: 'Retry' }).first().click();
    await agree(count - 1, 'tried again');
  });

  it('sends what is held back when the window ends', async () => {
    const { count } = await onServer();
    await workbench.pressOnFirstUnread('Mark as Read');
    await allShow(count - 1, 'marked');
    await workbench.reload();
    await workbench.showContacts();
    await agree(count - 1, 'after the reload');
  });

  it('marks all read and dismisses a kind and all, each of which can be undone', async () => {
    const before = await onServer();
    await takesBack(
      'all read',
      before.count,
      () => workbench.runCommand('Contacts: Mark All Notifications as Read'),
      undoCommand,
    );
    await workbench.runCommandAndPick('Contacts: Dismiss All of a Kind…', 'A card was assigned to you');
    await workbench.dialog.getByRole('button', { name: 'Dismiss All' }).click();
    await poll(
      'without that kind',
      20_000,
      async () => (await rows().filter({ hasText: 'A card was assigned' }).count()) === 0,
    );
    await poll('without it on the server', 120_000, async () => {
      const { items } = await service.listNotifications({ limit: 500 });
      return items.length > 0 && items.every(({ type }) => type !== 101);
    });
    await agree((await onServer()).count, 'one kind dismissed');
    await workbench.runCommand('Contacts: Mark All Notifications as Read');
    await agree(0, 'all read for good');
    await workbench.runCommand('Contacts: Dismiss All Notifications…');
    await workbench.dialog.getByRole('button', { name: 'Dismiss All' }).click();
    await workbench.view('Notifications').getByText('Nobody is waiting for you.').waitFor();
    await poll('none on the server', 120_000, async () => (await onServer()).ids.length === 0);
  });
});

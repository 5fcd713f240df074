import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { PNG } from 'pngjs';
import type { ContactService } from '../../../src/api/contactService.ts';
import type { Contact } from '../../../src/api/decode/contact.ts';
import { mediaReference } from '../../../src/server/mediaReference.ts';
import type { Media } from '../../../src/server/store/records.ts';
import type { WorkspaceStore } from '../../../src/server/store/workspaceStore.ts';
import { poll } from '../../harness/processes.ts';
import { giveFile } from '../pageFiles.ts';
import type { ServedDesk } from '../support.ts';
import type { Workbench } from '../workbench.ts';

export const filedPerson = 'con_files';

/** The names of the one with files and of another, whom a panel can be opened for. */
export async function twoPeople(desk: ServedDesk): Promise<{ filed: string; other: string }> {
  const somebody = desk.service();
  const { items } = await somebody.list({ limit: 10 });
  somebody.dispose();
  const nameOf = (found: Contact | undefined): string => found?.display_name ?? assert.fail('nobody to open');
  return {
    filed: nameOf(items.find(({ id }) => id === filedPerson)),
    other: nameOf(items.find(({ id, email }) => id !== filedPerson && email !== undefined)),
  };
}
export const filedName = 'Filed Person';

/** A picture twice as wide as high: red on the left, blue on the right. */
function twoColors(): Uint8Array {
  const picture = new PNG({ width: 200, height: 100 });
  for (let pixel = 0; pixel < 200 * 100; pixel++) {
    const isLeft = pixel % 200 < 100;
    picture.data.set(isLeft ? [255, 0, 0, 255] : [0, 0, 255, 255], pixel * 4);
  }
  return new Uint8Array(PNG.sync.write(picture));
}

/** Files of one contact, with what is in each. */
const contents = {
  'photo.png': twoColors(),
  'notes.txt': new TextEncoder().encode('Tiếng Việt, 中文\n'),
  'data.bin': Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 256),
  '../../etc/cron.d/evil': new TextEncoder().encode('once'),
  '/tmp/evil': new TextEncoder().encode('twice'),
};

export async function addFiledPerson(store: WorkspaceStore): Promise<void> {
  const media: Media[] = [];
  for (const [file_name, content] of Object.entries(contents)) {
    const key = await store.media.keep(content);
    media.push({ key, content_type: 'application/octet-stream', file_name, bytes: content.length });
  }
  await store.transaction(async (tx) => {
    await tx.contacts.insert({
      id: filedPerson,
      display_name: filedName,
      email: 'f@x.example',
      phone_number: '+84 28 5555 0100',
    });
    for (const [index, each] of media.entries()) {
      await tx.media.add(each);
      const at = new Date(Date.UTC(2026, 0, 1, index)).toISOString();
      await tx.history.insertFile({
        id: `msg_${index}`,
        contact_id: filedPerson,
        author: null,
        caption: each.file_name,
        url: mediaReference(each.key),
        extension: each.file_name.split('.').at(-1) ?? '',
        created_at: at,
        updated_at: at,
      });
    }
  });
}

export const picturesAndFiles = (seat: () => ServedDesk): Mocha.Suite =>
  describe('pictures and files', () => {
    let desk: ServedDesk;
    let workbench: Workbench;
    let somebody: ContactService;
    let panel: Frame;
    before(async () => {
      desk = seat();
      ({ workbench } = desk);
      somebody = desk.service();
      await workbench.runCommand('View: Close All Editors');
      panel = await workbench.openContact(filedName);
      await panel.getByRole('tab', { name: 'Files' }).click();
      await panel.locator('.thumbnail').first().waitFor();
    });
    after(async () => {
      somebody.dispose();
      await desk.startServerAgain();
    });

    const fileRow = (text: string) => panel.locator('.row', { hasText: text });
    const crop = () => panel.getByRole('dialog', { name: 'New Picture' });
    const give = (how: 'paste' | 'drop', content: Uint8Array, fileName: string): Promise<void> =>
      giveFile(panel, how, content, fileName);
    const avatarOnServer = async (): Promise<PNG | undefined> => {
      const { avatar_url: url } = await somebody.get(filedPerson, { isFresh: true });
      return url === undefined ? undefined : PNG.sync.read(Buffer.from(await somebody.media(url, 10_000_000)));
    };
    const colorAt = (picture: PNG | undefined, x: number, y: number): number[] => [
      ...(picture?.data.subarray((y * picture.width + x) * 4, (y * picture.width + x) * 4 + 3) ?? []),
    ];

    it('writes the number in one form everywhere, however it is kept', async () => {
      await panel.locator('header').getByText('+842855550100', { exact: true }).waitFor();
      await workbench.row('Contacts', filedName).getByText('+842855550100').waitFor();
    });

    it('refuses in plain words what is no picture, and what is too large', async () => {
      await give('paste', new TextEncoder().encode('<svg onload="alert(1)"/>'), 'face.png');
      await workbench.notification.filter({ hasText: 'A picture must be a PNG, JPEG, WebP or GIF file.' }).waitFor();
      assert.equal(await crop().count(), 0);
      const large = new Uint8Array(6_000_000);
      large.set(twoColors());
      await give('drop', large, 'large.png');
      await panel.getByText('The picture is larger than 5 MB.').waitFor();
      assert.equal(await crop().count(), 0);
      await workbench.runCommand('Notifications: Clear All Notifications');
    });

    it('cuts the square that was chosen, by the keyboard, out of a picture that was pasted', async () => {
      await give('paste', twoColors(), 'two.png');
      await crop().waitFor();
      const area = crop().getByLabel('Part of the picture that is taken');
      assert.ok(await area.evaluate((node) => node === node.ownerDocument.activeElement), 'the focus is in it');
      for (let step = 0; step < 40; step++) await workbench.page.keyboard.press('ArrowRight');
      await crop().getByRole('button', { name: 'Upload' }).press('Enter');
      await panel.getByText('The picture is in place.').waitFor();
      const picture = await avatarOnServer();
      assert.deepEqual([picture?.width, picture?.height], [100, 100]);
      assert.deepEqual(colorAt(picture, 5, 50), [0, 0, 255]);
      assert.deepEqual(colorAt(picture, 95, 50), [0, 0, 255]);
    });

    it('cuts what was dragged and zoomed to with the mouse, out of a picture that was dropped', async () => {
      await give('drop', twoColors(), 'two.png');
      await crop().waitFor();
      const area = crop().getByLabel('Part of the picture that is taken');
      const box = await area.boundingBox();
      assert.ok(box !== null);
      const { mouse } = workbench.page;
      await mouse.move(box.x + 30, box.y + 100);
      await mouse.down();
      await mouse.move(box.x + 240, box.y + 100, { steps: 8 });
      await mouse.up();
      await crop().getByRole('slider', { name: 'Zoom' }).fill('33');
      await crop().getByRole('button', { name: 'Upload' }).click();
      await crop().waitFor({ state: 'detached' });
      const picture = await avatarOnServer();
      assert.ok((picture?.width ?? 0) < 60, 'a part of it');
      assert.deepEqual(colorAt(picture, 2, 2), [255, 0, 0]);
    });

    it('leaves the picture as it is when the cutting is given up', async () => {
      const before = (await somebody.get(filedPerson, { isFresh: true })).avatar_url;
      await give('paste', twoColors(), 'two.png');
      await crop().waitFor();
      await workbench.page.keyboard.press('Escape');
      await crop().waitFor({ state: 'detached' });
      assert.equal((await somebody.get(filedPerson, { isFresh: true })).avatar_url, before);
    });

    it('shows small pictures of pictures, and only of those', async () => {
      await fileRow('photo.png').locator('.thumbnail img').waitFor();
      assert.equal(await panel.locator('.thumbnail img').count(), 1);
    });

    it('opens a picture and a text in VS Code, read-only, and offers to save the rest', async () => {
      const { page } = workbench;
      /** Back to the panel, whose page is a new one that shows the same tab. */
      const closeEditor = async (): Promise<void> => {
        await workbench.runCommand('View: Close Editor');
        panel = await workbench.contactPage(filedName);
      };
      await panel.getByRole('button', { name: 'notes.txt', exact: true }).click();
      await page.locator('.editor-instance .view-line', { hasText: 'Tiếng' }).waitFor();
      await closeEditor();
      await panel.getByRole('button', { name: 'photo.png', exact: true }).click();
      await page.locator('.tabs-container .tab[aria-label^="photo.png"]').waitFor();
      await closeEditor();
      await panel.getByRole('button', { name: 'data.bin', exact: true }).click();
      await workbench.notification.filter({ hasText: 'VS Code cannot show this kind of file.' }).waitFor();
      await workbench.runCommand('Notifications: Clear All Notifications');
    });

    it('saves a file byte for byte where the user says', async () => {
      const target = join(desk.workspace, 'saved.bin');
      await panel.getByRole('button', { name: 'Save As… data.bin' }).click();
      await workbench.answerFileDialog(target);
      await panel.getByText('The file is saved.').waitFor();
      assert.deepEqual(new Uint8Array(readFileSync(target)), contents['data.bin']);
    });

    it('saves several into a folder, none over another and none outside it', async () => {
      const folder = join(desk.workspace, 'from the panel');
      mkdirSync(folder);
      writeFileSync(join(folder, 'Notes.txt'), 'mine');
      await panel.getByRole('checkbox', { name: 'Select all' }).check();
      await panel.getByRole('button', { name: 'Save Selected…' }).click();
      await workbench.answerFileDialog(`${folder}/`);
      await panel.getByText('5 files are saved.').waitFor();
      assert.deepEqual(readdirSync(folder).sort(), [
        'Notes.txt',
        'data.bin',
        'evil',
        'evil (2)',
        'notes (2).txt',
        'photo.png',
      ]);
      assert.equal(readFileSync(join(folder, 'Notes.txt'), 'utf8'), 'mine');
      assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'notes (2).txt'))), contents['notes.txt']);
      assert.deepEqual(
        [readFileSync(join(folder, 'evil'), 'utf8'), readFileSync(join(folder, 'evil (2)'), 'utf8')].sort(),
        ['once', 'twice'],
      );
    });

    it('shows what was seen last, and how old it is, when the server is gone', async () => {
      await workbench.runCommand('View: Close All Editors');
      await desk.stopServer();
      panel = await workbench.openContact(filedName);
      await panel.getByRole('alert').filter({ hasText: 'The server cannot be reached' }).locator('time').waitFor();
      await panel.getByRole('tab', { name: 'Files' }).click();
      await fileRow('data.bin').waitFor();
      const stale = panel.locator('.as-of');
      assert.match(await stale.innerText(), /^As of/);
      await poll('a moment in the past', 60_000, async () => {
        const at = Date.parse((await stale.locator('time').getAttribute('datetime')) ?? '');
        return at <= Date.now() && at > Date.now() - 600_000;
      });
    });
  });

/** All that a window on the local workspace with its sample contacts is enough for. */
import { accessibility } from './local/accessibility.ts';
import { files } from './local/files.ts';
import { newcomer } from './local/newcomer.ts';
import { safety } from './local/safety.ts';
import { openDesk, type Desk } from './support.ts';

describe('the local workspace', () => {
  let desk: Desk;
  const seat = (): Desk => desk;
  before(async () => {
    desk = await openDesk({ opensContacts: true });
    await desk.workbench.rows('Contacts').first().waitFor();
  });
  after(() => desk.leave());

  newcomer(seat);
  accessibility(seat);
  files(seat);
  safety(seat);
});

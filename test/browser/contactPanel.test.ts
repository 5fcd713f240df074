/** All that a window on a contact server elsewhere is enough for, with one contact whose files are known. */
import { editing } from './panel/editing.ts';
import { keyboard } from './panel/keyboard.ts';
import { addFiledPerson, picturesAndFiles } from './panel/picturesAndFiles.ts';
import { signedOut } from './panel/signedOut.ts';
import { wideWindow } from './panel/wide.ts';
import { sitAtServer, type ServedDesk } from './support.ts';

describe('the contact panel', () => {
  let desk: ServedDesk;
  const seat = (): ServedDesk => desk;
  before(async () => {
    desk = await sitAtServer({ seed: 40, fill: addFiledPerson });
  });
  after(() => desk.leave());

  keyboard(seat);
  editing(seat);
  picturesAndFiles(seat);
  wideWindow(seat);
  signedOut(seat);
});

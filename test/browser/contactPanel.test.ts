/** All that a window on a contact server elsewhere is enough for, with contacts of whom something is known. */
import type { WorkspaceStore } from '../../src/server/store/workspaceStore.ts';
import { addTalkativePerson, conversationReader } from './panel/conversation.ts';
import { editing } from './panel/editing.ts';
import { keyboard } from './panel/keyboard.ts';
import { addFiledPerson, picturesAndFiles } from './panel/picturesAndFiles.ts';
import { screenReader } from './panel/screenReader.ts';
import { signedOut } from './panel/signedOut.ts';
import { wideWindow } from './panel/wide.ts';
import { sitAtServer, type ServedDesk } from './support.ts';

const fill = async (store: WorkspaceStore): Promise<void> => {
  await addFiledPerson(store);
  await addTalkativePerson(store);
};

describe('the contact panel', () => {
  let desk: ServedDesk;
  const seat = (): ServedDesk => desk;
  before(async () => {
    desk = await sitAtServer({ seed: 40, fill });
  });
  after(() => desk.leave());

  keyboard(seat);
  editing(seat);
  picturesAndFiles(seat);
  conversationReader(seat);
  screenReader(seat);
  wideWindow(seat);
  signedOut(seat);
});

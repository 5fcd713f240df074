/** The same work, done with the mouse and without one. */
import type { Frame } from 'playwright-core';
import { poll } from '../harness/processes.ts';
import { KeyboardUser } from './keyboardUser.ts';
import type { Workbench } from './workbench.ts';

/** What a day is made of. */
export interface Worker {
  /** A command, by its title without the category. */
  run(title: string): Promise<void>;
  /** A row of a quick pick. */
  pick(text: string): Promise<void>;
  /** A row of a quick pick of several. */
  check(text: string): Promise<void>;
  /** Takes what a quick pick of several has chosen. */
  accept(): Promise<void>;
  /** A button of a question that stands in front of everything. */
  answer(button: string): Promise<void>;
  open(contact: string): Promise<Frame>;
  /** Rows of the list of contacts, from one to another. */
  select(first: string, last: string): Promise<void>;
  /** Something of the menu of the rows that are selected, of which `row` is one. */
  choose(row: string, entry: string): Promise<void>;
  fill(panel: Frame, label: string, text: string): Promise<void>;
  press(panel: Frame, button: string): Promise<void>;
  goTo(panel: Frame, tab: string): Promise<void>;
  /** Gives a file of the workspace to be imported. */
  bring(path: string): Promise<void>;
}

export class MouseWorker implements Worker {
  private readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
  }

  run(title: string): Promise<void> {
    return this.workbench.titleMenu('Contacts', title);
  }

  pick(text: string): Promise<void> {
    return this.workbench.pick(text).first().click();
  }

  check(text: string): Promise<void> {
    return this.pick(text);
  }

  accept(): Promise<void> {
    return this.workbench.quickInput.getByRole('button', { name: 'OK' }).click();
  }

  answer(button: string): Promise<void> {
    return this.workbench.dialog.getByRole('button', { name: button, exact: true }).click();
  }

  /** Found and clicked: the list may have to be scrolled to them. */
  async open(contact: string): Promise<Frame> {
    await this.workbench.searchFor(contact);
    return this.workbench.openFound(contact);
  }

  async select(first: string, last: string): Promise<void> {
    await this.workbench.view('Contacts').locator('.monaco-list').first().focus();
    await this.workbench.page.keyboard.press('Home');
    await this.workbench.openContact(first);
    await this.workbench.row('Contacts', last).click({ modifiers: ['Shift'] });
  }

  choose(row: string, entry: string): Promise<void> {
    return this.workbench.contextMenu(this.workbench.row('Contacts', row), entry);
  }

  fill(panel: Frame, label: string, text: string): Promise<void> {
    return panel.getByRole('textbox', { name: label, exact: true }).fill(text);
  }

  press(panel: Frame, button: string): Promise<void> {
    return panel.getByRole('button', { name: button, exact: true }).first().click();
  }

  goTo(panel: Frame, tab: string): Promise<void> {
    return panel.getByRole('tab', { name: tab }).click();
  }

  /** Drags the tab of the file, opened, on the list of contacts. */
  async bring(path: string): Promise<void> {
    const { workbench } = this;
    const name = path.slice(path.lastIndexOf('/') + 1);
    await workbench.openFile(name);
    const tab = workbench.page.locator('.tabs-container .tab').filter({ hasText: name });
    await tab.dragTo(workbench.view('Contacts').locator('.pane-body'), { targetPosition: { x: 120, y: 60 } });
  }
}

export class KeyboardWorker implements Worker {
  private readonly workbench: Workbench;
  private readonly user: KeyboardUser;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
    this.user = new KeyboardUser(workbench);
  }

  run(title: string): Promise<void> {
    return this.user.run(`Contacts: ${title}`);
  }

  async pick(text: string): Promise<void> {
    await this.goToPick(text);
    await this.user.press('Enter');
  }

  async check(text: string): Promise<void> {
    await this.goToPick(text);
    await this.user.press('Space');
  }

  /** With the arrow keys: what is typed may be searched for. */
  private async goToPick(text: string): Promise<void> {
    const { quickInput } = this.workbench;
    await this.workbench.pick(text).first().waitFor();
    const focused = quickInput.locator('.monaco-list-row.focused').filter({ hasText: text });
    await poll(`${text} in the list`, 60_000, async () => {
      if ((await focused.count()) > 0) return true;
      await this.user.press('ArrowDown');
      return false;
    });
  }

  /** Once there is something to take: a key that comes while one list follows another is nobody's. */
  async accept(): Promise<void> {
    const { quickInput } = this.workbench;
    await quickInput.getByRole('button', { name: 'OK' }).waitFor();
    await quickInput.locator('.monaco-list-row').first().waitFor();
    await quickInput.locator(':focus').waitFor();
    await this.user.press('Enter');
  }

  async answer(button: string): Promise<void> {
    const { dialog } = this.workbench;
    await dialog.waitFor();
    const focused = dialog.locator('.monaco-button:focus').filter({ hasText: button });
    await poll(`${button} in focus`, 60_000, async () => {
      if ((await focused.count()) > 0) return true;
      await this.user.press('Tab');
      return false;
    });
    await this.user.press('Enter');
  }

  async open(contact: string): Promise<Frame> {
    await this.goToRow(contact);
    await this.user.press('Enter');
    const panel = await this.workbench.contactPage(contact);
    await this.user.run('View: Focus Active Editor Group');
    return panel;
  }

  async select(first: string, last: string): Promise<void> {
    await this.goToRow(first);
    const { workbench, user } = this;
    // Looks at the first, which makes it the only one that is selected.
    await user.press('Space');
    await workbench.contactPage(first);
    const rows = workbench.rows('Contacts');
    await poll(`${last} to be reached`, 60_000, async () => {
      await user.press('Shift+ArrowDown');
      return (await rows.and(workbench.page.locator('.focused')).filter({ hasText: last }).count()) > 0;
    });
  }

  async choose(_: string, entry: string): Promise<void> {
    const menu = this.workbench.page.locator('.monaco-menu');
    await this.user.press('Shift+F10');
    await menu.waitFor();
    const focused = menu.locator('.action-item.focused').filter({ hasText: entry });
    await poll(`${entry} in the menu`, 60_000, async () => {
      if ((await focused.count()) > 0) return true;
      await this.user.press('ArrowDown');
      return false;
    });
    await this.user.press('Enter');
  }

  async fill(panel: Frame, label: string, text: string): Promise<void> {
    await this.user.tabTo(panel, label);
    await this.user.replace(text);
  }

  async press(panel: Frame, button: string): Promise<void> {
    await this.user.tabTo(panel, button);
    await this.user.press('Enter');
  }

  async goTo(panel: Frame, tab: string): Promise<void> {
    const selected = panel.getByRole('tab', { selected: true });
    await this.user.tabTo(panel, (await selected.innerText()).trim().replace(/\s*\d+$/, ''));
    await poll(`the tab ${tab}`, 60_000, async () => {
      if ((await selected.innerText()).startsWith(tab)) return true;
      await this.user.press('ArrowRight');
      return false;
    });
  }

  async bring(path: string): Promise<void> {
    await this.run('Import Contacts into Local Workspace…');
    await this.workbench.quickInput.waitFor();
    await this.workbench.typeFile(path);
  }

  /** The list keeps the row that was in focus; Home goes to the first. */
  private async goToRow(text: string): Promise<void> {
    const { workbench, user } = this;
    await user.run('Contacts: Focus on Contacts View');
    await user.press('Home');
    const focused = workbench.rows('Contacts').and(workbench.page.locator('.focused')).filter({ hasText: text });
    await poll(`the row ${text}`, 60_000, async () => {
      if ((await focused.count()) > 0) return true;
      await user.press('ArrowDown');
      return false;
    });
  }
}

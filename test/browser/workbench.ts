/** VS Code in a browser, worked like a person does it. */
import type { Browser, BrowserContext, Frame, Locator, Page } from 'playwright-core';
import { poll } from '../harness/processes.ts';

// What is waited for comes in a moment on a quiet machine; on a busy one it may take its time.
const startLimitMs = 120_000;
const stepLimitMs = 60_000;
/** By then a press that was not lost has been noticed. */
const noticedMs = 8_000;

export class Workbench {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(stepLimitMs);
  }

  static async open(browser: Browser, url: string, viewport = { width: 1200, height: 800 }): Promise<Workbench> {
    return Workbench.openIn(await browser.newContext({ viewport }), url);
  }

  /** In a browser's profile, with what that keeps. */
  static async openIn(profile: BrowserContext, url: string): Promise<Workbench> {
    const workbench = new Workbench(await profile.newPage());
    await workbench.page.goto(url);
    await workbench.isUp();
    return workbench;
  }

  /** Another window of the same user, who is signed in there too. */
  async another(): Promise<Workbench> {
    const workbench = new Workbench(await this.page.context().newPage());
    const size = this.page.viewportSize();
    if (size !== null) await workbench.page.setViewportSize(size);
    await workbench.page.goto(this.page.url());
    await workbench.isUp();
    return workbench;
  }

  async isUp(): Promise<void> {
    await this.page.locator('.activitybar .action-item').first().waitFor({ timeout: startLimitMs });
  }

  /**
   * Chooses a color theme by its name in VS Code's list of them.
   * @param mark the class that the page has then.
   */
  async useTheme(name: string, mark: string): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.getByPlaceholder('Select Color Theme').waitFor();
    await this.fillQuickInput(name);
    await this.quickInput.getByText(name, { exact: true }).first().click();
    await this.quickInput.waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench.${mark}`).waitFor();
  }

  /** Reloads the window as a user does, so that VS Code keeps its state. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load', { timeout: startLimitMs });
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.isUp();
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  /** A view of the side bar, by the name in its header. */
  view(name: string): Locator {
    return this.page.locator(`.pane:has(> .pane-header[aria-label^="${name}"])`);
  }

  rows(view: string): Locator {
    return this.view(view).locator('.monaco-list-row');
  }

  row(view: string, text: string): Locator {
    return this.rows(view).filter({ hasText: text });
  }

  /**
   * Presses a button of a row once. It is there while the mouse is, unless the row goes by or is just drawn anew.
   * @param isTaken tells of a press that took effect and whose end was not seen: the row may have gone by it.
   */
  async pressOnRow(
    row: Locator,
    button: string,
    isTaken: () => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<void> {
    // While the list has the focus, the name tells the key as well: 'Update Contact… (F2)'.
    const named = row.getByRole('button', { name: button, exact: true });
    const pressed = named.or(row.getByRole('button', { name: `${button} (` })).first();
    await poll(`${button} on a row`, stepLimitMs, async () => {
      await this.page.mouse.move(0, 0);
      await row.hover({ timeout: 2_000 }).catch(() => undefined);
      const isThere = await pressed.waitFor({ timeout: 1_000 }).then(
        () => true,
        () => false,
      );
      if (!isThere) return false;
      return pressed.click({ timeout: 2_000 }).then(
        () => true,
        () => poll('the press to be taken', noticedMs, isTaken).catch(() => false),
      );
    });
  }

  /** Marks or dismisses the first unread notification, by one press; the status bar tells that it was taken. */
  async pressOnFirstUnread(button: 'Mark as Read' | 'Dismiss'): Promise<void> {
    const row = this.unreadRows().first();
    const before = await this.statusCount();
    await this.leaveHover();
    const isTaken = async (): Promise<boolean> => (await this.statusCount()) !== before;
    await this.pressOnRow(row, button, isTaken);
    await poll('another count', stepLimitMs, isTaken);
  }

  /** Points at the first of those whom the editor mentions, until its hover has what `part` finds in it. */
  async hoverOnMention(part: (hover: Locator) => Locator): Promise<void> {
    const mention = this.page.locator('.editor-instance .detected-link').first();
    await mention.waitFor();
    await poll('the hover', stepLimitMs, async () => {
      await this.page.mouse.move(0, 0);
      await mention.hover({ timeout: 2_000 }).catch(() => undefined);
      return part(this.page.locator('.monaco-hover:visible'))
        .first()
        .waitFor({ timeout: 4_000 })
        .then(
          () => true,
          () => false,
        );
    });
  }

  /** Takes the mouse away, and with it the tooltip that would lie over what is clicked next. */
  async leaveHover(): Promise<void> {
    // One that comes late, when the mouse has gone, stays until the mouse moves or is pressed once more.
    let looks = 0;
    await poll('no tooltip', stepLimitMs, async () => {
      await this.page.keyboard.press('Escape');
      if (looks++ === 0) await this.page.mouse.move(600, 4);
      else await this.page.mouse.click(600, 4);
      await this.page.mouse.move(0, 0);
      return (await this.page.locator('.workbench-hover:visible').count()) === 0;
    });
  }

  /** Shows the contacts, whatever the side bar holds now. A click on what is shown already would hide it. */
  async showContacts(): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: /^Contacts/ });
    const header = this.page.locator('.part.sidebar .title-label').filter({ hasText: 'Contacts' });
    const isShown = (timeout: number): Promise<boolean> =>
      header.waitFor({ timeout }).then(
        () => true,
        () => false,
      );
    await poll('the contacts in the side bar', startLimitMs, async () => {
      if (await isShown(2_000)) return true;
      await tab.click();
      return isShown(2_000);
    });
  }

  /** Opens a file of the workspace by its name, asked for anew until VS Code has found it. */
  async openFile(name: string): Promise<void> {
    await poll(`the file ${name}`, startLimitMs, async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+p');
      return this.input
        .fill(name, { timeout: 2_000 })
        .then(() => this.pick(name).first().click({ timeout: 4_000 }))
        .then(
          () => this.isLeft(name),
          () => false,
        );
    });
  }

  /** Whether the box of the quick input holds `text` no more. A click on a row that is just drawn anew is lost. */
  private isLeft(text: string): Promise<boolean> {
    const left = async (): Promise<boolean> =>
      (await this.input.inputValue({ timeout: 500 }).catch(() => undefined)) !== text;
    return poll('the pick to be taken', noticedMs, left).catch(() => false);
  }

  /** A command by its title, through the command palette; opened anew until VS Code knows the command. */
  async runCommand(title: string): Promise<void> {
    const entry = this.quickInput.locator('.monaco-list-row').filter({ hasText: title }).first();
    await poll(`the command ${title}`, startLimitMs, async () => {
      await this.page.keyboard.press('F1');
      // A page that is just loading keeps the key to itself.
      const isRun = await this.input
        .fill(`>${title}`, { timeout: 2_000 })
        .then(() => entry.click({ timeout: 2_000 }))
        .then(
          () => this.isLeft(`>${title}`),
          () => false,
        );
      if (!isRun) await this.page.keyboard.press('Escape');
      return isRun;
    });
  }

  /** As `runCommand`, and picks what it offers; anew where the list was closed before, as any change of focus does. */
  async runCommandAndPick(title: string, text: string): Promise<void> {
    await poll(`${text} of ${title}`, startLimitMs, async () => {
      await this.runCommand(title);
      return this.pick(text)
        .first()
        .click({ timeout: 4_000 })
        .then(
          () => true,
          () => false,
        );
    });
  }

  /**
   * Opens the search for contacts and does something in its box; anew where it was closed before, as by a panel that was
   * still loading and takes the focus.
   * @param command another one that asks for somebody in the same way.
   */
  async search(act: (box: Locator) => Promise<void>, command = 'Contacts: Search Contacts…'): Promise<void> {
    await poll('the search', startLimitMs, async () => {
      await this.runCommand(command);
      const box = this.quickInput.getByPlaceholder('Name, e-mail, phone, company');
      return box
        .waitFor({ timeout: 4_000 })
        .then(() => act(box))
        .then(
          () => true,
          () => false,
        );
    });
  }

  /** Searches for a text that is put into the box at once. */
  searchFor(text: string): Promise<void> {
    return this.search((box) => box.fill(text, { timeout: 4_000 }));
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  private get input(): Locator {
    return this.quickInput.locator('.quick-input-box input');
  }

  inputValue(): Promise<string> {
    return this.input.inputValue();
  }

  async fillQuickInput(text: string): Promise<void> {
    await this.input.fill(text);
  }

  /** Types into a quick input that asks for `prompt`, and accepts. */
  async answerQuickInput(text: string): Promise<void> {
    await this.fillQuickInput(text);
    await this.page.keyboard.press('Enter');
  }

  /** As `answerQuickInput`, once the input asks for `prompt`. */
  async answerPrompt(prompt: string, text: string): Promise<void> {
    await this.quickInput.getByText(prompt).waitFor();
    await this.answerQuickInput(text);
  }

  /** Waits until the Accounts menu of the activity bar, opened, has the entry with `text`. */
  async showAccountsMenu(text: string): Promise<void> {
    const entry = this.menuItem(text).first();
    await poll(`${text} in the Accounts menu`, startLimitMs, async () => {
      await this.page
        .locator('.activitybar')
        .getByRole('button', { name: /^Accounts/ })
        .click();
      const isThere = await entry.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
      if (!isThere) await this.page.keyboard.press('Escape');
      return isThere;
    });
  }

  async chooseInAccountsMenu(text: string): Promise<void> {
    await this.showAccountsMenu(text);
    await this.chooseInMenu(text);
  }

  /**
   * Chooses `entry` of the context menu of `row`, and looks that there is no entry `absent`. VS Code takes no click
   * in the first moments of a menu, so it is clicked until the menu is gone. One on a row that is just drawn anew is lost.
   */
  async contextMenu(row: Locator, entry: string, absent?: string): Promise<void> {
    await poll(`${entry} in the menu`, startLimitMs, () => this.opensMenu(row, entry));
    await this.chooseInMenu(entry, absent);
  }

  /** As `contextMenu`, of rows that are selected together: of the last one. */
  async contextMenuOf(rows: readonly Locator[], entry: string): Promise<void> {
    await poll(`${entry} in the menu of ${rows.length}`, startLimitMs, async () => {
      await this.select(...rows);
      const last = rows.at(-1);
      return last !== undefined && this.opensMenu(last, entry);
    });
    await this.chooseInMenu(entry);
  }

  private async opensMenu(row: Locator, entry: string): Promise<boolean> {
    const isThere = await row
      .click({ button: 'right', timeout: 4_000 })
      .then(() => this.menuItem(entry).first().waitFor({ timeout: noticedMs }))
      .then(
        () => true,
        () => false,
      );
    // Without a menu, the list would take the key, and select nothing any more.
    const isAnotherThere = !isThere && (await this.page.locator('.monaco-menu:visible').count()) > 0;
    if (isAnotherThere) await this.page.keyboard.press('Escape');
    return isThere;
  }

  /** Selects rows of a list as a person does, who looks whether they are selected. */
  private async select(...rows: readonly Locator[]): Promise<void> {
    await poll('the rows to be selected', startLimitMs, async () => {
      for (const [index, row] of rows.entries()) {
        const isClicked = await row.click({ timeout: 4_000, modifiers: index === 0 ? [] : ['Control'] }).then(
          () => true,
          () => false,
        );
        if (!isClicked) return false;
      }
      const isSelected = async (): Promise<boolean> => {
        for (const row of rows) if ((await row.getAttribute('aria-selected')) !== 'true') return false;
        return true;
      };
      return poll('them all', noticedMs, isSelected).catch(() => false);
    });
  }

  /** Chooses from the menu in the title of a view of the side bar. */
  async titleMenu(view: string, entry: string): Promise<void> {
    const header = this.view(view).locator('.pane-header');
    // A title that is just drawn anew closes its menu; a person opens it again.
    await poll(`the menu of ${view}`, stepLimitMs, async () => {
      await header.hover();
      await header.getByRole('button', { name: 'More Actions' }).click();
      const shown = this.menuItem(entry).first().waitFor({ timeout: noticedMs });
      return shown.then(
        () => true,
        () => false,
      );
    });
    await this.chooseInMenu(entry);
  }

  private async chooseInMenu(entry: string, absent?: string): Promise<void> {
    await this.menuItem(entry).first().waitFor();
    if (absent !== undefined && (await this.menuItem(absent).count()) > 0) throw new Error(`${absent} is in the menu.`);
    await poll(`${entry} to be chosen`, stepLimitMs, async () => {
      const isThere = (await this.menuItem(entry).count()) > 0;
      if (isThere)
        await this.menuItem(entry)
          .first()
          .click({ timeout: 1_000 })
          .catch(() => undefined);
      return !isThere;
    });
  }

  private menuItem(text: string): Locator {
    return this.page.locator('.monaco-menu .action-item').filter({ hasText: text });
  }

  pick(text: string): Locator {
    return this.quickInput.locator('.monaco-list-row').filter({ hasText: text });
  }

  /**
   * A path in VS Code's own file dialog, accepted. The dialog opens empty, proposes a place, and overwrites what was
   * typed while it was still reading that folder; so the path is typed until it stays.
   */
  async answerFileDialog(path: string): Promise<void> {
    await this.chooseFile(path);
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** As `answerFileDialog`, where another question follows in the same place. */
  async chooseFile(path: string): Promise<void> {
    await this.fillFileDialog(path);
    await this.quickInput.locator('.quick-input-action .monaco-button').first().click();
  }

  /** As `answerFileDialog`, accepted by the keyboard. */
  async typeFileDialog(path: string): Promise<void> {
    await this.typeFile(path);
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** As `typeFileDialog`, where another question follows in the same place. */
  async typeFile(path: string): Promise<void> {
    await this.fillFileDialog(path);
    await this.page.keyboard.press('Enter');
  }

  private async fillFileDialog(path: string): Promise<void> {
    await poll('the place that the dialog proposes', stepLimitMs, async () => (await this.input.inputValue()) !== '');
    let looksAlike = 0;
    await poll('the dialog to keep the path', stepLimitMs, async () => {
      const isReading = (await this.quickInput.locator('.monaco-progress-container.active').count()) > 0;
      const isTaken = (await this.input.inputValue()) === path && !isReading;
      looksAlike = isTaken ? looksAlike + 1 : 0;
      if (!isTaken) await this.input.fill(path);
      return looksAlike === 10;
    });
  }

  /** The unread count as the status bar shows it; what can be undone may stand behind it. */
  async statusCount(): Promise<string> {
    const text = await this.page.locator('.statusbar-item[id$="contactLookup.unread"]').innerText();
    return text.trim().split(/\s/)[0] ?? '';
  }

  /** Notifications that are marked as unread. */
  unreadRows(): Locator {
    return this.view('Notifications').locator('.monaco-list-row[aria-label*=", unread"]');
  }

  get notification(): Locator {
    return this.page.locator('.notification-toast');
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Opens a contact by its row; once more where the click met a row that was just drawn anew. */
  async openContact(name: string): Promise<Frame> {
    return poll(`${name} to be opened`, startLimitMs, async () => {
      await this.row('Contacts', name).first().click();
      return this.contactPage(name, noticedMs).catch(() => undefined);
    });
  }

  /** Opens who was found, by a click on the first row with `text`; once more where it met a row just drawn anew. */
  async openFound(name: string, text = name): Promise<Frame> {
    return poll(`${name} to be opened`, startLimitMs, async () => {
      // A click that was taken has closed the search.
      await this.pick(text)
        .first()
        .click({ timeout: 2_000 })
        .catch(() => undefined);
      return this.contactPage(name, noticedMs).catch(() => undefined);
    });
  }

  /** The page of the contact panel that is in front. */
  async contactPage(name: string, limitMs = stepLimitMs): Promise<Frame> {
    return poll(`the panel of ${name}`, limitMs, async () => {
      for (const frame of this.page.frames()) {
        // Asked for without waiting: most frames have none. One may go meanwhile.
        const [heading] = await frame
          .locator('#page h1')
          .allTextContents()
          .catch(() => []);
        if (heading === name) return frame;
      }
      return undefined;
    });
  }
}

import * as vscode from 'vscode';
import { parseQuery } from '../contacts/query/queryLanguage.ts';
import { firstContact, isSameItem, type ItemButton, matchingItems, type SearchItem } from './contactItems.ts';

export interface Meant {
  /** The row that Enter was pressed on, if it is still there; what is typed may mean the best match. */
  item: SearchItem | undefined;
  /** Nothing else was chosen than what is typed. */
  isTyped: boolean;
}

interface Replaced {
  rows: readonly SearchItem[];
  /** VS Code has taken what came instead, and has told of all that was done before. */
  isTaken: Promise<unknown>;
}

/**
 * The rows of a search. VS Code names a row by its place among those that it showed when a key was pressed: others may
 * have been on their way to it.
 */
export class SearchRows {
  private readonly picker: vscode.QuickPick<SearchItem>;
  /** What VS Code may still show, oldest first. */
  private readonly replaced: Replaced[] = [];
  private focusChanges = 0;

  constructor(picker: vscode.QuickPick<SearchItem>) {
    this.picker = picker;
    picker.onDidChangeActive(() => this.focusChanges++);
    // The first time, VS Code asks all extensions about it before it answers.
    void vscode.commands.executeCommand('noop').then(undefined, () => undefined);
  }

  exchange(items: SearchItem[]): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.replaced.push({ rows: this.picker.items, isTaken: promise });
    this.picker.items = items;
    const forget = (): void => {
      this.replaced.shift();
      resolve();
    };
    // Rows are sent by a timer of VS Code's that was set just now, and a command after them is answered after them.
    setTimeout(() => vscode.commands.executeCommand('noop').then(forget, forget), 0);
  }

  /**
   * Does what a button does.
   * @param named what VS Code gives for its row.
   */
  async press(named: SearchItem, button: vscode.QuickInputButton): Promise<void> {
    const place = this.picker.items.indexOf(named);
    const before = await this.shownUntilNow((rows) => isRow(rows[place]));
    const row = before === undefined ? named : before[place];
    const pressed = row?.buttons?.[named.buttons?.indexOf(button) ?? -1] as ItemButton | undefined;
    await pressed?.run();
  }

  /**
   * What Enter means.
   * @param selected what VS Code gives for its row; the one that was accepted last where it shows none.
   * @param stillMatching the rows that what is typed may mean; `undefined` for all.
   */
  async meant(
    selected: SearchItem | undefined,
    stillMatching: () => readonly SearchItem[] | undefined,
  ): Promise<Meant> {
    const shown = this.picker.items;
    const place = selected === undefined ? -1 : shown.indexOf(selected);
    const before = await this.shownUntilNow((rows) =>
      place < 0 ? rows.length === 0 || rows.length > shown.length : isRow(rows[place]),
    );
    const row = before === undefined ? selected : before[place];
    const still = stillMatching();
    const items = still ?? this.picker.items;
    const first = firstContact(items);
    const found = items.find((each) => each === row || (row !== undefined && isSameItem(each, row)));
    if (before === undefined || !isWhereFocusBegins(place, before, shown.length)) {
      return { item: found, isTyped: found === first || (found === undefined && still !== undefined) };
    }
    if (found !== undefined && found.contact === undefined) return { item: found, isTyped: false };
    // Whoever saw somebody else as the best has not meant this one.
    const firstBefore = firstContact(matchingItems(before, parseQuery(this.picker.value.trim())));
    const isFirst = first !== undefined && (firstBefore === undefined || isSameItem(first, firstBefore));
    const isSure = !items.some(({ isOnlyNear }) => isOnlyNear);
    return { item: isFirst && isSure ? first : undefined, isTyped: true };
  }

  /** Of rows that were replaced, those that VS Code shows: when it draws others, it moves the focus, and tells of it. */
  private async shownUntilNow(
    isPossible: (rows: readonly SearchItem[]) => boolean,
  ): Promise<readonly SearchItem[] | undefined> {
    const onTheirWay = [...this.replaced];
    const { focusChanges } = this;
    for (const { rows, isTaken } of onTheirWay) {
      await isTaken;
      if (this.focusChanges > focusChanges && isPossible(rows)) return rows;
    }
    return undefined;
  }
}

const isRow = (item: SearchItem | undefined): boolean =>
  item !== undefined && item.kind !== vscode.QuickPickItemKind.Separator;

/**
 * Whether nobody has moved on from where the focus is put: on the first contact, or, by VS Code after each letter, on the
 * first row.
 * @param place in `rows`; -1 for one beyond the `known` ones.
 */
function isWhereFocusBegins(place: number, rows: readonly SearchItem[], known: number): boolean {
  const contact = rows.findIndex((each) => each.contact !== undefined);
  const top = rows.findIndex(isRow);
  return place < 0 ? contact < 0 || contact >= known : place <= Math.max(top, 0) || place === contact;
}

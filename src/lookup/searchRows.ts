import * as vscode from 'vscode';
import { firstContact, isSameItem, type SearchItem } from './contactItems.ts';

export interface Meant {
  /** The row that Enter was pressed on, if it is still there. */
  item: SearchItem | undefined;
  /** Nothing else was chosen than what is typed, which means the best match for it. */
  isTyped: boolean;
}

/**
 * The rows of a search. VS Code names the one that is accepted by its place, in the rows that it showed when Enter was
 * pressed: others may have been on their way to it.
 */
export class SearchRows {
  private readonly picker: vscode.QuickPick<SearchItem>;
  /** What VS Code may still show instead, oldest first. */
  private readonly replaced: (readonly SearchItem[])[] = [];

  constructor(picker: vscode.QuickPick<SearchItem>) {
    this.picker = picker;
  }

  exchange(items: SearchItem[]): void {
    this.replaced.push(this.picker.items);
    this.picker.items = items;
    const forget = (): void => void this.replaced.shift();
    // Rows are sent by a timer of VS Code's that was set just now, and a command after them is answered after them.
    setTimeout(() => vscode.commands.executeCommand('noop').then(forget, forget), 0);
  }

  /**
   * @param selected what VS Code names; the row that was accepted last where it shows none.
   * @param still the rows that what is typed may mean; `undefined` for all.
   */
  meant(selected: SearchItem | undefined, still: readonly SearchItem[] | undefined): Meant {
    const shown = this.picker.items;
    const [before] = this.replaced;
    const items = still ?? shown;
    const first = firstContact(items);
    const row = before === undefined || selected === undefined ? selected : before[shown.indexOf(selected)];
    const item = items.find((each) => each === row || (row !== undefined && isSameItem(each, row)));
    if (item !== undefined) return { item, isTyped: item === first };
    const firstBefore = before && firstContact(before);
    // After each letter VS Code puts the focus on the first row, though no contact is in it.
    const isTyped = row?.contact === undefined || row === firstBefore;
    if (before === undefined || !isTyped) return { item, isTyped: still !== undefined };
    const isSame = first !== undefined && firstBefore !== undefined && isSameItem(first, firstBefore);
    return { item: isSame ? first : undefined, isTyped: true };
  }
}

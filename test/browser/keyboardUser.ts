import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { poll } from '../harness/processes.ts';
import type { Workbench } from './workbench.ts';

/** In the page: what has the focus, and whether that can be seen. */
const focusedElement = `(() => {
  const node = document.activeElement;
  if (node === null || node === document.body) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(node);
  // A region is named by its tab, and not by all that is in it.
  const content = node.getAttribute('role') === 'tabpanel' ? 'tab panel' : node.textContent;
  const text = node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? content ?? '';
  return { text: text.trim(), isVisible: outlineStyle !== 'none' && outlineWidth !== '0px' };
})()`;

/** Somebody who works in a panel and in VS Code without a mouse. */
export class KeyboardUser {
  private readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
  }

  press(key: string): Promise<void> {
    return this.workbench.page.keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.workbench.page.keyboard.type(text);
  }

  focused(panel: Frame): Promise<{ text: string; isVisible: boolean } | undefined> {
    return panel.evaluate(focusedElement);
  }

  /** Presses Tab until `label` has the focus, which can be seen each time. */
  async tabTo(panel: Frame, label: string, key = 'Tab'): Promise<void> {
    for (let steps = 0; steps < 80; steps++) {
      await this.press(key);
      const found = await this.focused(panel);
      if (found === undefined) continue;
      assert.ok(found.isVisible, `the focus on ${found.text} can be seen`);
      if (found.text.startsWith(label)) return;
    }
    throw new Error(`${label} is not reached`);
  }

  /** Selected without Ctrl+A, which VS Code does to a page a moment after the key. */
  async replace(text: string): Promise<void> {
    await this.press('End');
    await this.press('Shift+Home');
    await this.type(text);
  }

  /** Runs a command by its title. */
  async run(title: string): Promise<void> {
    const { quickInput } = this.workbench;
    await poll(`the command ${title}`, 120_000, async () => {
      await this.press('F1');
      const first = quickInput.locator('.monaco-list-row').first();
      const isThere = await quickInput
        .locator('.quick-input-box input')
        .fill(`>${title}`, { timeout: 2_000 })
        .then(() => first.filter({ hasText: title }).waitFor({ timeout: 2_000 }))
        .then(
          () => true,
          () => false,
        );
      await this.press(isThere ? 'Enter' : 'Escape');
      return isThere;
    });
  }
}

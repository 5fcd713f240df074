/** What a page says, and whether there is room for it. The functions run in the page. */
import type { Frame, Page } from 'playwright-core';

/** Each text and label that is on the screen below `selector`, and what is in its boxes, once. */
export async function shownTexts(page: Page | Frame, selector: string): Promise<string[]> {
  const texts = await page.locator(selector).evaluateAll((roots) => {
    const said = new Set<string>();
    const hear = (text: string | null | undefined): void => {
      const words = (text ?? '').replace(/\s+/g, ' ').trim();
      if (words !== '') said.add(words);
    };
    for (const root of roots) {
      for (const element of [root, ...root.querySelectorAll('*')]) {
        if (!element.checkVisibility() || /^(?:style|script)$/i.test(element.tagName)) continue;
        for (const node of element.childNodes) if (node.nodeType === 3) hear(node.textContent);
        if (element.matches('textarea, input:not([type=checkbox])')) hear(element.value);
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) hear(element.getAttribute(name));
      }
    }
    return [...said];
  });
  return texts;
}

/** The texts of `ours` below `selector` that are cut off, or outside of the window. */
export async function clippedTexts(page: Page | Frame, selector: string, ours: readonly string[]): Promise<string[]> {
  const clipped = await page.locator(selector).evaluateAll((roots, wanted) => {
    const found: string[] = [];
    const sought = new Set(wanted);
    const isOurs = (text: string): boolean => sought.has(text) || text.startsWith('［');
    for (const element of roots.flatMap((root) => [...root.querySelectorAll('*')])) {
      const text = [...element.childNodes].find(
        (node) => node.nodeType === 3 && isOurs((node.textContent ?? '').trim()),
      );
      if (text === undefined || !element.checkVisibility()) continue;
      const range = element.ownerDocument.createRange();
      range.selectNodeContents(text);
      const place = range.getBoundingClientRect();
      const view = element.ownerDocument.defaultView;
      // What only a screen reader sees is a dot.
      if (element.getBoundingClientRect().width <= 1 || view === null) continue;
      let isCut = place.right > view.innerWidth + 1 || place.left < -1;
      for (let box = element; box !== null; box = box.parentElement) {
        const { overflowX, overflowY } = view.getComputedStyle(box);
        const edge = box.getBoundingClientRect();
        if (/hidden|clip/.test(overflowX)) isCut ||= place.right > edge.right + 1 || place.left < edge.left - 1;
        if (/hidden|clip/.test(overflowY)) isCut ||= place.bottom > edge.bottom + 1 || place.top < edge.top - 1;
      }
      if (isCut) found.push((text.textContent ?? '').trim());
    }
    return found;
  }, ours);
  return clipped;
}

/** What a screen reader says of itself: what changes in live regions, in the order in which it does. */
import type { Frame, Page } from 'playwright-core';
import { poll } from '../harness/processes.ts';

/**
 * Runs in the page. A region is spoken when its words become others; one with the role `alert` also when it comes. A
 * `status` that comes with its words is not: screen readers begin to listen to it only then. It is kept as `unheard`.
 */
const listen = (within: string): string => `(() => {
  if (window.spoken !== undefined) return;
  window.spoken = [];
  window.unheard = [];
  const selector = '[role=status],[role=alert],[role=log],[aria-live=polite],[aria-live=assertive],output';
  const wordsOf = (region) => region.textContent.replaceAll(/\\s+/g, ' ').trim();
  const isAlert = (region) =>
    region.getAttribute('role') === 'alert' || region.getAttribute('aria-live') === 'assertive';
  const known = new Set();
  const regions = () => [...document.querySelectorAll(selector)].filter((region) => region.closest('${within}'));
  for (const region of regions()) known.add(region);
  new MutationObserver((changes) => {
    // Also where it says the same once more.
    const touched = new Set(changes.map(({ target }) => (target.closest ? target : target.parentElement)?.closest(selector)));
    for (const region of regions()) {
      const isNew = !known.has(region);
      known.add(region);
      const words = wordsOf(region);
      if (words === '' || !(isNew || touched.has(region))) continue;
      if (isNew && !isAlert(region)) window.unheard.push(words);
      else window.spoken.push(words);
    }
  }).observe(document.documentElement, { subtree: true, childList: true, characterData: true });
})()`;

interface Heard {
  spoken: string[];
  unheard: string[];
}

/** What is said from now on, in the window and in the pages of panels that are named. */
export class Transcript {
  private readonly places = new Set<Page | Frame>();
  /** How much of each was looked at, in the order of `places`. */
  private readonly read = new Map<Page | Frame, number>();

  /** @param within what of the page; all of it where that is left out. */
  async follow(place: Page | Frame, within = 'body'): Promise<void> {
    await place.evaluate(listen(within));
    this.places.add(place);
  }

  /** Waits until something that contains `text` is said, and takes all up to there as heard. */
  async hears(text: string): Promise<void> {
    await poll(`"${text}" to be said`, 60_000, async () =>
      (await this.sinceLast()).some((said) => said.includes(text)),
    );
  }

  /** What was said since this was asked last. */
  async take(): Promise<string[]> {
    const said: string[] = [];
    for (const place of this.places) {
      const { spoken } = await heardIn(place);
      said.push(...spoken.slice(this.read.get(place) ?? 0));
      this.read.set(place, spoken.length);
    }
    return said;
  }

  /** What changed in a region that nobody listened to yet. */
  async unheard(): Promise<string[]> {
    const all = await Promise.all([...this.places].map(heardIn));
    return all.flatMap(({ unheard }) => unheard);
  }

  private async sinceLast(): Promise<string[]> {
    const all = await Promise.all(
      [...this.places].map(async (place) => (await heardIn(place)).spoken.slice(this.read.get(place) ?? 0)),
    );
    return all.flat();
  }
}

/** Of a page that is gone, nothing. */
const heardIn = (place: Page | Frame): Promise<Heard> =>
  (place as Page)
    .evaluate<Heard>('({ spoken: window.spoken ?? [], unheard: window.unheard ?? [] })')
    .catch(() => ({ spoken: [], unheard: [] }));

import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { steadyMemento } from '../../src/platform/steadyMemento.ts';

/**
 * State as VS Code keeps it in a window: all of it is sent when something was written, a moment later, and comes back as
 * the state of now.
 */
class EchoingMemento {
  private state: Record<string, unknown> = {};
  private readonly sent: { state: string; done: () => void }[] = [];
  private waiting: (() => void)[] = [];

  keys(): string[] {
    return Object.keys(this.state);
  }

  get<T>(key: string, fallback?: T): T | undefined {
    return (this.state[key] as T | undefined) ?? fallback;
  }

  update(key: string, value: unknown): Promise<void> {
    this.state[key] = value;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  send(): void {
    const done = this.waiting;
    this.waiting = [];
    this.sent.push({ state: JSON.stringify(this.state), done: () => done.forEach((each) => each()) });
  }

  async echo(): Promise<void> {
    const { state, done } = this.sent.shift() ?? assert.fail('nothing was sent');
    this.state = JSON.parse(state) as Record<string, unknown>;
    done();
    await new Promise(setImmediate);
  }
}

describe('state that was just written', () => {
  let stored: EchoingMemento;
  let memento: Memento;
  beforeEach(() => {
    stored = new EchoingMemento();
    memento = steadyMemento(stored);
  });

  it('is not undone by what comes back of an earlier write', async () => {
    const first = memento.update('drafts', ['typed']);
    stored.send();
    const second = memento.update('drafts', undefined);
    const other = memento.update('pinned', ['con_1']);
    await stored.echo();
    await first;
    assert.deepEqual([memento.get('drafts', []), memento.get('pinned')], [[], ['con_1']], 'before it is sent');
    stored.send();
    await stored.echo();
    assert.deepEqual([memento.get('drafts', []), memento.get('pinned')], [[], ['con_1']], 'once more on its way');
    stored.send();
    await stored.echo();
    await Promise.all([second, other]);
    assert.deepEqual([stored.get('drafts', []), stored.get('pinned')], [[], ['con_1']], 'in the end');
  });

  it('is what another window has written since', async () => {
    const own = memento.update('order', 'name');
    stored.send();
    await stored.echo();
    await own;
    void stored.update('order', 'created');
    assert.equal(memento.get('order'), 'created');
  });

  it('is written three times at most, and then as another window has it', async () => {
    const own = memento.update('order', 'name');
    for (let attempt = 0; attempt < 3; attempt++) {
      void stored.update('order', 'theirs');
      stored.send();
      await stored.echo();
    }
    await own;
    assert.equal(memento.get('order'), 'theirs');
  });
});

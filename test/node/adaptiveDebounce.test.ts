import assert from 'node:assert/strict';
import { AdaptiveDebounce } from '../../src/lookup/adaptiveDebounce.ts';

describe('the pause between a letter and the search', () => {
  let time: number;
  const pace = (): AdaptiveDebounce => new AdaptiveDebounce(() => time);
  const answerAfter = (ms: number): Promise<string> =>
    Promise.resolve().then(() => {
      time += ms;
      return 'answer';
    });
  beforeEach(() => {
    time = 1_000;
  });

  it('is long where nothing is known of the server', () => {
    assert.equal(pace().delayFor({}), 150);
    assert.equal(pace().delayFor(undefined), 150);
  });

  it('is as long as the last answer took, and never longer than at first', async () => {
    const known = pace();
    const near = {};
    const far = {};
    assert.equal(await known.measure(near, answerAfter(30)), 'answer');
    assert.equal(known.delayFor(near), 30);
    await known.measure(far, answerAfter(400));
    assert.equal(known.delayFor(far), 150);
    await known.measure(near, answerAfter(9));
    assert.equal(known.delayFor(near), 9);
  });

  it('learns nothing of a search that failed', async () => {
    const known = pace();
    const server = {};
    await assert.rejects(
      known.measure(
        server,
        answerAfter(5).then(() => Promise.reject(new Error('cancelled'))),
      ),
    );
    assert.equal(known.delayFor(server), 150);
  });
});

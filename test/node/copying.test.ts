import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { withNul } from '../../src/server/store/postgres/copying.ts';
import { toText } from '../../src/server/store/postgres/values.ts';

describe('what PostgreSQL copies out', () => {
  it('has NUL again where its stand-in was, wherever a piece ends', async () => {
    const original = '\0a\0\0中\u{10ffff}\0\n😀,\0';
    const bytes = Buffer.from(toText(original));
    assert.ok(!bytes.includes(0));
    for (let size = 1; size <= bytes.length; size++) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      const sent = (async function* () {
        yield* pieces;
      })();
      assert.equal(await text(withNul(sent)), original, `pieces of ${size}`);
    }
  });

  it('keeps the beginning of a stand-in that ends there', async () => {
    const sent = (async function* () {
      yield Buffer.from('\u{10ffff}').subarray(0, 2);
    })();
    const pieces = [];
    for await (const piece of withNul(sent)) pieces.push(piece);
    assert.deepEqual(Buffer.concat(pieces), Buffer.from('\u{10ffff}').subarray(0, 2));
  });
});

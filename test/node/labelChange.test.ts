import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Contact } from '../../src/api/decode/contact.ts';
import {
  changeOn,
  isNothing,
  labelChange,
  labelCounts,
  labelsAfter,
  reversed,
} from '../../src/contacts/commands/labelChange.ts';

const contactWith = (labels: readonly string[], id = 'con_1'): Contact => ({
  id,
  labels: [...labels],
  additional_params: {},
  other: {},
});

describe('labels of several contacts', () => {
  const [ana, ben] = [contactWith(['vip', 'old'], 'con_a'), contactWith(['old', 'new'], 'con_b')];

  it('are counted, those of most first', () => {
    assert.deepEqual(
      [...labelCounts([ana, ben, contactWith(['old', 'old'])])],
      [
        ['old', 3],
        ['new', 1],
        ['vip', 1],
      ],
    );
  });

  it('change where all are to have one, and where all have one that none is to have', () => {
    assert.deepEqual(labelChange([ana, ben], ['old']), { added: [], removed: [] });
    assert.deepEqual(labelChange([ana, ben], ['vip', 'own']), { added: ['vip', 'own'], removed: ['old'] });
    assert.deepEqual(labelChange([ana, ben], []), { added: [], removed: ['old'] });
  });

  it('are changed where there is something to change, and keep their order', () => {
    const change = { added: ['vip', 'own'], removed: ['old'] };
    assert.deepEqual(changeOn(ana, change), { added: ['own'], removed: ['old'] });
    assert.deepEqual(labelsAfter(ana, changeOn(ana, change)), ['vip', 'own']);
    assert.ok(isNothing(changeOn(contactWith(['vip', 'own']), change)));
  });

  it('are what they were once a change is taken back, whatever others have added', () => {
    const labels = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(fc.array(labels, { minLength: 1 }), labels, labels, (sets, chosen, theirs) => {
        const contacts = sets.map((set) => contactWith(set));
        const change = labelChange(contacts, chosen);
        for (const contact of contacts) {
          const done = changeOn(contact, change);
          const after = labelsAfter(contact, done);
          for (const label of chosen) assert.ok(after.includes(label));
          const meanwhile = contactWith([
            ...new Set([...after, ...theirs.filter((label) => !done.removed.includes(label))]),
          ]);
          const back = labelsAfter(meanwhile, changeOn(meanwhile, reversed(done)));
          const others = theirs.filter((label) => !done.added.includes(label) && !done.removed.includes(label));
          assert.deepEqual(back.sort(), [...new Set([...contact.labels, ...others])].sort());
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

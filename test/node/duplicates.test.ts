import assert from 'node:assert/strict';
import type { Contact } from '../../src/api/decode/contact.ts';
import { ApiError } from '../../src/api/apiError.ts';
import { Random } from '../../src/server/seed/random.ts';
import { DuplicateFinder } from '../../src/contacts/merge/duplicates.ts';
import { lookForDuplicates } from '../../src/contacts/merge/lookForDuplicates.ts';
import { differences, mergeChanges, withLabels } from '../../src/contacts/merge/mergePlan.ts';
import { isKind } from './support/isKind.ts';
import { randomSeed } from './support/randomSeed.ts';

const contact = (id: string, fields: Partial<Contact>): Contact => ({
  id,
  labels: [],
  additional_params: {},
  other: {},
  ...fields,
});

describe('contacts that may be one person', () => {
  const groupsOf = (all: readonly Partial<Contact>[]): [string, string][] => {
    const finder = new DuplicateFinder();
    finder.add(all.map((fields, index) => contact(String(index), fields)));
    return finder.groups().map(({ same, contacts }) => [same, contacts.map(({ id }) => id).join('')]);
  };

  it('have the same e-mail, whatever its case', () =>
    assert.deepEqual(groupsOf([{ email: 'Ana@X.example' }, { email: 'b@x.example' }, { email: 'ana@x.EXAMPLE ' }]), [
      ['email', '02'],
    ]));

  it('have the same phone in any format, with its country beside it or not, and not that of another country', () => {
    for (const [one, other] of [
      [{ phone_number: '+84 912 000 345' }, { phone_number: '0912-000-345' }],
      [{ area_code: '852', phone_number: '88888888' }, { phone_number: '+852 8888 8888' }],
      [{ phone_number: '81234567' }, { phone_number: '+65 8123 4567' }],
      [{ phone_number: '(020) 7183 8750' }, { phone_number: '00442071838750' }],
    ] as const) {
      assert.deepEqual(groupsOf([one, {}, other]), [['phone', '02']], `${one.phone_number} ${other.phone_number}`);
    }
    assert.deepEqual(groupsOf([{ phone_number: '+84912000345' }, { phone_number: '+49912000345' }]), []);
    assert.deepEqual(groupsOf([{ phone_number: '110' }, { phone_number: '110' }]), []);
  });

  it('have the same name and company, and are no visitors without a name', () => {
    const lotus = { company_name: 'Lotus' };
    assert.deepEqual(
      groupsOf([
        { display_name: 'Đỗ Linh', ...lotus },
        { display_name: 'do linh', company_name: 'LOTUS' },
        { display_name: 'Do Linh' },
        { display_name: 'UNK#DO1695', ...lotus },
        { display_name: 'UNK#DO1695', ...lotus },
      ]),
      [['name', '01']],
    );
  });

  describe('of whom there are more than can be held', () => {
    const held = 150;
    const random = new Random(randomSeed());
    const pick = (most: number): string => String(random.between(1, most));
    const all = Array.from({ length: 600 }, (_, index) =>
      contact(String(index), {
        email: random.chance(0.5) ? `${pick(3_000)}@x.example` : undefined,
        phone_number: random.chance(0.5) ? `+8491200${pick(5_000).padStart(4, '0')}` : undefined,
        display_name: `Name ${pick(300)}`,
        company_name: random.chance(0.5) ? `Company ${pick(20)}` : undefined,
      }),
    );
    let passes = 0;
    async function* pages(end?: { pass: number; page: number }): AsyncGenerator<{ items: Contact[] }> {
      passes += 1;
      for (let page = 0; page * 10 < all.length; page++) {
        if (end?.pass === passes && end.page === page) throw new ApiError('cancelled');
        yield { items: all.slice(page * 10, page * 10 + 10) };
      }
    }
    beforeEach(() => (passes = 0));

    it('are found among all of them', async () => {
      const shown: number[] = [];
      const found = await lookForDuplicates(pages, (count) => shown.push(count), held);
      const wanted = new DuplicateFinder();
      wanted.add(all);
      assert.ok(wanted.groups().length > 10);
      assert.deepEqual(found, { groups: wanted.groups(), lookedAt: 600, isWhole: true });
      assert.deepEqual([passes, shown.at(-1)], [2, 600]);
      passes = 0;
      assert.deepEqual(await lookForDuplicates(pages, () => undefined, 601), found);
      assert.equal(passes, 1);
      passes = 0;
      const few = await lookForDuplicates(pages, () => undefined, 20);
      assert.ok(!few.isWhole && few.lookedAt < 600, 'more share something than can be held');
    });

    it('are those up to where somebody stops, or among the first', async () => {
      const first = new DuplicateFinder();
      first.add(all.slice(0, 20));
      const early = await lookForDuplicates(
        () => pages({ pass: 1, page: 2 }),
        () => undefined,
        held,
      );
      assert.deepEqual(early, { groups: first.groups(), lookedAt: 20, isWhole: false });
      passes = 0;
      const late = await lookForDuplicates(
        () => pages({ pass: 2, page: 7 }),
        () => undefined,
        held,
      );
      assert.ok(late.lookedAt >= held && late.lookedAt < 600 && !late.isWhole, String(late.lookedAt));
      const broken = { next: () => Promise.reject(new ApiError('network')) };
      const failing = lookForDuplicates(
        () => ({ [Symbol.asyncIterator]: () => broken }),
        () => undefined,
      );
      await assert.rejects(failing, isKind('network'));
    });
  });

  it('are named once, by what tells most, and not where a whole firm has it', () => {
    const same = { email: 'a@x.example', phone_number: '+84912000345', display_name: 'An', company_name: 'X' };
    assert.deepEqual(groupsOf([same, same]), [['email', '01']]);
    assert.deepEqual(groupsOf(Array.from({ length: 21 }, () => ({ email: 'info@x.example' }))), []);
    assert.deepEqual(groupsOf([{ email: 'a@x.example', phone_number: '+84912000345' }, { email: 'a@x.example' }, { phone_number: '0912000345' }]), [['email', '01'], ['phone', '02']]); // prettier-ignore
  });
});

describe('what a contact takes from another', () => {
  const kept = contact('a', { display_name: 'Desk', email: 'a@x.example', labels: ['vip'] });
  const other = contact('b', { first_name: 'Minh', email: 'b@x.example', phone_number: '88888888', area_code: '852', labels: ['vip', 'new'] });

  it('is what differs and is not empty there', () =>
    assert.deepEqual(
      differences(kept, other).map(({ field }) => field),
      ['first_name', 'email', 'phone_number'],
    ));

  it('is what was chosen, a number with its code, and never the name by the way', () => {
    assert.deepEqual(mergeChanges(kept, other, []), {});
    const changes = mergeChanges(kept, other, ['first_name', 'phone_number']);
    assert.deepEqual(changes, { first_name: 'Minh', phone_number: '88888888', area_code: '852', display_name: 'Desk' });
  });

  it('has the labels of both where the server does not put them together', () => {
    assert.deepEqual(withLabels({}, kept, other), { labels: ['vip', 'new'] });
    assert.deepEqual(withLabels({}, other, kept), {});
  });
}); // prettier-ignore

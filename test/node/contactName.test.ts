import assert from 'node:assert/strict';
import { decodeContact, type Contact } from '../../src/api/decode/contact.ts';
import { contactName, contactPhone, isAnonymous, placeOf } from '../../src/contacts/contactName.ts';

const contactOf = (fields: Record<string, unknown>): Contact => {
  const contact = decodeContact({ id: 'con_1', ...fields }, 'contact', () => undefined);
  assert.ok(contact !== undefined);
  return contact;
};

describe('a number whose country code stands beside it', () => {
  for (const [area_code, phone_number, whole] of [
    ['852', '88888888', '+85288888888'],
    ['+852', '8888 8888', '+85288888888'],
    ['00852', '88888888', '+85288888888'],
    ['852', '85288888888', '+85288888888'],
    ['852', '+85288888888', '+85288888888'],
    ['', '88888888', '88888888'],
    ['', '+84 28 5555 0199', '+842855550199'],
    ['', '\u202a+44 (0)20\u20117946 0000\u202c', '+442079460000'],
    ['', '＋３９ 06 123 4567', '+39061234567'],
    ['1', '+1.415.555.0100', '+14155550100'],
    ['', '+1 415 555 0100 ext 3', '+1 415 555 0100 ext 3'],
    ['', '+44 100', '+44 100'],
    ['', '+44 20 7946 0000 / 0001', '+44 20 7946 0000 / 0001'],
    ['', '0084 28 5555 0199', '0084 28 5555 0199'],
    ['+44', '(0)20 7946 0000', '+442079460000'],
    ['44', '020 7946 0000', '+442079460000'],
    ['39', '06 1234567', '+39061234567'],
    ['1', '(415) 555-0100', '+14155550100'],
    // What may be the code of a place.
    ['020', '7946 0000', '7946 0000'],
    ['415', '555-0100', '555-0100'],
    ['212', '555-0100', '555-0100'],
    ['44', '100', '100'],
  ] as const) {
    it(`${area_code || 'none'} and ${phone_number}: ${whole}`, () =>
      assert.equal(contactPhone(contactOf({ area_code, phone_number })), whole));
  }
  it('is none where there is no number', () => assert.equal(contactPhone(contactOf({ area_code: '852' })), undefined));
});

describe('somebody of whom nothing is known', () => {
  it('is told by what the platform calls them, or by no name at all', () => {
    for (const display_name of ['UNK#DO1695', 'TWN#NJ9585', 'US#A1', '']) {
      assert.ok(isAnonymous(contactOf({ display_name, time_zone: 'Asia/Taipei' })), display_name);
    }
  });
  it('is not who has a name, an e-mail or a phone', () => {
    assert.ok(!isAnonymous(contactOf({ display_name: 'Ana' })));
    assert.ok(!isAnonymous(contactOf({ display_name: 'C# 9' })));
    assert.ok(!isAnonymous(contactOf({ display_name: 'UNK#DO1695', email: 'ana@x.example' })));
    assert.ok(!isAnonymous(contactOf({ display_name: 'UNK#DO1695', phone_number: '1' })));
    assert.ok(!isAnonymous(contactOf({ display_name: 'UNK#DO1695', first_name: 'Ana' })));
  });
  it('is somewhere', () => {
    assert.equal(placeOf(contactOf({ time_zone: 'Asia/Ho_Chi_Minh' })), 'Ho Chi Minh');
    assert.equal(placeOf(contactOf({ time_zone: 'America/Argentina/Salta' })), 'Salta');
    assert.equal(placeOf(contactOf({ time_zone: 'UTC' })), undefined);
    assert.equal(placeOf(contactOf({ time_zone: 'Asia/Taipei', location: '北京' })), '北京');
    assert.equal(contactName(contactOf({})), 'con_1');
  });
});

import assert from 'node:assert/strict';
import { ignoredFields, type ContactChanges } from '../../src/api/contactChanges.ts';
import { decodeContact, type Contact } from '../../src/api/decode/contact.ts';

const contactOf = (fields: Record<string, unknown>): Contact => {
  const contact = decodeContact({ id: 'con_1', ...fields }, 'contact', () => undefined);
  assert.ok(contact !== undefined);
  return contact;
};

/** What was sent, what the server answered, and which of it was ignored. */
const cases: [ContactChanges, Record<string, unknown>, string[]][] = [
  [{ gender: 'm' }, { gender: 'Male' }, []],
  [{ gender: 'male' }, { gender: 'M' }, []],
  [{ gender: 'F' }, { gender: 'female' }, []],
  [{ gender: 'f' }, { gender: 'Male' }, ['gender']],
  [{ gender: '' }, { gender: 'Male' }, ['gender']],
  [{ gender: 'diverse' }, { gender: 'Diverse' }, []],
  [{ email: ' Ana@X.Example ' }, { email: 'ana@x.example' }, []],
  [{ email: 'ana@x.example' }, { email: 'bea@x.example' }, ['email']],
  [{ phone_number: '+85288888888' }, { area_code: '852', phone_number: '88888888' }, []],
  [{ phone_number: '+852 8888-8888' }, { area_code: '+852', phone_number: '8888 8888' }, []],
  [{ phone_number: '0085288888888' }, { phone_number: '+85288888888' }, []],
  [{ area_code: '852', phone_number: '88888888' }, { phone_number: '+85288888888' }, []],
  [{ area_code: '852', phone_number: '88888888' }, { area_code: '852', phone_number: '88888888' }, []],
  [{ phone_number: '88888888' }, { area_code: '852', phone_number: '88888888' }, []],
  [{ phone_number: '+85288888889' }, { area_code: '852', phone_number: '88888888' }, ['phone_number']],
  [{ phone_number: '+8528888888' }, { area_code: '852', phone_number: '88888888' }, ['phone_number']],
  [{ phone_number: '' }, { area_code: '852', phone_number: '88888888' }, ['phone_number']],
  [{ phone_number: '' }, { area_code: '852' }, []],
  [{ area_code: '853' }, { area_code: '852', phone_number: '88888888' }, ['area_code']],
  [{ display_name: 'Ana  Ruiz ' }, { display_name: 'Ana Ruiz' }, []],
  [{ display_name: 'Ana' }, { display_name: 'ana' }, ['display_name']],
  [{ language: 'EN' }, { language: 'en' }, []],
  [{ birthday: '1990-02-03' }, { birthday: '1990-02-03T00:00:00.000Z' }, []],
  [{ birthday: '1990-02-03' }, { birthday: '1990-02-04T00:00:00.000Z' }, ['birthday']],
  [{ company_name: 'Lotus' }, {}, ['company_name']],
  [{ company_name: '' }, {}, []],
  [{ remark: 'a\nb' }, { remark: 'a\nb' }, []],
  [{ labels: ['vip', 'lead'] }, { labels: [{ name: 'lead' }, { name: 'vip' }] }, []],
  [{ labels: ['vip'] }, { labels: [] }, ['labels']],
];

describe('what a server ignored of a change', () => {
  for (const [changes, answer, ignored] of cases) {
    const text = `${JSON.stringify(changes)}, answered ${JSON.stringify(answer)}`;
    it(`${ignored.length === 0 ? 'nothing' : ignored.join()}: ${text}`, () =>
      assert.deepEqual(ignoredFields(changes, contactOf(answer)), ignored));
  }
});

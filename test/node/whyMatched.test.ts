import assert from 'node:assert/strict';
import type { Contact } from '../../src/api/decode/contact.ts';
import { mayMatch, whyMatched } from '../../src/lookup/whyMatched.ts';

const contact: Contact = {
  id: 'con_1f43b591',
  display_name: 'Đỗ Ưng',
  email: 'ung.do@northwind.example',
  area_code: '+84',
  phone_number: '0933 000 777',
  company_name: 'Smørrebrød ApS',
  remark: 'asks for a discount',
  labels: ['vip', 'nordics'],
  additional_params: {},
  other: {},
};

describe('why a contact was found', () => {
  for (const [query, field, text] of [
    ['do ung', 'name', 'Đỗ Ưng'],
    ['northwind', 'email', 'ung.do@northwind.example'],
    ['smorrebrod', 'company', 'Smørrebrød ApS'],
    ['NORDICS', 'label', 'nordics'],
    ['discount', 'remark', 'asks for a discount'],
    ['1f43', 'id', 'con_1f43b591'],
    ['con_1f43b591', 'id', 'con_1f43b591'],
    ['+84 933 000 777', 'phone', '+840933 000 777'],
    ['000777', 'phone', '+840933 000 777'],
    ['ung discount', 'several', ''],
  ] as const) {
    it(`${query}: ${field}`, () => assert.deepEqual(whyMatched(contact, query), { field, text }));
  }

  it('may be told before the server does', () => {
    for (const query of ['do', 'ung discount', 'ung-do', '0933', 'nordics northwind']) {
      assert.equal(mayMatch(contact, query), query !== 'ung-do', query);
    }
  });
});

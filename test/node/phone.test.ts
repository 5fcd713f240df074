import assert from 'node:assert/strict';
import { isSamePhone, wholePhone } from '../../src/contract/phone.ts';

describe('two phone numbers', () => {
  const same: [one: string, other: string][] = [
    ['+84912000345', '0912 000 345'],
    ['+84 912-000-345', '0084912000345'],
    ['84912000345', '0912000345'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+44 (020) 7946 0958', '020 7946 0958'],
    ['+1 212 555 0123', '(212) 555-0123'],
    ['+86 138 1234 5678', '13812345678'],
    ['852 2345 6789', '23456789'],
    ['＋８４ ９１２０００３４５', '+84912000345'],
  ];
  for (const [one, other] of same) {
    it(`${one} and ${other} are one phone`, () => {
      assert.ok(isSamePhone(one, other));
      assert.ok(isSamePhone(other, one));
    });
  }

  const different: [one: string, other: string][] = [
    ['+1 212 555 0123', '+1 312 555 0123'],
    ['+86 138 1234 5678', '+86 158 1234 5678'],
    ['+84912000345', '+66912000345'],
    ['13812345678', '15812345678'],
    ['+84 912 000 345', '+84 912 000 344'],
    ['12345', '12345'],
    ['', ''],
    ['1234567890123', '890123'],
  ];
  for (const [one, other] of different) {
    it(`${one} and ${other} are two`, () => {
      assert.ok(!isSamePhone(one, other));
      assert.ok(!isSamePhone(other, one));
    });
  }

  it('are compared with the country code that is kept beside them', () => {
    assert.ok(isSamePhone(wholePhone('+84', '0912000345'), '+84912000345'));
    assert.ok(isSamePhone(wholePhone('84', '912000345'), '+84912000345'));
    assert.ok(isSamePhone(wholePhone('+84', '+84912000345'), '0912000345'));
    assert.ok(!isSamePhone(wholePhone('+66', '0912000345'), '+84912000345'));
    assert.equal(wholePhone('+84', ''), '');
    assert.equal(wholePhone(undefined, undefined), '');
  });
});

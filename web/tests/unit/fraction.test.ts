import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fixedWidthDecimal, fractionOf } from '../../src/files/fraction';

const kDecimals: [number, number, string][] = [
  [1, 64, '0.01562500000000'],
  [-1, 64, '-0.0156250000000'],
  [2, 3, '0.66666666666667'],
  [1, 3, '0.33333333333333'],
  [0, 7, '0.00000000000000'],
  [2147483647, 1, '2147483647.00000'],
  [-2147483648, 1, '-2147483648.0000'],
  [1928501, 1000000, '1.92850100000000'],
  [4294967294, 4294967295, '0.99999999976717'],
];
for (const [numerator, denominator, text] of kDecimals) {
  it(`${numerator}/${denominator} is written as ${text}`, () => {
    assert.equal(fixedWidthDecimal({ numerator, denominator }), text);
    assert.equal(text.length, 16);
  });
}

it('takes a larger denominator where six decimals are too few', () => {
  assert.deepEqual(fractionOf(1e-5 / 3, 'signed'), { numerator: 3333, denominator: 1_000_000_000 });
});
it('keeps within the field', () => {
  assert.deepEqual(fractionOf(3000, 'signed'), { numerator: 0, denominator: 1_000_000 });
  assert.deepEqual(fractionOf(3000, 'unsigned'), { numerator: 3e9, denominator: 1_000_000 });
});
it('rounds halves away from zero', () => {
  // Both are exact in binary.
  assert.equal(fractionOf(0.5 + 2 ** -7, 'signed').numerator, 507813); // 507812.5
  assert.equal(fractionOf(-0.5 - 2 ** -7, 'signed').numerator, -507813);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholeNumber } from '../../../server/src/base/wholeNumber';

for (const [text, number] of [
  ['0', 0],
  ['42', 42],
  ['010', 10],
  ['0xcc0', 0xcc0],
  ['0X40DC0', 0x40dc0],
] as const)
  test(`${text} is a whole number`, () => assert.equal(wholeNumber(text), number));

for (const text of ['', '0x', '-1', '1.5', '1e3', '12k', ' 7', 'cc0', '0b1'])
  test(`'${text}' is none`, () => assert.equal(wholeNumber(text), undefined));

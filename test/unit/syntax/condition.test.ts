import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateCondition, soleMacro } from '../../../server/src/syntax/condition';
import type { BranchOracle } from '../../../server/src/syntax/sourceFile';

const options: Readonly<Record<string, boolean>> = {
  CONFIG_ON: true,
  CONFIG_OFF: false,
  CONFIG_OFF_MODULE: false,
  CONFIG_MOD: false,
  CONFIG_MOD_MODULE: true,
};
const oracle: BranchOracle = { configDefined: (name) => options[name] };
const evaluate = (text: string): number | undefined => evaluateCondition(text, oracle, new Map());

test('what is known decides, the rest is unknown', () => {
  for (const [text, value] of [
    ['1', 1],
    ['0', 0],
    ['0x10 + 010', 24],
    ['(1 << 3) == 8 && !0', 1],
    ['3 / 0', undefined],
    ['defined(CONFIG_ON)', 1],
    ['defined CONFIG_OFF', 0],
    ['!defined(CONFIG_OFF)', 1],
    ['defined(__KERNEL__) && !defined(__ASSEMBLY__)', 1],
    ['defined(__cplusplus)', 0],
    ['defined(CONFIG_UNKNOWN)', undefined],
    ['defined(CONFIG_UNKNOWN) && defined(CONFIG_OFF)', 0],
    ['defined(CONFIG_UNKNOWN) || defined(CONFIG_ON)', 1],
    ['BITS_PER_LONG == 64', undefined],
    ['0 && BITS_PER_LONG', 0],
    ['CONFIG_OFF', 0],
    ['__has_attribute(x) || 1', 1],
    ['1 /* comment */ && // more', undefined],
    ['1 /* comment */', 1],
    ['(1', 1],
    ['', undefined],
  ] as const) {
    assert.equal(evaluate(text), value, text);
  }
});

test('IS_ENABLED and its relatives know about modules', () => {
  for (const [text, value] of [
    ['IS_ENABLED(CONFIG_ON)', 1],
    ['IS_ENABLED(CONFIG_MOD)', 1],
    ['IS_ENABLED(CONFIG_OFF)', 0],
    ['IS_BUILTIN(CONFIG_MOD)', 0],
    ['IS_MODULE(CONFIG_MOD)', 1],
    ['IS_REACHABLE(CONFIG_ON)', 1],
    ['IS_REACHABLE(CONFIG_MOD)', undefined],
    ['IS_REACHABLE(CONFIG_OFF)', 0],
    ['IS_ENABLED(CONFIG_UNKNOWN)', undefined],
  ] as const) {
    assert.equal(evaluate(text), value, text);
  }
});

test('very deep conditions are unknown, not a crash', () => {
  assert.equal(evaluate(`${'('.repeat(10_000)}1`), undefined);
});

test('simple questions are recognised', () => {
  assert.deepEqual(soleMacro(' defined(CONFIG_A)'), { name: 'CONFIG_A', whenDefined: true });
  assert.deepEqual(soleMacro('!IS_ENABLED(CONFIG_A) '), { name: 'CONFIG_A', whenDefined: false });
  assert.equal(soleMacro('defined(A) && defined(B)'), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFixture } from './fixture';

test('wants on a line, alone above one, and several at once', () => {
  const { wants, mistakes } = readFixture(
    'a.c',
    ['x = f(1); // want rule-a "text" rule-b', '// want rule-c', '', 'y = g(2);', 'z = h(3); // want? rule-d'].join('\n'),
  );
  assert.deepEqual(mistakes, []);
  assert.deepEqual(
    wants.map(({ line, rule, message, certainty }) => [line, rule, message, certainty]),
    [
      [0, 'rule-a', 'text', 'definite'],
      [0, 'rule-b', '', 'definite'],
      [3, 'rule-c', '', 'definite'],
      [4, 'rule-d', '', 'possible'],
    ],
  );
});

test('carets give the columns of the want above them', () => {
  const { wants } = readFixture('a.c', ['\tx = f(mask); // want rule-a rule-b', '\t//    ^^^^ rule-b', '\t// ^ rule-a'].join('\n'));
  assert.deepEqual(wants[0]!.columns, { start: 4, end: 5 });
  assert.deepEqual(wants[1]!.columns, { start: 7, end: 11 });
});

test('facts, beside a want too', () => {
  const { facts, wants } = readFixture('a.c', 'x = f(1); // want rule-a "a // b" // fact context: no // fact gfp: GFP_KERNEL|?');
  assert.deepEqual(facts, [
    { line: 0, name: 'context', value: 'no' },
    { line: 0, name: 'gfp', value: 'GFP_KERNEL|?' },
  ]);
  assert.equal(wants[0]!.message, 'a // b');
});

test('headers', () => {
  const { kernel, config, path, silent } = readFixture(
    'a.c',
    '//# kernel 5.10.3\n//# config CONFIG_A=y\n//# path mm/x.c\n// want nothing\n',
  );
  assert.deepEqual([kernel, config.get('CONFIG_A'), path, silent], ['5.10.3', 'y', 'mm/x.c', true]);
});

test('mistakes of the fixture are told', () => {
  const mistakesOf = (text: string) => readFixture('a.c', text).mistakes.length;
  assert.equal(mistakesOf('int x;'), 1, 'no expectation at all');
  assert.equal(mistakesOf('// want nothing\nf(); // want rule-a'), 1, 'both');
  assert.equal(mistakesOf('f(); // want Rule "x"\n// want nothing'), 1, 'unreadable');
  assert.equal(mistakesOf('// ^^^\n// want nothing'), 1, 'carets alone');
  assert.equal(mistakesOf('//# kernle 6.1\n// want nothing'), 1, 'unknown header');
});

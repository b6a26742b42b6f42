import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readFixture } from '../../support/fixture';
import { applyAllFixes } from '../../support/ruleRunner';

/** The statement after the fix, which writes kmalloc_array(count, sizeof(u64), ...) for kmalloc(count * sizeof(u64), ...). */
function fixed(count: string, { indent = '\t', before = 'p = ', behind = ';', end = '\n}\n' } = {}): string {
  const head = `// want nothing\nvoid f(unsigned int ${count}, u64 *p)\n{\n`;
  const text = applyAllFixes(readFixture('a.c', `${head}${indent}${before}kmalloc(${count} * sizeof(u64), GFP_KERNEL)${behind}${end}`));
  assert.ok(text !== undefined);
  return text.slice(head.length, text.length - end.length);
}

/** A name that makes the fixed line as wide as asked. */
const nameFor = (columns: number, around: string): string => 'n'.repeat(columns - around.length);

describe('a call that is written anew', () => {
  const around = '        p = kmalloc_array(, sizeof(u64), GFP_KERNEL);';

  test('stays on its line up to 80 columns, else goes on under its first argument', () => {
    const fits = nameFor(80, around);
    assert.equal(fixed(fits), `\tp = kmalloc_array(${fits}, sizeof(u64), GFP_KERNEL);`);
    const wide = nameFor(81, around);
    assert.equal(fixed(wide), `\tp = kmalloc_array(${wide}, sizeof(u64),\n\t\t\t  GFP_KERNEL);`);
  });

  test('what stands behind it on the line counts, a comment does not', () => {
    const fits = nameFor(80, around);
    assert.match(fixed(fits, { behind: '; q = p;' }), /sizeof\(u64\),\n\t\t\t {2}GFP_KERNEL\); q = p;$/);
    assert.match(fixed(fits, { behind: '; /* for the ring */' }), /GFP_KERNEL\); \/\* for the ring \*\/$/);
    assert.match(fixed(fits, { behind: '; // for the ring' }), /sizeof\(u64\), GFP_KERNEL\); \/\/ for the ring$/);
  });

  test('the last line of a file may have no end', () => {
    const fits = nameFor(80, around);
    assert.equal(fixed(fits, { behind: '; }', end: '' }), `\tp = kmalloc_array(${fits}, sizeof(u64),\n\t\t\t  GFP_KERNEL); }`);
    assert.equal(fixed(fits, { end: '' }), `\tp = kmalloc_array(${fits}, sizeof(u64), GFP_KERNEL);`);
  });

  test('at the left edge', () => {
    const wide = nameFor(81, 'kmalloc_array(, sizeof(u64), GFP_KERNEL);');
    assert.equal(fixed(wide, { indent: '', before: 'p =\n' }), `p =\nkmalloc_array(${wide}, sizeof(u64),\n\t      GFP_KERNEL);`);
  });

  test('an argument that is too long for 80 columns may have 100; beyond that there is no fix', () => {
    const first = '        p = kmalloc_array(,';
    const at100 = nameFor(100, first);
    assert.equal(fixed(at100), `\tp = kmalloc_array(${at100},\n\t\t\t  sizeof(u64), GFP_KERNEL);`);
    assert.throws(() => fixed(nameFor(101, first)));
  });
});

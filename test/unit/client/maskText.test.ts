import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskTextAt } from '../../../client/src/maskText';

/** `^` under the line marks the cursor. */
const cases: readonly (readonly [line: string, cursor: string, expected: string | undefined])[] = [
  ['	p = kmalloc(n, GFP_KERNEL);', '                  ^', 'GFP_KERNEL'],
  ['	p = kmalloc(n, GFP_KERNEL);', '        ^', undefined],
  ['f(GFP_NOFS | __GFP_ZERO, 1)', '            ^', 'GFP_NOFS | __GFP_ZERO'],
  ['f(GFP_NOFS | __GFP_ZERO, 1)', '   ^', 'GFP_NOFS | __GFP_ZERO'],
  ['f(n, gfp & ~__GFP_DIRECT_RECLAIM);', '      ^', 'gfp & ~__GFP_DIRECT_RECLAIM'],
  ['f((GFP_KERNEL | __GFP_NOWARN) & ~__GFP_FS)', '     ^', '(GFP_KERNEL | __GFP_NOWARN) & ~__GFP_FS'],
  ['order:5, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)', '                 ^', '0x40cc0'],
  ['order:5, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)', '                            ^', 'GFP_KERNEL|__GFP_COMP'],
  ['return 0x20;', '         ^', '0x20'],
  ['', '^', undefined],
  ['int count = 3 | flags;', '    ^', undefined],
];

for (const [line, cursor, expected] of cases) {
  test(`${line.trim()} at ${cursor.length - 1}`, () => assert.equal(maskTextAt(line, cursor.indexOf('^')), expected));
}

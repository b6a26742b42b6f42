import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Interner } from '../../../server/src/base/interner';
import { parseFile } from '../../../server/src/syntax/parseFile';
import type { SourceFile } from '../../../server/src/syntax/sourceFile';
import { SNIPPETS } from './snippets';

const BRANCHES = `#include <linux/slab.h>
#define SIZE(n) ((n) * 2)
#ifdef CONFIG_A
static int f(int a)
{
#else
static int f(void)
{
#endif
	return SIZE(1);
}
`;
const TEXTS = [...SNIPPETS, BRANCHES, ''];

/** All that is to be seen of a file. */
function contents({ tokens, tree, root, functions, alternates, damage, macros, includes }: SourceFile): object {
  const { tokens: _, ...nodes } = tree;
  return { tokens, nodes, root, functions, alternates, damage, macros: macros.all, includes };
}

test('a text that is read over another reads as it does by itself', () => {
  const encoder = new TextEncoder();
  const text = fc.array(fc.constantFrom(...TEXTS), { maxLength: 6 }).map((parts) => encoder.encode(parts.join('\n')));
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 6 }), (versions) => {
      const interner = new Interner();
      let last: SourceFile | undefined;
      for (const bytes of versions) {
        const expected = contents(parseFile('a.c', bytes, { interner }));
        last = parseFile('a.c', bytes, { interner, over: last });
        assert.deepEqual(contents(last), expected);
      }
    }),
  );
});

test('versions of a text share one memory', () => {
  const interner = new Interner();
  const encoder = new TextEncoder();
  const read = (source: string, over?: SourceFile): SourceFile => parseFile('a.c', encoder.encode(source), { interner, over });
  const first = read(BRANCHES);
  const roomier = read(`${BRANCHES}int x;`, first);
  const last = read(BRANCHES.replace('SIZE(1)', 'SIZE(1) + 1'), roomier);
  assert.equal(last.tokens.start.buffer, roomier.tokens.start.buffer);
  assert.equal(last.tree.next.buffer, roomier.tree.next.buffer);
});

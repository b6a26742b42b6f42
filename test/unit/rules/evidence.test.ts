import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFixture } from '../../support/fixture';
import { judge } from '../../support/ruleRunner';

const decoder = new TextDecoder();

/** The findings of a rule in the body of a function: message, then the notes with the source text they point at, then the fixes. */
function told(rule: string, body: string, { kernel = '6.1', head = 'static void f(struct ring *r, bool atomic)' } = {}): readonly string[] {
  const text = `//# kernel ${kernel}\n// want nothing\n#include <linux/slab.h>\n\n${head}\n{\n${body}\n}\n`;
  const { facts, findings } = judge(readFixture('a.c', text));
  const source = ({ start, end }: { start: number; end: number }) => decoder.decode(facts.file.bytes.subarray(start, end));
  return findings
    .filter((finding) => finding.rule === rule)
    .flatMap(({ message, trace = [], fixes = [] }) => [
      message,
      ...trace.map((step) => `  ${step.message}: ${source(step.range)}`),
      ...fixes.map(({ title, safety }) => `  ${safety}: ${title}`),
    ]);
}

test('a lock that is held: where it was taken, once, however much it does', () => {
  assert.deepEqual(
    told(
      'sleep-in-atomic',
      '\tspin_lock_irqsave(&r->lock, r->flags);\n\tr->p = kmalloc(8, GFP_KERNEL);\n\tspin_unlock_irqrestore(&r->lock, r->flags);',
    ),
    [
      'kmalloc() with GFP_KERNEL may sleep, but spinlock &r->lock is held',
      '  &r->lock is taken here by spin_lock_irqsave(): spin_lock_irqsave(&r->lock, r->flags)',
      '  safe: Use GFP_ATOMIC',
    ],
  );
});

test('a lock that is held on some path only: it is said so, and no fix is offered', () => {
  assert.deepEqual(
    told(
      'sleep-in-atomic',
      '\tif (atomic)\n\t\tspin_lock(&r->lock);\n\tr->p = kmalloc(8, GFP_KERNEL);\n\tif (atomic)\n\t\tspin_unlock(&r->lock);',
    ),
    [
      'kmalloc() with GFP_KERNEL may sleep, but spinlock &r->lock is held on some path',
      '  &r->lock is taken here by spin_lock(), on some path: spin_lock(&r->lock)',
    ],
  );
});

test('sizes: what is known exactly, and what is a lower bound', () => {
  const free = '\tvoid *p = kmalloc(SIZE, GFP_KERNEL);\n\n\tif (p)\n\t\tring_copy(r, ((u8 *)p)[0]);\n\tkfree(p);';
  const large = (size: string): string | undefined =>
    told('prefer-kvmalloc', free.replace('SIZE', size)).find((line) => line.startsWith('kmalloc'));
  assert.match(large('262144') ?? '', /^kmalloc\(\) needs 256 KiB of contiguous memory/);
  assert.match(large('262144 + r->more * 8u') ?? '', /^kmalloc\(\) needs at least 256 KiB of contiguous memory/);
});

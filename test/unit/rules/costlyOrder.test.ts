import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFixture } from '../../support/fixture';
import { judge } from '../../support/ruleRunner';

/** The severity of the one finding of costly-order in a function. */
function severity(head: string, expression: string, path = 'drivers/fixture/a.c'): string {
  const text = `//# path ${path}\n// want nothing\n#include <linux/slab.h>\n\n${head}\n{\n\treturn ${expression};\n}\n`;
  const found = judge(readFixture('a.c', text)).findings.filter((finding) => finding.rule === 'costly-order');
  assert.equal(found.length, 1, text);
  return `${found[0]!.certainty} ${found[0]!.severity}`;
}

const OPEN = 'static void *ring_open(struct ring *ring)';

test('a large request while the device is in use is a warning', () => {
  assert.equal(severity(OPEN, 'kmalloc(65536, GFP_KERNEL)'), 'definite warning');
});

test('where a device is probed it is information', () => {
  assert.equal(severity('static void *ring_probe(struct ring *ring)', 'kmalloc(65536, GFP_KERNEL)'), 'definite info');
  assert.equal(severity('static void *probe_again(struct ring *ring)', 'kmalloc(65536, GFP_KERNEL)'), 'definite info');
  assert.equal(severity('static void *kprobes_open(struct ring *ring)', 'kmalloc(65536, GFP_KERNEL)'), 'definite warning');
});

test('boot code, tests and quiet masks get a hint', () => {
  assert.equal(severity('static void *__init ring_init(void)', 'kmalloc(65536, GFP_KERNEL)'), 'definite hint');
  assert.equal(severity(OPEN, 'kmalloc(65536, GFP_KERNEL)', 'drivers/gpu/fixture/selftest_ring.c'), 'definite hint');
  assert.equal(severity(OPEN, 'kmalloc(65536, GFP_KERNEL)', 'lib/test_ring.c'), 'definite hint');
  assert.equal(severity(OPEN, 'kmalloc(65536, GFP_KERNEL | __GFP_NOWARN)'), 'definite hint');
});

test('who asks for a block on purpose gets a hint', () => {
  assert.equal(severity(OPEN, '(void *)__get_free_pages(GFP_KERNEL, 5)'), 'definite hint');
  assert.equal(severity(OPEN, 'alloc_pages_exact(65536, GFP_KERNEL)'), 'definite hint');
  assert.equal(severity(OPEN, 'kmalloc(65536, GFP_KERNEL | GFP_DMA)'), 'definite hint');
});

test('a count that user space chooses is information, in boot code and tests a hint', () => {
  const open = (mark = ''): string => `static void *${mark}ring_open(const struct nlattr *attr)`;
  const chosen = 'kcalloc(nla_get_u32(attr), 832, GFP_KERNEL_ACCOUNT)';
  assert.equal(severity(open(), chosen), 'definite info');
  assert.equal(severity(open('__init '), chosen), 'definite hint');
  assert.equal(severity(open(), chosen, 'lib/test_ring.c'), 'definite hint');
});

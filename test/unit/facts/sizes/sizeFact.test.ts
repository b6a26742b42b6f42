import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Interner } from '../../../../server/src/base/interner';
import { analyseFile } from '../../../../server/src/facts/analyseFile';
import { createHeaders } from '../../../../server/src/facts/headers/headers';
import type { SizeFact } from '../../../../server/src/facts/site';
import { kmallocOrder, orderForBytes } from '../../../../server/src/facts/sizes';
import { parseFile } from '../../../../server/src/syntax/parseFile';
import { analyseText } from '../../../support/analyse';
import { exactly, MODEL } from './support';

const TYPES = 'struct item { u32 id; u8 name[28]; }; struct list { u64 head; struct item items[]; };\n';

/** The size of the first call in a function body. */
function sizeOf(call: string): SizeFact {
  const facts = analyseText(`${TYPES}void f(struct list *l, struct item *i, int n)\n{\n\tuse(${call});\n}\n`, 'drivers/size.c', MODEL);
  const size = facts.functions[0]?.calls[0]?.size;
  assert.ok(size !== undefined, `no size for ${call}`);
  return size;
}

describe('how much memory a call asks for', () => {
  it('bytes', () => {
    assert.deepEqual(sizeOf('kmalloc(sizeof(*i), GFP_KERNEL)').bytes, exactly(32));
    assert.match(sizeOf('kmalloc(sizeof(*i), GFP_KERNEL)').reason, /sizeof\(struct item\) = 32/);
  });

  it('products have a count and an element', () => {
    for (const call of [
      'kmalloc(n * sizeof(*i), GFP_KERNEL)',
      'kmalloc(sizeof(*i) * n, GFP_KERNEL)',
      'kmalloc(array_size(n, sizeof(*i)), GFP_KERNEL)',
      'kcalloc(n, sizeof(*i), GFP_KERNEL)',
    ]) {
      const size = sizeOf(call);
      assert.equal(size.count?.text, 'n', call);
      assert.deepEqual(size.element?.interval, exactly(32), call);
      assert.deepEqual(size.bytes, { min: 0, max: undefined }, call);
    }
  });

  it('struct_size has its member as the element', () => {
    const size = sizeOf('kzalloc(struct_size(l, items, n), GFP_KERNEL)');
    assert.deepEqual(size.bytes, { min: 8, max: undefined });
    assert.deepEqual(size.element?.interval, exactly(32));
    assert.equal(size.count?.text, 'n');
    assert.deepEqual(sizeOf('kzalloc(struct_size(l, items, 100), GFP_KERNEL)').bytes, exactly(3208));
  });

  it('orders', () => {
    const size = sizeOf('alloc_pages(GFP_KERNEL, get_order(20000))');
    assert.deepEqual(size.order, exactly(3));
    assert.deepEqual(size.bytes, exactly(32768));
  });
});

describe('orders', () => {
  it('round up to powers of two of a page', () => {
    assert.deepEqual(
      [0, 1, 4096, 4097, 8192, 8193, 32768, 32769].map((bytes) => orderForBytes(bytes, 4096)),
      [0, 0, 0, 1, 1, 2, 3, 4],
    );
    assert.equal(kmallocOrder(MODEL, 65537), 5);
  });
});

it('a struct without a name and body, as it stands while it is typed, has no size', () => {
  const text = 'struct table{struct}d(\n{struct table*t=kzalloc(struct_size(t ),GFP_KERNEL';
  const headers = createHeaders({ read: () => undefined, model: MODEL, branches: undefined, annotations: new Set() });
  const file = parseFile('drivers/size.c', Buffer.from(text), { interner: new Interner() });
  for (const { calls } of analyseFile(file, MODEL, false, headers).functions)
    for (const { size } of calls) assert.equal(size?.bytes.max, undefined);
});

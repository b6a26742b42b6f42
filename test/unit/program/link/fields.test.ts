import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingsIn, linkTree, type TreeFiles, treeMismatch } from '../../../support/linkedTree';

/** A driver in three files: its header, the one that allocates, the one that frees. */
function driver(init: string, exit: string, more = ''): TreeFiles {
  return {
    'drivers/net/ring/ring.h': `struct ring {
	u32 *slots;
	u32 *spare[4];
	unsigned int count;
	spinlock_t lock;
};

int ring_init(struct ring *r);
void ring_exit(struct ring *r);
`,
    'drivers/net/ring/init.c': `#include <linux/slab.h>
#include "ring.h"

int ring_init(struct ring *r)
{
${init}
	return 0;
}
`,
    'drivers/net/ring/exit.c': `#include <linux/slab.h>
#include "ring.h"

${more}void ring_exit(struct ring *r)
{
${exit}
}
`,
  };
}

const INIT = 'drivers/net/ring/init.c';
const EXIT = 'drivers/net/ring/exit.c';
const FILL = `	r->slots = kvcalloc(r->count, 4, GFP_KERNEL);
	if (!r->slots)
		return -ENOMEM;`;

describe('memory that one file allocates and another frees', () => {
  test('is freed by the wrong function', () => {
    const want = '	kfree(r->slots); // want free-mismatch "it comes from kvcalloc() in drivers/net/ring/init.c, which kvfree() frees"';
    assert.equal(treeMismatch(driver(FILL, want)), '');
  });

  test('the edit and the evidence name both files', () => {
    const [finding] = findingsIn(linkTree(driver(FILL, '	kfree(r->slots);')), EXIT);
    assert.equal(finding?.trace?.[0]?.path, INIT);
    assert.deepEqual([finding?.fixes?.[0]?.title, finding?.fixes?.[0]?.safety], ['Use kvfree()', 'safe']);
  });

  test('is freed by way of a local variable, in an array of the struct', () => {
    const fill = `	u32 *slots = kvcalloc(r->count, 4, GFP_KERNEL);

	if (!slots)
		return -ENOMEM;
	r->spare[0] = slots;`;
    const exit = `	u32 *old = r->spare[1];

	kfree(old); // want free-mismatch "struct ring.spare[]"`;
    assert.equal(treeMismatch(driver(fill, exit)), '');
  });

  test('is left alone when the free function takes it', () => {
    assert.equal(treeMismatch(driver(FILL, '	kvfree(r->slots);')), '');
  });

  test('is only possibly wrong when something unknown is stored in the member as well', () => {
    const fill = `${FILL}
	if (r->count > 64)
		r->slots = ring_borrow(r);`;
    assert.equal(treeMismatch(driver(fill, '	kfree(r->slots); // want? free-mismatch "comes from kvcalloc()"')), '');
  });

  test('is left alone when some of it is of the right kind: a test that is not seen chooses', () => {
    const fill = `	if (r->count < 64)
		r->slots = kcalloc(r->count, 4, GFP_KERNEL);
	else
		r->slots = kvcalloc(r->count, 4, GFP_KERNEL);
	if (!r->slots)
		return -ENOMEM;`;
    const mismatch = treeMismatch(driver(fill, '	kfree(r->slots);'));
    assert.doesNotMatch(mismatch, /free-mismatch/);
  });

  test('a member of the same name in another struct is another member', () => {
    const files = driver(FILL, '	kvfree(r->slots);');
    const other = `#include <linux/slab.h>

struct cache {
	u32 *slots;
};

void cache_drop(struct cache *c)
{
	kfree(c->slots);
}
`;
    assert.equal(treeMismatch({ ...files, 'drivers/net/ring/cache.c': other }), '');
  });

  test('is only possibly wrong when any file of the kernel can include the struct', () => {
    const { [INIT]: init, [EXIT]: exit } = driver(FILL, '	kfree(r->slots); // want? free-mismatch "comes from kvcalloc()"');
    assert.equal(treeMismatch({ [INIT]: init!, [EXIT]: exit! }), '');
  });
});

const LARGE = `	r->slots = kcalloc(65536, sizeof(u32), GFP_KERNEL);
	if (!r->slots)
		return -ENOMEM;`;

/** The fix of the allocation in init.c: its title and safety, and where it changes what. */
function conversion(files: TreeFiles) {
  const finding = findingsIn(linkTree(files), INIT).find(({ rule }) => rule === 'prefer-kvmalloc');
  if (finding === undefined) return undefined;
  const fix = finding.fixes?.[0];
  const edits = fix?.edits.map(({ path = INIT, range, newText }) => {
    const old = files[path]!.slice(range.start, range.end);
    return `${path.slice(path.lastIndexOf('/') + 1)}: ${old} -> ${newText}`;
  });
  return { certainty: finding.certainty, title: fix?.title, safety: fix?.safety, edits };
}

describe('a large array that another file frees', () => {
  test('is converted in both files at once', () => {
    assert.deepEqual(conversion(driver(LARGE, '	kfree(r->slots);')), {
      certainty: 'definite',
      title: 'Use kvcalloc() and kvfree() in 2 files',
      safety: 'safe',
      edits: ['init.c: kcalloc -> kvcalloc', 'exit.c: kfree -> kvfree'],
    });
  });

  test('is converted in its own driver, whatever a neighbour calls the same', () => {
    const at = (folder: string, files: TreeFiles): TreeFiles =>
      Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path.replace('drivers/net/ring/', `drivers/net/ethernet/rings/${folder}/`), text]),
      );
    const files = {
      ...at('new/older', driver(LARGE.replace('u32', 'u8'), '	kfree(r->slots);')),
      ...at('old', driver(LARGE, '	kfree(r->slots);')),
      ...at('new', driver(LARGE.replace('u32', 'u64'), '	kfree(r->slots);')),
    };
    const found = linkTree(files);
    for (const folder of ['old', 'new', 'new/older']) {
      const path = `drivers/net/ethernet/rings/${folder}/init.c`;
      const [finding] = findingsIn(found, path).filter(({ rule }) => rule === 'prefer-kvmalloc');
      assert.equal(finding?.fixes?.[0]?.safety, 'safe');
      assert.deepEqual(
        finding?.fixes?.[0]?.edits.map((edit) => edit.path ?? path),
        [path, `drivers/net/ethernet/rings/${folder}/exit.c`],
      );
    }
  });

  test('is not converted when another file maps it for a device', () => {
    const exit = `	dma_sync_single_for_cpu(r->dev, virt_to_phys(r->slots), 4096, DMA_FROM_DEVICE);
	kfree(r->slots);`;
    assert.equal(conversion(driver(LARGE, exit)), undefined);
  });

  test('wants a person when another file hands it on', () => {
    const found = conversion(driver(LARGE, '	ring_publish(r->slots);\n	kfree(r->slots);'));
    assert.deepEqual(
      [found?.safety, found?.title],
      ['unsafe', 'Use kvcalloc() and kvfree() in 2 files; look first: it is passed to ring_publish()'],
    );
  });

  test('wants a person when it is freed under a lock', () => {
    const found = conversion(driver(LARGE, '	spin_lock(&r->lock);\n	kfree(r->slots);\n	spin_unlock(&r->lock);'));
    assert.equal(found?.safety, 'unsafe');
    assert.match(found?.title ?? '', /kvfree\(\) may sleep, but it is freed while &r->lock is held/);
  });

  test('wants a person when a caller holds a lock where it is freed', () => {
    const caller = `void ring_reset(struct ring *r)
{
	spin_lock(&r->lock);
	ring_exit(r);
	spin_unlock(&r->lock);
}

`;
    const found = conversion(driver(LARGE, '	kfree(r->slots);', caller));
    assert.equal(found?.safety, 'unsafe');
    assert.match(found?.title ?? '', /kvfree\(\) may sleep, but .*ring_reset\(\)/);
  });

  test('is freed by RCU in both cases', () => {
    const found = conversion(driver(LARGE, '	kfree_rcu(r->slots, rcu);'));
    assert.deepEqual(found?.edits, ['init.c: kcalloc -> kvcalloc', 'exit.c: kfree_rcu -> kvfree_rcu']);
  });

  test('wants a person when it is wiped before it is freed', () => {
    const found = conversion(driver(LARGE, '	kfree_sensitive(r->slots);'));
    assert.deepEqual([found?.certainty, found?.edits], ['possible', undefined]);
  });
});

test('a macro that uses the member may do anything with it', () => {
  const files = driver(LARGE, '	kfree(r->slots);');
  const header = `${files['drivers/net/ring/ring.h']}\n#define ring_slot(r, i) ((r)->slots + (i))\n`;
  const found = conversion({ ...files, 'drivers/net/ring/ring.h': header });
  assert.equal(found?.safety, 'unsafe');
});

describe('memory that a function returns', () => {
  const maker = (body: string) => `#include <linux/slab.h>

u32 *slots_new(unsigned int count)
{
${body}
}
`;
  const user = (free: string) => `#include <linux/slab.h>

int slots_run(unsigned int count)
{
	u32 *slots = slots_new(count);

	if (!slots)
		return -ENOMEM;
	slots[0] = count;
${free}
	return 0;
}
`;

  test('to another file, which frees it in a wrong way', () => {
    const free =
      '	kfree(slots); // want free-mismatch "kfree() cannot free slots: it comes from kvcalloc() in lib/make.c, which kvfree() frees"';
    assert.equal(treeMismatch({ 'lib/make.c': maker('	return kvcalloc(count, 4, GFP_KERNEL);'), 'drivers/md/use.c': user(free) }), '');
  });

  test('to another file, in two ways', () => {
    const body = `	u32 *slots = count < 64 ? kcalloc(count, 4, GFP_KERNEL) : kvcalloc(count, 4, GFP_KERNEL);

	return slots;`;
    const found = treeMismatch({ 'lib/make.c': maker(body), 'drivers/md/use.c': user('	kvfree(slots);') });
    assert.doesNotMatch(found, /free-mismatch/);
  });

  test('within the file', () => {
    const text = `${maker('	return kvcalloc(count, 4, GFP_KERNEL);')}${user('	kfree(slots); // want free-mismatch "it comes from kvcalloc(), which kvfree() frees"')}`;
    assert.equal(treeMismatch({ 'drivers/md/one.c': text }), '');
  });
});

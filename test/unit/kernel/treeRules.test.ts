import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  configOf,
  explainMask,
  type KernelConfig,
  type KernelModel,
  loadModel,
  modelOfTree,
  parseRelease,
} from '../../../server/src/kernel/index';

/** Made-up sources in the kernel's style: what a vendor or stable tree may have changed against the release in its Makefile. */
function tree(release: string, files: Readonly<Record<string, string>>, config?: KernelConfig): KernelModel {
  const [version, level, stable = '1'] = release.split('.');
  const all: Readonly<Record<string, string>> = {
    Makefile: `VERSION = ${version}\nPATCHLEVEL = ${level}\nSUBLEVEL = ${stable}\n`,
    ...files,
  };
  return modelOfTree({ read: (path) => all[path] }, config);
}

const tables = (release: string) => loadModel({ release: parseRelease(release)! });

test('kvmalloc: what its first try asks for, and which masks fall back to vmalloc', () => {
  const hurried = `
/* kvmalloc_node() tries a block first */
void *kvmalloc_node(size_t size, gfp_t flags, int node)
{
	gfp_t first = flags | __GFP_NOWARN;
	void *p;

	if (!(flags & __GFP_RETRY_MAYFAIL))
		first &= ~__GFP_DIRECT_RECLAIM;
	p = kmalloc_node(size, first, node);
	if (p || size <= PAGE_SIZE)
		return p;
	return vmalloc_fallback(size, flags);
}
`;
  const { kvmalloc } = tree('6.6', { 'mm/util.c': hurried }).behaviour;
  assert.deepEqual(kvmalloc, {
    exists: true,
    masks: 'blocking',
    firstTry: 'no-direct-reclaim',
    dropsNofail: false,
    fallsBackNonBlocking: true,
    sizeLimit: false,
  });
  const careful = hurried
    .replace('first &= ~__GFP_DIRECT_RECLAIM', 'first |= __GFP_NORETRY')
    .replace(
      '\treturn vmalloc',
      '\tif (!gfpflags_allow_blocking(flags))\n\t\treturn NULL;\n\tif (size > INT_MAX)\n\t\treturn NULL;\n\treturn vmalloc',
    );
  assert.deepEqual(
    [tree('6.19', { 'mm/slub.c': careful }).behaviour.kvmalloc.masks, tree('6.19', { 'mm/slub.c': careful }).behaviour.kvmalloc.firstTry],
    ['blocking', 'noretry'],
  );
  const plain = hurried.replace(
    'gfp_t first',
    'if ((flags & GFP_KERNEL) != GFP_KERNEL)\n\t\treturn kmalloc_node(size, flags, node);\n\tgfp_t first',
  );
  assert.equal(tree('6.1', { 'mm/util.c': plain }).behaviour.kvmalloc.masks, 'kernel-or-plain');
  assert.deepEqual(
    tree('6.1', { 'mm/util.c': '/* void *kvmalloc_node(size_t n) */\n' }).behaviour.kvmalloc,
    tables('6.1').behaviour.kvmalloc,
  );
});

test('scopes: those whose effect current_gfp_context() has', () => {
  const header = (lines: string) => ({
    'include/linux/sched/mm.h': `static inline gfp_t current_gfp_context(gfp_t flags)\n{\n\tunsigned int pflags = current->flags;\n\n${lines}\treturn flags;\n}\n`,
  });
  const all = `	if (unlikely(pflags & (PF_MEMALLOC_NOIO | PF_MEMALLOC_NOFS | PF_MEMALLOC_PIN))) {
		if (pflags & PF_MEMALLOC_NOIO)
			flags &= ~(__GFP_IO | __GFP_FS);
		if (pflags & PF_MEMALLOC_PIN)
			flags &= ~__GFP_MOVABLE;
	}
`;
  assert.deepEqual(tree('6.1', header(all)).behaviour.scopes, { nofs: false, pin: true, nocma: false, noreclaim: false });
  const vendor =
    '\tif (pflags & PF_MEMALLOC_NORECLAIM)\n\t\tflags &= ~__GFP_DIRECT_RECLAIM;\n\telse if (pflags & PF_MEMALLOC_NOFS)\n\t\tflags &= ~__GFP_FS;\n';
  const model = tree('6.1', header(vendor));
  assert.deepEqual(model.behaviour.scopes, { nofs: true, pin: false, nocma: false, noreclaim: true });
  const bits = model.flags.bits('GFP_KERNEL')!;
  assert.equal(explainMask(model, { input: '', bits, context: ['noreclaim'] }).mayBlock, false);
});

test('__GFP_NOFAIL: the order above which the slow path warns', () => {
  const slowPath = (warning: string) => ({
    'mm/page_alloc.c': `static inline struct page *\n__alloc_pages_slowpath(gfp_t gfp_mask, unsigned int order)\n{\n\tbool nofail = gfp_mask & __GFP_NOFAIL;\n${warning}\treturn NULL;\n}\n`,
  });
  const above = (release: string, warning: string) => tree(release, slowPath(warning)).behaviour.nofail.warnAboveOrder;
  assert.equal(above('6.12', '\tif (nofail) {\n\t\tWARN_ON_ONCE(order > 2);\n\t}\n'), 2);
  assert.equal(above('6.12', ''), undefined);
  assert.equal(above('6.19', '\tWARN_ON_ONCE(nofail && order > 1);\n'), 1);
  const old = `${slowPath('')['mm/page_alloc.c']}
static struct page *buffered_rmqueue(struct zone *zone, unsigned int order, gfp_t gfp_flags)
{
	WARN_ON_ONCE((gfp_flags & __GFP_NOFAIL) && (order > 1));
	return NULL;
}
`;
  assert.equal(tree('4.9', { 'mm/page_alloc.c': old }).behaviour.nofail.warnAboveOrder, 1);
  assert.equal(tree('6.12', { 'mm/page_alloc.c': 'void other(void)\n{\n}\n' }).behaviour.nofail.warnAboveOrder, 1);
});

test('reserves: __GFP_HIGH asked for in a helper of its own, and what an OOM victim gets', () => {
  const files = {
    'mm/page_alloc.h': '#define ALLOC_OOM 0x08\n#define ALLOC_NON_BLOCK 0x10\n',
    'mm/page_alloc.c': `static unsigned int alloc_flags_nonblocking(gfp_t gfp, unsigned int order)
{
	unsigned int flags = ALLOC_NON_BLOCK;

	if (order > 0 && (gfp & __GFP_HIGH))
		flags |= ALLOC_HIGHATOMIC;
	return flags;
}
`,
  };
  const { reserves, highatomic, oomVictim } = tree('6.3', files).behaviour;
  assert.deepEqual([reserves, highatomic, oomVictim], ['non-blocking', 'non-blocking-high', 'half']);
});

test('vmalloc: the list of masks it takes', () => {
  const source = '#define GFP_VMALLOC_SUPPORTED (GFP_KERNEL | GFP_NOIO | \\\n\t__GFP_NOFAIL /* not __GFP_COMP */ | __GFP_POOL)\n';
  const { masks, whitelist } = tree('6.12', { 'mm/vmalloc.c': source }).behaviour.vmalloc;
  assert.deepEqual([masks, whitelist], ['whitelist', ['GFP_KERNEL', 'GFP_NOIO', '__GFP_NOFAIL', '__GFP_POOL']]);
});

test('kmalloc: the sizes of the slab allocator that is built', () => {
  const slab = `#ifdef CONFIG_SLAB
#define KMALLOC_SHIFT_HIGH ((MAX_ORDER + PAGE_SHIFT - 1) <= 20 ? \\
				(MAX_ORDER + PAGE_SHIFT - 1) : 20)
#define KMALLOC_SHIFT_MAX KMALLOC_SHIFT_HIGH
#endif
#ifdef CONFIG_SLUB
#define KMALLOC_SHIFT_HIGH (PAGE_SHIFT + 2)
#define KMALLOC_SHIFT_MAX (MAX_ORDER + PAGE_SHIFT - 1)
#endif
`;
  const mmzone = '#define MAX_ORDER 11\n#define MAX_ORDER_NR_PAGES (1 << (MAX_ORDER - 1))\n';
  const limits = (text: string, config?: KernelConfig) => {
    const { kmallocMax, kmallocMaxCache } = tree('5.10', { 'include/linux/slab.h': text, 'include/linux/mmzone.h': mmzone }, config).limits;
    return [kmallocMax, kmallocMaxCache];
  };
  assert.deepEqual(limits(slab), [4 << 20, 16384]);
  assert.deepEqual(limits(slab, configOf({ CONFIG_SLAB: true })), [1 << 20, 1 << 20]);
  assert.deepEqual(limits('#define KMALLOC_SHIFT_MAX SOMETHING_ELSE\n'), [4 << 20, 8192]);
});

test('kmalloc of old releases asked for twice the largest block', () => {
  const order = (release: string, config?: Readonly<Record<string, boolean>>) => {
    const model = loadModel({ release: parseRelease(release)!, config: config === undefined ? undefined : configOf(config) });
    return explainMask(model, { input: '', bits: model.flags.bits('GFP_KERNEL')!, size: 5 << 20 }).kmalloc!.order;
  };
  assert.deepEqual([order('4.4.155'), order('4.8'), order('4.9'), order('4.10'), order('6.12')], [11, 11, null, null, null]);
  assert.deepEqual([order('4.4', { CONFIG_SLAB: true }), order('4.4', { CONFIG_SLOB: true })], [null, 11]);
});

test('larger pages: orders and sizes of architectures that use them', () => {
  const limits = (release: string, config: Readonly<Record<string, boolean>>) => {
    const { pageSize, maxPageOrder, kmallocMax, kmallocMaxCache, kmallocMinSize } = loadModel({
      release: parseRelease(release)!,
      config: configOf(config),
    }).limits;
    return [pageSize, maxPageOrder, kmallocMax, kmallocMaxCache, kmallocMinSize];
  };
  const arm64 = { CONFIG_ARM64: true, CONFIG_MMU: true };
  assert.deepEqual(limits('6.12', { ...arm64, CONFIG_ARM64_64K_PAGES: true }), [65536, 13, 2 ** 29, 131072, 8]);
  assert.deepEqual(limits('6.1', { ...arm64, CONFIG_ARM64_16K_PAGES: true }), [16384, 11, 2 ** 25, 32768, 128]);
  assert.deepEqual(limits('5.10', { ...arm64, CONFIG_ARM64_64K_PAGES: true, CONFIG_SLAB: true }), [65536, 13, 2 ** 25, 2 ** 25, 128]);
  assert.deepEqual(limits('6.12', { CONFIG_PPC64: true, CONFIG_PPC_64K_PAGES: true }), [65536, 8, 2 ** 24, 131072, 8]);
  assert.deepEqual(limits('6.12', { CONFIG_LOONGARCH: true, CONFIG_PAGE_SIZE_16KB: true }), [16384, 11, 2 ** 25, 32768, 16]);
});

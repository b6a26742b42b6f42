import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEnabled, modelOfTree, newestRelease, parseAutoconf, parseConfig } from '../../../server/src/kernel/index';

/** Flags of both ways to define them. */
const COMMON = [
  'DMA',
  'HIGHMEM',
  'DMA32',
  'MOVABLE',
  'RECLAIMABLE',
  'HIGH',
  'IO',
  'FS',
  'ZERO',
  'DIRECT_RECLAIM',
  'KSWAPD_RECLAIM',
  'WRITE',
  'NOWARN',
  'NOFAIL',
  'NORETRY',
];

const MAKEFILE = '# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 77\nEXTRAVERSION = -vendor\nNAME = Some Name\n';

/** A made-up gfp_types.h in the old style: constants, one flag behind an option, and a vendor's flag and composite. */
const CONSTANTS = `
/* #define ___GFP_COMMENTED 0x1u */
#define ___GFP_DMA 0x01u
#define ___GFP_HIGHMEM 0x02u
#define ___GFP_DMA32 0x04u
#define ___GFP_MOVABLE 0x08u
#define ___GFP_RECLAIMABLE 0x10u
#define ___GFP_HIGH 0x20u
#define ___GFP_IO 0x40u
#define ___GFP_FS 0x80u
#define ___GFP_ZERO 0x100u
#define ___GFP_DIRECT_RECLAIM 0x400u
#define ___GFP_KSWAPD_RECLAIM 0x800u
#define ___GFP_WRITE 0x1000u
#define ___GFP_NOWARN 0x2000u
#define ___GFP_NOFAIL 0x8000u
#define ___GFP_NORETRY 0x10000u
#ifdef CONFIG_LOCKDEP
#define ___GFP_NOLOCKDEP 0x20000u
#else
#define ___GFP_NOLOCKDEP 0
#endif
#ifdef CONFIG_VENDOR_POOL
#define ___GFP_POOL BIT(20)
#else
#define ___GFP_POOL 0
#endif
#if 0
#define ___GFP_NEVER 0x40000000u
#endif
${[...COMMON, 'NOLOCKDEP', 'POOL'].map((name) => `#define __GFP_${name}\t((__force gfp_t)___GFP_${name}) /* page ${name} */`).join('\n')}
#define __GFP_RECLAIM ((__force gfp_t)(___GFP_DIRECT_RECLAIM|___GFP_KSWAPD_RECLAIM))
#define GFP_KERNEL	(__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_ATOMIC	(__GFP_HIGH|__GFP_KSWAPD_RECLAIM)
#define GFP_QUIET	((GFP_KERNEL | __GFP_NOWARN | \\
			  __GFP_POOL) & ~__GFP_FS)
#define GFP_SHIFT 5
`;

const PRINT = `
#define gfpflag_string(flag) {(__force unsigned long)flag, #flag}
#define __def_gfpflag_names			\\
	gfpflag_string(GFP_QUIET),		\\
	gfpflag_string(GFP_KERNEL),		\\
	gfpflag_string(__GFP_NOWARN)
#define __def_gfpflag_names_other , gfpflag_string(__GFP_ZERO)
`;

/** The same in the style of 6.9 and later: numbered by position. */
const POSITIONS = `
enum {
	___GFP_DMA_BIT,
	___GFP_HIGHMEM_BIT,
	___GFP_UNUSED_BIT,	/* 0x4 unused */
${['DMA32', 'MOVABLE', 'RECLAIMABLE', 'HIGH', 'IO', 'FS', 'ZERO', 'DIRECT_RECLAIM', 'KSWAPD_RECLAIM', 'WRITE', 'NOWARN', 'NOFAIL', 'NORETRY'].map((name) => `\t___GFP_${name}_BIT,`).join('\n')}
#ifdef CONFIG_VENDOR_POOL
	___GFP_POOL_BIT,
#endif
	___GFP_COMP_BIT,
	___GFP_LAST_BIT
};
${[...COMMON, 'COMP']
  .map((name) => `#define ___GFP_${name} BIT(___GFP_${name}_BIT)\n#define __GFP_${name} ((__force gfp_t)___GFP_${name})`)
  .join('\n')}
#ifdef CONFIG_VENDOR_POOL
#define ___GFP_POOL BIT(___GFP_POOL_BIT)
#else
#define ___GFP_POOL 0
#endif
#define __GFP_POOL ((__force gfp_t)___GFP_POOL)
`;

function tree(files: Readonly<Record<string, string>>, config = '') {
  return modelOfTree({ read: (path) => files[path] }, config === '' ? undefined : parseConfig(config));
}

test('release, flags, composites and print order come from the tree', () => {
  const model = tree(
    { Makefile: MAKEFILE, 'include/linux/gfp_types.h': CONSTANTS, 'include/trace/events/mmflags.h': PRINT },
    'CONFIG_VENDOR_POOL=y\n',
  );
  assert.equal(model.label, '6.1.77 (tree)');
  assert.equal(model.origin, 'tree');
  assert.equal(model.flags.names.length, 17);
  assert.equal(model.flags.names.at(-1), '__GFP_POOL');
  assert.equal(model.flags.bits('__GFP_ATOMIC'), undefined);
  const bits = (...names: string[]) => names.reduce((all, name) => all | model.flags.bits(name)!, 0);
  assert.equal(bits('GFP_QUIET'), bits('__GFP_RECLAIM', '__GFP_IO', '__GFP_NOWARN', '__GFP_POOL'));
  assert.equal(model.flags.bits('GFP_SHIFT'), undefined);
  assert.equal(model.flags.bits('GFP_ZONEMASK'), bits('__GFP_DMA', '__GFP_HIGHMEM', '__GFP_DMA32', '__GFP_MOVABLE'));
  const { preferred } = model.numbers;
  assert.equal(preferred.toNumber(bits('__GFP_POOL', 'GFP_KERNEL')), 0x100cc0);
  assert.equal(preferred.toNumber(bits('__GFP_NOLOCKDEP')), 0);
  assert.equal(preferred.print(0x102d40), 'GFP_QUIET|0x100');
  assert.equal(model.flags.print(bits('GFP_QUIET', '__GFP_ZERO')), 'GFP_QUIET|__GFP_ZERO');
});

test('a vendor flag without its option is 0', () => {
  const model = tree({ Makefile: MAKEFILE, 'include/linux/gfp_types.h': CONSTANTS }, 'CONFIG_LOCKDEP=y\n# CONFIG_VENDOR_POOL is not set\n');
  assert.equal(model.numbers.preferred.toNumber(model.flags.bits('__GFP_POOL')!), 0);
  assert.equal(model.numbers.preferred.toNumber(model.flags.bits('__GFP_NOLOCKDEP')!), 0x20000);
});

test('numbering by position counts the entries whose option is on', () => {
  const value = (config: string, name: string) => {
    const model = tree({ Makefile: MAKEFILE, 'include/linux/gfp_types.h': POSITIONS }, config);
    return model.numbers.preferred.toNumber(model.flags.bits(name)!);
  };
  assert.equal(value('CONFIG_VENDOR_POOL=y', '__GFP_DMA32'), 0x8);
  assert.equal(value('CONFIG_VENDOR_POOL=y', '__GFP_POOL'), 0x10000);
  assert.equal(value('CONFIG_VENDOR_POOL=y', '__GFP_COMP'), 0x20000);
  assert.equal(value('CONFIG_OTHER=y', '__GFP_COMP'), 0x10000);
  assert.equal(tree({ Makefile: MAKEFILE, 'include/linux/gfp_types.h': POSITIONS }).numbers.layouts.length, 2);
});

test('what a tree does not tell comes from the tables', () => {
  const bare = tree({ Makefile: MAKEFILE });
  assert.equal(bare.label, '6.1.77 (tables)');
  assert.equal(bare.flags.bits('__GFP_ATOMIC') === undefined, false);
  const damaged = tree({ Makefile: MAKEFILE, 'include/linux/gfp.h': '#define ___GFP_DMA 1\n#if\n/* open' });
  assert.equal(damaged.origin, 'tables');
  const nothing = tree({});
  assert.deepEqual(nothing.release, newestRelease());
});

test("the tree's allocator decides what stable kernels back-ported", () => {
  const old = tree({ Makefile: MAKEFILE, 'mm/internal.h': '#define ALLOC_HARDER 0x10\n', 'mm/page_alloc.c': '' });
  assert.equal(old.behaviour.reserves, 'atomic-flag');
  const patched = tree({
    Makefile: MAKEFILE,
    'mm/internal.h': '#define ALLOC_NON_BLOCK 0x10\n',
    'mm/page_alloc.c': 'if (order > 0 && (alloc_flags & ALLOC_MIN_RESERVE))\n\talloc_flags |= ALLOC_HIGHATOMIC;\n',
  });
  assert.deepEqual([patched.behaviour.reserves, patched.behaviour.highatomic], ['non-blocking', 'non-blocking-high']);
});

test('.config and autoconf.h', () => {
  const config = parseConfig(
    'CONFIG_A=y\nCONFIG_M=m\n# CONFIG_N is not set\nCONFIG_S="text with spaces"\nCONFIG_ARCH_FORCE_MAX_ORDER=11\nnonsense\n',
  );
  assert.deepEqual(
    ['CONFIG_A', 'CONFIG_M', 'CONFIG_N', 'CONFIG_S', 'CONFIG_ARCH_FORCE_MAX_ORDER', 'CONFIG_ABSENT'].map((name) => config.value(name)),
    ['y', 'm', 'n', 'text with spaces', '11', undefined],
  );
  assert.deepEqual(
    [isEnabled(config, 'CONFIG_M'), isEnabled(config, 'CONFIG_N'), isEnabled(undefined, 'CONFIG_A')],
    [true, false, undefined],
  );
  const header = parseAutoconf(
    '#define CONFIG_A 1\n#define CONFIG_DRIVER_MODULE 1\n#define CONFIG_S "x"\n#define CONFIG_NR 64\n#define OTHER 1\n',
  );
  assert.deepEqual(
    ['CONFIG_A', 'CONFIG_DRIVER', 'CONFIG_S', 'CONFIG_NR', 'OTHER'].map((name) => header.value(name)),
    ['y', 'm', 'x', '64', undefined],
  );
});

test('limits follow release and configuration', () => {
  const limits = (version: string, config: string) => tree({ Makefile: MAKEFILE.replace('= 6\nPATCHLEVEL = 1', version) }, config).limits;
  assert.equal(limits('= 6\nPATCHLEVEL = 1', '').maxPageOrder, 10);
  assert.equal(limits('= 6\nPATCHLEVEL = 1', 'CONFIG_ARCH_FORCE_MAX_ORDER=14').maxPageOrder, 13);
  assert.equal(limits('= 6\nPATCHLEVEL = 12', 'CONFIG_ARCH_FORCE_MAX_ORDER=13').maxPageOrder, 13);
  assert.equal(limits('= 6\nPATCHLEVEL = 12', '').kmallocMaxCache, 8192);
  assert.equal(limits('= 5\nPATCHLEVEL = 10', 'CONFIG_SLAB=y').kmallocMaxCache, 4 * 1024 * 1024);
  assert.equal(limits('= 5\nPATCHLEVEL = 10', 'CONFIG_SLOB=y').kmallocMaxCache, 4096);
  assert.deepEqual(
    [
      limits('= 6\nPATCHLEVEL = 12', 'CONFIG_ARM64_64K_PAGES=y\nCONFIG_64BIT=y').pageSize,
      limits('= 6\nPATCHLEVEL = 12', 'CONFIG_ARM=y').pointerSize,
    ],
    [65536, 4],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, type KernelConfig, modelOfTree } from '../../../server/src/kernel/index';

const limits = (minor: number, mmzone: string, config?: KernelConfig) => {
  const files: Readonly<Record<string, string>> = {
    Makefile: `VERSION = 6\nPATCHLEVEL = ${minor}\nSUBLEVEL = 1\n`,
    'include/linux/mmzone.h': mmzone,
  };
  const { maxPageOrder, costlyOrder, kmallocMax } = modelOfTree({ read: (path) => files[path] }, config).limits;
  return [maxPageOrder, costlyOrder, kmallocMax];
};

const EXCLUSIVE = `#ifndef CONFIG_ARCH_FORCE_MAX_ORDER
#define MAX_ORDER 13
#else
#define MAX_ORDER CONFIG_ARCH_FORCE_MAX_ORDER
#endif
#define MAX_ORDER_NR_PAGES (1 << (MAX_ORDER - 1))
`;

test("a vendor's limits are read from the tree", () => {
  assert.deepEqual(limits(1, `${EXCLUSIVE}#define PAGE_ALLOC_COSTLY_ORDER 4\n`), [12, 4, 4096 << 12]);
  assert.deepEqual(limits(5, EXCLUSIVE.replace('(MAX_ORDER - 1)', 'MAX_ORDER')), [13, 3, 4096 << 13]);
  assert.deepEqual(limits(12, '#define MAX_PAGE_ORDER 9 /* small */\n'), [9, 3, 4096 << 9]);
});

test('an option that gives the order counts more, and an unreadable header nothing', () => {
  assert.deepEqual(limits(1, EXCLUSIVE, configOf({ CONFIG_ARCH_FORCE_MAX_ORDER: '12' })), [11, 3, 4096 << 11]);
  assert.deepEqual(limits(12, 'nothing of interest'), [10, 3, 4 << 20]);
});

test('limits of the slab that are defined by each other are not known', () => {
  const slab = (high: string, largest: string): number => {
    const files: Readonly<Record<string, string>> = {
      Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n',
      'include/linux/slab.h': `#define KMALLOC_SHIFT_HIGH ${high}\n#define KMALLOC_SHIFT_MAX ${largest}\n`,
    };
    return modelOfTree({ read: (path) => files[path] }).limits.kmallocMax;
  };
  const usual = slab('', '');
  assert.equal(slab('KMALLOC_SHIFT_HIGH', 'KMALLOC_SHIFT_HIGH'), usual);
  assert.equal(slab('KMALLOC_SHIFT_MAX', 'KMALLOC_SHIFT_HIGH'), usual);
  assert.equal(slab('((MAX_ORDER + PAGE_SHIFT - 1) <= 15 ? (MAX_ORDER + PAGE_SHIFT - 1) : 15)', 'KMALLOC_SHIFT_HIGH'), 1 << 15);
});

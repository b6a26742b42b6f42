import type { Allocator } from './limits';
import type { Limits } from './model';
import { readDefines } from './preprocessor';
import { evaluateShift } from './shiftExpression';
import type { TreeReader } from './treeReader';

/**
 * Limits as the tree's own headers have them: the largest order where no option gives one, PAGE_ALLOC_COSTLY_ORDER (include/linux/mmzone.h), and the sizes
 * of kmalloc() (include/linux/slab.h). What is not recognised leaves the release's answer.
 *
 * @param fixedOrder the configuration gives the largest order, which then counts.
 */
export function treeLimits(files: TreeReader, limits: Limits, fixedOrder: boolean, allocator: Allocator): Limits {
  const header = files.read('include/linux/mmzone.h');
  const costlyOrder = (header === undefined ? undefined : defined(header, 'PAGE_ALLOC_COSTLY_ORDER')) ?? limits.costlyOrder;
  const maxPageOrder = (fixedOrder || header === undefined ? undefined : largestOrder(header)) ?? limits.maxPageOrder;
  const scale = 2 ** (maxPageOrder - limits.maxPageOrder);
  const kmallocMax = limits.kmallocMax * scale;
  const kmallocMaxCache = Math.min(limits.kmallocMaxCache, kmallocMax);
  const known = { ...limits, costlyOrder, maxPageOrder, kmallocMax, kmallocMaxCache };
  const slab = files.read('include/linux/slab.h');
  return slab === undefined ? known : { ...known, ...kmallocSizes(slab, known, exclusiveOrder(header ?? ''), allocator) };
}

/** MAX_PAGE_ORDER (6.8 and later), or MAX_ORDER, which is the first order that does not exist where a block of MAX_ORDER_NR_PAGES has one less. */
function largestOrder(header: string): number | undefined {
  const inclusive = defined(header, 'MAX_PAGE_ORDER');
  if (inclusive !== undefined) return inclusive;
  const order = defined(header, 'MAX_ORDER');
  return order === undefined ? undefined : exclusiveOrder(header) ? order - 1 : order;
}

function exclusiveOrder(header: string): boolean {
  return /define\s+MAX_ORDER_NR_PAGES\s+\(1 << \(MAX_ORDER - 1\)\)/.test(header);
}

function defined(header: string, name: string): number | undefined {
  const match = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}[ \\t]+(\\d+)[ \\t]*(?:/\\*.*)?$`, 'm').exec(header);
  return match === null ? undefined : Number(match[1]);
}

/** KMALLOC_MAX_SIZE and KMALLOC_MAX_CACHE_SIZE: two to the power of KMALLOC_SHIFT_MAX and KMALLOC_SHIFT_HIGH of the slab allocator that is built. */
function kmallocSizes(slab: string, limits: Limits, exclusive: boolean, allocator: Allocator): Partial<Limits> {
  const bodies = new Map<string, string>();
  for (const { name, body, config, kind } of readDefines(slab)) {
    const ours = config === undefined || config === `CONFIG_${allocator}`;
    if (kind === 'define' && ours && name.startsWith('KMALLOC_SHIFT_') && !bodies.has(name)) bodies.set(name, body);
  }
  const constant = (name: string): number | undefined => {
    if (name === 'PAGE_SHIFT') return Math.log2(limits.pageSize);
    if (name === 'MAX_PAGE_ORDER') return limits.maxPageOrder;
    return name === 'MAX_ORDER' ? limits.maxPageOrder + (exclusive ? 1 : 0) : undefined;
  };
  const cached = evaluateShift(bodies.get('KMALLOC_SHIFT_HIGH') ?? '', constant);
  const largest = evaluateShift(bodies.get('KMALLOC_SHIFT_MAX') ?? '', (name) => (name === 'KMALLOC_SHIFT_HIGH' ? cached : constant(name)));
  return {
    ...(largest !== undefined && { kmallocMax: 2 ** largest }),
    ...(cached !== undefined && { kmallocMaxCache: 2 ** cached }),
  };
}

import type { Limits } from './model';
import type { TreeReader } from './treeReader';

/**
 * Limits as the tree's own headers have them: the largest order where no option gives one, and PAGE_ALLOC_COSTLY_ORDER (include/linux/mmzone.h). What is not
 * recognised leaves the release's answer.
 *
 * @param fixedOrder the configuration gives the largest order, which then counts.
 */
export function treeLimits(files: TreeReader, limits: Limits, fixedOrder: boolean): Limits {
  const header = files.read('include/linux/mmzone.h');
  if (header === undefined) return limits;
  const costlyOrder = defined(header, 'PAGE_ALLOC_COSTLY_ORDER') ?? limits.costlyOrder;
  const maxPageOrder = (fixedOrder ? undefined : largestOrder(header)) ?? limits.maxPageOrder;
  if (maxPageOrder === limits.maxPageOrder) return { ...limits, costlyOrder };
  const kmallocMax = limits.pageSize * 2 ** maxPageOrder;
  return { ...limits, costlyOrder, maxPageOrder, kmallocMax, kmallocMaxCache: Math.min(limits.kmallocMaxCache, kmallocMax) };
}

/** MAX_PAGE_ORDER (6.8 and later), or MAX_ORDER, which is the first order that does not exist where a block of MAX_ORDER_NR_PAGES has one less. */
function largestOrder(header: string): number | undefined {
  const inclusive = defined(header, 'MAX_PAGE_ORDER');
  if (inclusive !== undefined) return inclusive;
  const order = defined(header, 'MAX_ORDER');
  if (order === undefined) return undefined;
  return /define\s+MAX_ORDER_NR_PAGES\s+\(1 << \(MAX_ORDER - 1\)\)/.test(header) ? order - 1 : order;
}

function defined(header: string, name: string): number | undefined {
  const match = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}[ \\t]+(\\d+)[ \\t]*(?:/\\*.*)?$`, 'm').exec(header);
  return match === null ? undefined : Number(match[1]);
}

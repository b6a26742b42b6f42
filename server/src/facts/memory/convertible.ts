import type { KernelModel } from '../../kernel/model';
import { hasAll, hasAny } from '../../mask/mask';
import type { CallSite } from '../site';
import { orderForBytes } from '../sizes';

/**
 * How large a request is known to be: always above the order from which on the allocator gives up early (PAGE_ALLOC_COSTLY_ORDER in
 * include/linux/mmzone.h; smaller ones nearly always succeed), always several pages, or of a size without a bound.
 */
export type Largeness = 'costly' | 'multi-page' | 'unbounded';

const PLAIN_SLAB = /^k(m|z|c)alloc|^kmemdup$/;

/**
 * Whether the request is one that kvmalloc() could serve in another way: more than a page, from plain slab, with a mask for which this release falls back to
 * vmalloc. Undefined where it is not, or where a page is the most it can be.
 */
export function convertible(call: CallSite, model: KernelModel): Largeness | undefined {
  if (call.api?.kvForm === undefined || !PLAIN_SLAB.test(call.callee) || call.origin === 'macro' || call.context.unreachable)
    return undefined;
  return call.context.maySleep === 'no' || !maskAllows(call, model) ? undefined : largeness(call, model);
}

/** Masks for which this kernel's kvmalloc() falls back to vmalloc. */
function maskAllows(call: CallSite, model: KernelModel): boolean {
  const bits = (...names: string[]) => names.reduce((all, name) => all | model.flags.bitsOf(name), 0);
  const { kvmalloc } = model.behaviour;
  if (!kvmalloc.exists || hasAll(call.effectiveMask, bits('__GFP_DIRECT_RECLAIM')) !== true) return false;
  // Zone flags ask for an address; the others show that the author has dealt with failure.
  if (hasAny(call.effectiveMask, bits('__GFP_DMA', '__GFP_DMA32', '__GFP_HIGHMEM', '__GFP_NOWARN', '__GFP_NORETRY')) !== false)
    return false;
  const kernelOnly = kvmalloc.masks === 'kernel-warn' || kvmalloc.masks === 'kernel-or-plain';
  return !kernelOnly || hasAll(call.effectiveMask, bits('GFP_KERNEL')) === true;
}

function largeness(call: CallSite, model: KernelModel): Largeness | undefined {
  const { size } = call;
  const { pageSize, costlyOrder } = model.limits;
  if (size === undefined) return undefined;
  if (size.bytes.min > pageSize) return orderForBytes(size.bytes.min, pageSize) > costlyOrder ? 'costly' : 'multi-page';
  if (size.bytes.max !== undefined && size.bytes.max <= pageSize) return undefined;
  // The size of an object whose type is not in sight says nothing; a count or a length does.
  const element = size.element?.text;
  const written = (size.count?.text ?? call.args[sizeArgument(call)]?.text ?? '').trim();
  if (isSizeofOnly(written) || /strn?len/.test(written)) return undefined;
  return written === '' && element === undefined ? undefined : 'unbounded';
}

/** `sizeof(…)` and nothing else. */
function isSizeofOnly(text: string): boolean {
  if (!/^sizeof\b/.test(text)) return false;
  let depth = 0;
  for (let at = text.indexOf('('); at >= 0 && at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at === text.length - 1;
  }
  return true;
}

function sizeArgument(call: CallSite): number {
  return call.api?.size?.kind === 'bytes' ? call.api.size.arg : -1;
}

import type { CallSite } from '../facts/site';
import { orderForBytes } from '../facts/sizes';
import type { KernelModel } from '../kernel/model';
import { hasAny } from '../mask/mask';
import { becauseText, bytesText, type LeastBlock, leastBlock } from './blockSize';
import { usualPage } from './builtFor';
import { reachable } from './reachableOrder';
import { isQuiet, triesHard } from './retryPolicy';
import type { Rule, RuleFinding, Severity } from './rule';
import { isBootCode, isProbe, isSharedHeader, isTestSource } from './sourcePlace';

interface Doubt {
  /** As the message says it; empty for none. */
  readonly text: string;
  /** The request is costly all the same. */
  readonly costly: boolean;
}

const NO_DOUBT: Doubt = { text: '', costly: true };

/** Why the order may be another one after all. */
function doubt({ bytes, order }: LeastBlock, call: CallSite, model: KernelModel): Doubt {
  const { limits } = model;
  if (bytes !== undefined && isSharedHeader(call.function.file.path) && call.size?.reason.includes('sizeof('))
    return { text: ' on x86', costly: false };
  const page = usualPage(call, model);
  if (page === undefined || (bytes === undefined && isWrittenOrder(call))) return NO_DOUBT;
  const there = bytes === undefined ? order - Math.log2(page / limits.pageSize) : orderForBytes(bytes, page);
  return { text: ` with pages of ${bytesText(limits.pageSize)}`, costly: there > limits.costlyOrder };
}

/** The order is a number; a variable holds what get_order() made of a size. */
function isWrittenOrder({ api, args }: CallSite): boolean {
  return api?.size?.kind !== 'order' || /^\d+$/.test(args[api.size.arg]?.text ?? '');
}

/** Whoever writes an order, or names a zone for a device, means memory in one piece. */
function asksForBlock(call: CallSite, model: KernelModel): boolean {
  const inZone = hasAny(call.effectiveMask, model.flags.bitsOf('__GFP_DMA') | model.flags.bitsOf('__GFP_DMA32'));
  return call.size?.order !== undefined || call.api?.allocates === 'pages-exact' || inZone === true;
}

function severityOf(call: CallSite, model: KernelModel): Severity {
  const { function: place } = call;
  if (isBootCode(place) || isTestSource(place.file.path) || isQuiet(call, model) || asksForBlock(call, model)) return 'hint';
  return isProbe(place) ? 'info' : 'warning';
}

function certain(call: CallSite, model: KernelModel): RuleFinding[] {
  const block = leastBlock(call, model);
  const { costlyOrder, maxPageOrder } = model.limits;
  if (block === undefined || block.order <= costlyOrder || block.order > maxPageOrder || triesHard(call, model) !== true) return [];
  const header = block.headed ? ' and its header' : '';
  const size =
    block.bytes === undefined ? '' : ` of ${block.exact ? '' : 'at least '}${bytesText(block.bytes)}${header}${becauseText(call)}`;
  const doubts = doubt(block, call, model);
  return [
    {
      range: call.range,
      message: `${call.callee}()${size} needs ${2 ** block.order} contiguous pages (order ${block.order})${doubts.text}: above order ${costlyOrder} it may fail although memory is free`,
      certainty: doubts.costly ? 'definite' : 'possible',
      severity: severityOf(call, model),
      call,
      mask: call.effectiveMask,
    },
  ];
}

export const costlyOrder: Rule = {
  id: 'costly-order',
  summary: 'a physically contiguous request above order 3 without a retry policy',
  severity: 'warning',
  doc: `## What it finds

Physically contiguous requests of more than 8 pages (32 KiB with 4 KiB pages; PAGE_ALLOC_COSTLY_ORDER) whose mask may reclaim but does not say how hard to try.
Where the element size is known and the count is not, it says from which count on the request is that large. That is possible, unless the count or length comes from user space
(read() and write(), copy_from_user(), ioctls, netlink attributes, kstrtoul()) or is the number of processors: then somebody reaches it.

## Why

Up to order 3 the allocator keeps reclaiming and compacting until the request succeeds. Above it, it soon gives up: after some uptime memory is
fragmented and the request fails while plenty of memory is free, often at the worst moment (interface up, resize, resume). It also prints a warning, and costs a
lot of compaction before that.

## Example

\`\`\`c bad
#include <linux/slab.h>

static void *frame_buffer(void)
{
	return kmalloc(128 * 1024, GFP_KERNEL);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/mm.h>

static void *frame_buffer(void)
{
	return kvmalloc(128 * 1024, GFP_KERNEL);
}
\`\`\`

When the memory must be contiguous and there is a fallback, say so with \`__GFP_NORETRY | __GFP_NOWARN\`, or with \`__GFP_RETRY_MAYFAIL\` when
it is worth the effort.

## When it stays silent

Masks that cannot reclaim directly, masks with \`__GFP_NORETRY\`, \`__GFP_RETRY_MAYFAIL\` or \`__GFP_NOFAIL\` or whose flags come from the caller, sizes that
are not known to be that large, kvmalloc(), and DMA memory. Lengths from user space that the function compares with something or gives to another function to judge stay possible.

It is a hint in \`__init\` functions and tests, with \`__GFP_NOWARN\`, and where memory in one piece is asked for on purpose (an order as argument,
alloc_pages_exact(), GFP_DMA); information in functions whose name says probe, and where user space or the number of processors decides. Without a configuration it is only possible in code for
architectures whose pages are mostly larger (powerpc, sparc ...: their arch/ folders, drivers that depend on them, \`#ifdef CONFIG_SBUS\`) when it is not costly with these, and for structs in headers that
all architectures share.

## References

- include/linux/mmzone.h: PAGE_ALLOC_COSTLY_ORDER; mm/page_alloc.c: __alloc_pages_slowpath()
- Documentation/core-api/memory-allocation.rst
`,
  checkCall: (call, context) => {
    if (call.context.unreachable) return [];
    const definite = certain(call, context.model);
    return definite.length > 0 ? definite : reachable(call, context);
  },
};

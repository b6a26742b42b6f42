import { becauseText, bytesText, leastBlock } from './blockSize';
import type { Rule } from './rule';

export const orderTooLarge: Rule = {
  id: 'order-too-large',
  summary: 'a contiguous request that can never succeed',
  severity: 'error',
  doc: `## What it finds

\`kmalloc()\` and its relatives with a size, and \`alloc_pages()\` and its relatives with an order, that are above the largest block of this kernel's page
allocator on every path.

## Why

The page allocator hands out blocks of at most 2^MAX_PAGE_ORDER pages (4 MiB with 4 KiB pages). A larger request is refused at once: it returns NULL, and
without \`__GFP_NOWARN\` it prints a warning. The code after it never runs.

## Example

\`\`\`c bad
#include <linux/slab.h>

#define TRACE_BYTES (8 * 1024 * 1024)

static char *trace_alloc(void)
{
	return kzalloc(TRACE_BYTES, GFP_KERNEL);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/mm.h>

#define TRACE_BYTES (8 * 1024 * 1024)

static char *trace_alloc(void)
{
	return kvzalloc(TRACE_BYTES, GFP_KERNEL);
}
\`\`\`

Free it with \`kvfree()\`. Memory that a device reads needs \`dma_alloc_coherent()\`, which can use CMA or an IOMMU.

## When it stays silent

Sizes that are not known, or known only to be possibly that large. The limit is that of the kernel at hand: page size and MAX_ORDER come from its
configuration. Without one, code below arch/ other than x86 is left alone.

## References

- include/linux/mmzone.h: MAX_ORDER, MAX_PAGE_ORDER; include/linux/slab.h: KMALLOC_MAX_SIZE
- mm/page_alloc.c: __alloc_pages()
`,
  checkCall: (call, { model, facts }) => {
    // Other architectures have other pages and other largest blocks; without a configuration those of x86 are assumed.
    if (model.config === undefined && /(^|\/)arch\/(?!x86\/)/.test(facts.file.path)) return [];
    const block = leastBlock(call, model);
    if (block === undefined || call.context.unreachable || block.order <= model.limits.maxPageOrder) return [];
    const { maxPageOrder, pageSize } = model.limits;
    const asked = block.bytes === undefined ? `order ${block.order}` : `${block.exact ? '' : 'at least '}${bytesText(block.bytes)}`;
    const limit = block.bytes === undefined ? `order ${maxPageOrder}` : bytesText(pageSize * 2 ** maxPageOrder);
    return [
      {
        range: call.range,
        message: `${call.callee}() of ${asked} can never succeed${becauseText(call)}: the largest contiguous block is ${limit}`,
        certainty: 'definite',
        call,
      },
    ];
  },
};

import { convertible, type Largeness, memoryOf } from '../facts/memory';
import type { CallSite } from '../facts/site';
import { orderForBytes } from '../facts/sizes';
import type { KernelModel } from '../kernel/model';
import { bytesText } from './blockSize';
import { usualPage } from './builtFor';
import { conversionFixes, kvConversion } from './kvConversion';
import type { Certainty, Rule, RuleContext, RuleFinding } from './rule';
import { isTestSource } from './sourcePlace';

function check(call: CallSite, context: RuleContext): readonly RuleFinding[] {
  const { facts, model, possible, verdictAt } = context;
  if (isTestSource(facts.file.path)) return [];
  const large = convertible(call, model);
  // Only what is costly is certain; the whole life of a pointer is a long story.
  if (large === undefined || (large !== 'costly' && !possible)) return [];
  const verdict = verdictAt(call.calleeRange.start);
  if (verdict?.kind === 'atomic' && verdict.certainty === 'definite') return [];
  const conversion = kvConversion(memoryOf(facts, model), call, context);
  if (conversion.forbidden || (!conversion.freed && !(possible && isStored(call)))) return [];
  const clean = conversion.freed && conversion.reason === undefined;
  // A few pages of fixed size nearly always succeed: converting them is not worth a look at everything that uses them.
  if (!clean && large === 'multi-page' && isFixed(call)) return [];
  const certainty: Certainty = clean && large === 'costly' && !isSmallWithUsualPages(call, model) ? 'definite' : 'possible';
  return [
    {
      range: call.range,
      message: `${call.callee}() ${sizeText(call, large)}${clean ? ', which only the CPU uses' : ''}: ${call.api!.kvForm}() falls back to vmalloc when memory is fragmented`,
      certainty,
      severity: 'hint',
      fixes: conversionFixes(call, conversion, model),
      call,
      mask: call.effectiveMask,
    },
  ];
}

/** Not above the orders that nearly always succeed where pages are as large as they mostly are for this architecture. */
function isSmallWithUsualPages(call: CallSite, model: KernelModel): boolean {
  const page = usualPage(call, model);
  return page !== undefined && orderForBytes(call.size!.bytes.min, page) <= model.limits.costlyOrder;
}

/** Memory that nobody in sight frees may be anybody's; what is put into a member or behind a pointer waits for somebody else to free it. */
function isStored({ result }: CallSite): boolean {
  return result.kind === 'field' || result.kind === 'other';
}

function isFixed({ size }: CallSite): boolean {
  return size !== undefined && size.bytes.min === size.bytes.max;
}

function sizeText(call: CallSite, large: Largeness): string {
  const { size } = call;
  if (large !== 'unbounded')
    return `needs ${size!.bytes.min === size!.bytes.max ? '' : 'at least '}${bytesText(size!.bytes.min)} of contiguous memory`;
  if (size?.count !== undefined) return `needs contiguous memory for ${size.count.text} elements`;
  return 'needs contiguous memory of unbounded size';
}

export const preferKvmalloc: Rule = {
  id: 'prefer-kvmalloc',
  summary: 'a large contiguous array of which nobody needs the contiguity',
  severity: 'hint',
  doc: `## What it finds

\`kcalloc()\`, \`kmalloc_array()\`, \`kzalloc()\` and \`kmalloc()\` of more than a page, or of a size without a bound, whose memory is not handed
to anything that needs physical contiguity. The fix converts the allocation *and every matching kfree()* in one edit.

## Why

A request for several contiguous pages may fail after some uptime although memory is free, and costs compaction before that. \`kvmalloc()\` first tries the same,
without a warning, and then takes single pages from vmalloc. It is worth it only for large arrays: up to a page both do the same.

## Example

\`\`\`c bad
#include <linux/slab.h>

static int histogram(const u8 *data, size_t len)
{
	unsigned int *bins = kcalloc(65536, sizeof(*bins), GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	size_t i;

	if (!bins)
		return -ENOMEM;
	for (i = 0; i < len; i++)
		bins[data[i]]++;
	kfree(bins);
	return 0;
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/mm.h>

static int histogram(const u8 *data, size_t len)
{
	unsigned int *bins = kvcalloc(65536, sizeof(*bins), GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	size_t i;

	if (!bins)
		return -ENOMEM;
	for (i = 0; i < len; i++)
		bins[data[i]]++;
	kvfree(bins);
	return 0;
}
\`\`\`

## When it stays silent

Sizes up to a page, memory that reaches DMA, scatterlists, crypto requests, USB, \`virt_to_*()\` or \`krealloc()\`, masks that cannot sleep or for which this release's
kvmalloc() does not fall back, masks with \`__GFP_NOWARN\` or \`__GFP_NORETRY\` (there is a fallback already) or zone flags, tests. Memory that
nobody in sight frees is a possible finding without a fix where it is stored in a member or behind a pointer, and none elsewhere.

A finding is certain when the block is always above order 3, where the allocator gives up early, and the pointer's whole life is seen. Then the fix is safe: it
changes the allocation and every free, in other files as well. It is offered with a reason to look first when the pointer goes where it cannot be
followed, is freed where kvfree() may not sleep, or lies in a struct that any file of the kernel may use. For long-lived arrays of structs a second fix
adds \`__GFP_RETRY_MAYFAIL\`: without it kvmalloc() tries only lightly for contiguous memory, which is faster to read, before it takes single pages.

## References

- mm/util.c: kvmalloc_node(), kvfree()
- Documentation/core-api/memory-allocation.rst: "kvmalloc"
`,
  asksProgram: true,
  checkCall: check,
};

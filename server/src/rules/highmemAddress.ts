import type { TextRange } from '../base/range';
import { type FileMemory, memoryOf } from '../facts/memory';
import type { CallSite } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { NodeKind } from '../syntax/nodes';
import { rangeOf } from '../syntax/tree';
import { removeTermFix, replaceTermFix } from './maskEdits';
import { flagRange, termsWith } from './maskTerms';
import type { Certainty, Fix, Rule, RuleContext, RuleFinding } from './rule';

/** They turn a page into its address in the linear map, which a highmem page does not have. */
const DIRECT_ADDRESS = /^(page_address|folio_address|lowmem_page_address|page_to_virt|folio_to_virt)$/;

/** They give a highmem page a lasting address, or ask whether it is one. */
const MAPS_OR_ASKS = /^(kmap|kmap_high|PageHighMem|folio_test_highmem)$/;

/** Architectures with a Kconfig option HIGHMEM (6.1). */
const WITH_HIGHMEM = new Set(['arc', 'arm', 'csky', 'microblaze', 'mips', 'powerpc', 'sparc', 'x86', 'xtensa']);

/** Composites with the flag, and the same without. */
const WITHOUT_HIGHMEM: ReadonlyMap<string, string> = new Map([
  ['GFP_HIGHUSER', 'GFP_USER'],
  ['GFP_HIGHUSER_MOVABLE', 'GFP_USER'],
]);

function asksForHighmem(call: CallSite, model: KernelModel): boolean {
  return (model.flags.bitsOf('__GFP_HIGHMEM') & call.effectiveMask.set) !== 0;
}

/** Whether the kernel at hand may have highmem at all. */
function hasHighmem(call: CallSite, { config }: KernelModel): boolean {
  const architecture = /(?:^|\/)arch\/(\w+)\//.exec(call.function.file.path)?.[1];
  if (architecture !== undefined && !WITH_HIGHMEM.has(architecture)) return false;
  return config === undefined || config.value('CONFIG_HIGHMEM') === 'y';
}

/** An allocator that returns an address was asked for a page that has none. */
function refused(call: CallSite, { facts, model }: RuleContext): RuleFinding {
  const bit = model.flags.bits('__GFP_HIGHMEM')!;
  const fixes = (call.mask === undefined ? [] : termsWith(call.mask, model.flags, bit)).flatMap((term): readonly Fix[] => {
    const plain = WITHOUT_HIGHMEM.get(term.text);
    return plain === undefined ? removeTermFix(facts, call.mask!, term, 'safe') : replaceTermFix(term, plain, 'safe');
  });
  return {
    range: flagRange(call, model.flags, bit),
    message: `${call.callee}() returns an address, which a highmem page does not have: __GFP_HIGHMEM is dropped or warned about`,
    certainty: 'definite',
    fixes,
  };
}

interface Use {
  readonly range: TextRange;
  readonly callee: string;
}

/** Where the direct address of the allocated pages is taken. */
function addressUses(memory: FileMemory, call: CallSite, model: KernelModel): { uses: readonly Use[]; certainty: Certainty } | undefined {
  const { tree } = memory;
  const outer = memory.parents[call.node]!;
  if (tree.kind[outer] === NodeKind.Call && DIRECT_ADDRESS.test(memory.text(tree.child[outer]!)))
    return { uses: [{ range: rangeOf(tree, outer), callee: memory.text(tree.child[outer]!) }], certainty: 'definite' };
  const target = memory.targets(call)[0];
  const history = target === undefined ? undefined : memory.history(target);
  if (history === undefined || history.uses.some(({ callee }) => callee !== undefined && MAPS_OR_ASKS.test(callee))) return undefined;
  const only = history.uses.every(
    (use) =>
      (use.kind !== 'allocated' || asksForHighmem(use.call!, model)) &&
      (use.kind !== 'assigned' || use.nullValue === true) &&
      use.kind !== 'address-taken' &&
      use.kind !== 'other',
  );
  const uses = history.uses
    .filter(({ kind, callee }) => kind === 'argument' && DIRECT_ADDRESS.test(callee ?? ''))
    .map(({ node, callee }) => ({ range: rangeOf(tree, memory.parents[node]!), callee: callee! }));
  return { uses, certainty: only && history.kind === 'local' ? 'definite' : 'possible' };
}

function check(call: CallSite, context: RuleContext): readonly RuleFinding[] {
  const { facts, model } = context;
  const family = call.api?.allocates;
  if (family !== 'page' && family !== 'page-address' && family !== 'pages-exact') return [];
  if (!asksForHighmem(call, model) || call.context.unreachable) return [];
  if (family !== 'page') return [refused(call, context)];
  if (call.origin === 'macro' || !hasHighmem(call, model)) return [];
  const found = addressUses(memoryOf(facts, model), call, model);
  return (found?.uses ?? []).map(({ range, callee }) => ({
    range,
    message: `${callee}() has no address for a page of ${call.callee}(${call.mask?.text ?? ''}): it may be in highmem`,
    certainty: found!.certainty,
    trace: [{ range: call.range, message: `allocated by ${call.callee}() with __GFP_HIGHMEM here` }],
    call,
  }));
}

export const highmemAddress: Rule = {
  id: 'highmem-address',
  summary: 'the direct address of a page that may be in highmem',
  severity: 'error',
  doc: `## What it finds

\`page_address()\` and \`page_to_virt()\` of pages that were allocated with \`__GFP_HIGHMEM\` (\`GFP_HIGHUSER\`), and such masks given to functions that
return an address themselves: \`__get_free_pages()\`, \`get_zeroed_page()\`, \`alloc_pages_exact()\`.

## Why

On 32-bit machines with much memory a highmem page has no kernel address until it is mapped: \`page_address()\` is NULL, or an address of something else. On 64-bit machines
all goes well, so that the mistake is found late.

## Example

\`\`\`c bad
#include <linux/gfp.h>
#include <linux/mm.h>

static void *scratch_page(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);

	if (!page)
		return NULL;
	return page_address(page);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/gfp.h>
#include <linux/mm.h>

static void *scratch_page(void)
{
	struct page *page = alloc_page(GFP_USER);

	if (!page)
		return NULL;
	return page_address(page);
}
\`\`\`

Or keep the mask and map the page for as long as it is needed: \`kmap_local_page()\`.

## When it stays silent

When the file maps the page with \`kmap()\` or asks \`PageHighMem()\`, for architectures and configurations without highmem, and when the page is handed to another
function.

## References

- mm/page_alloc.c: __get_free_pages(), alloc_pages_exact()
- Documentation/mm/highmem.rst
`,
  checkCall: check,
};

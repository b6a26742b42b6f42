import { type FileMemory, memoryOf, type PlaceHistory, type PlaceUse } from '../facts/memory';
import type { CallSite } from '../facts/site';
import { orderForBytes } from '../facts/sizes';
import type { KernelModel } from '../kernel/model';
import { hasAll, hasAny } from '../mask/mask';
import { bytesText } from './blockSize';
import type { Certainty, Fix, Rule, RuleContext, RuleFinding, TextEdit } from './rule';

/**
 * Functions that need one physical block, or an address in the linear map, of what they are given. A driver's own function that only has `dma` in its name
 * may as well copy into a ring: it is a reason to look.
 */
const NEEDS_CONTIGUOUS =
  /^(dma|sg|usb|virt|crypto|skcipher|ahash|shash|aead|akcipher|spi|i2c|mmc|scsi|ata|ide|nvme|iommu|virtqueue|build_skb|bio|blk_rq|pci|hid_hw|serdev|sdio|memremap|page)_|(^|_)(dma_(un)?map\w*|dma_sync\w*|phys|paddr|urb|skb|scatterlist|sglist|control_msg|bulk_msg|krealloc|ksize)(_|$)|^(__pa|krealloc|ksize|kfree_rcu)$/;

/** Functions that only read and write the bytes. */
const CPU_ONLY =
  /^(_*mem(cpy|set|move|cmp|chr|chr_inv|set32|set64|zero_explicit|scan)|_*copy_(to|from)_(user|iter)(_full|_inatomic)?|str\w*|v?s[cn]*n?printf|simple_(read_from|write_to)_buffer|sort|bsearch|crc\w+|bitmap_\w+|_*(set|clear|test|change)_bit|find_\w+_bit|swap|kvfree|kfree|vfree|min|max|seq_\w+|hex_dump_to_buffer|print_hex_dump\w*|get_random_bytes|sscanf|nla_\w+|be\d+_to_cpup?|le\d+_to_cpup?|cpu_to_\w+)$/;

const CONVERTIBLE = /^k(m|z|c)alloc/;

/** Masks for which this kernel's kvmalloc() falls back to vmalloc. */
function maskAllows(call: CallSite, model: KernelModel): boolean {
  const bits = (...names: string[]) => names.reduce((all, name) => all | (model.flags.bits(name) ?? 0), 0);
  const { kvmalloc } = model.behaviour;
  if (!kvmalloc.exists || hasAll(call.effectiveMask, bits('__GFP_DIRECT_RECLAIM')) !== true) return false;
  // Zone flags ask for an address; the others show that the author has dealt with failure.
  if (hasAny(call.effectiveMask, bits('__GFP_DMA', '__GFP_DMA32', '__GFP_HIGHMEM', '__GFP_NOWARN', '__GFP_NORETRY')) !== false)
    return false;
  const kernelOnly = kvmalloc.masks === 'kernel-warn' || kvmalloc.masks === 'kernel-or-plain';
  return !kernelOnly || hasAll(call.effectiveMask, bits('GFP_KERNEL')) === true;
}

/** How large the request is known to be: always several pages, of unbounded size, or neither (undefined). */
function largeness(call: CallSite, model: KernelModel): 'multi-page' | 'unbounded' | undefined {
  const { size } = call;
  const { pageSize } = model.limits;
  if (size === undefined) return undefined;
  if (size.bytes.min > pageSize) return 'multi-page';
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

/** What keeps the memory from being converted without a person looking at it. */
interface Obstacles {
  /** The memory must be contiguous, or it is freed where the file does not show it: no finding. */
  readonly forbidden: boolean;
  /** The frees cannot be followed: a finding without a fix. */
  readonly unfollowed: boolean;
  /** First reason why a person must look. */
  readonly reason: string | undefined;
}

function obstaclesOf(history: PlaceHistory): Obstacles {
  let forbidden = false;
  let unfollowed = history.unclear.some((use) => use.kind === 'allocated' || use.kind === 'freed' || use.kind === 'assigned');
  let reason: string | undefined;
  for (const use of history.uses) {
    if (use.kind === 'argument') {
      if (NEEDS_CONTIGUOUS.test(use.callee ?? '')) forbidden = true;
      else if (!CPU_ONLY.test(use.callee ?? '')) reason ??= `it is passed to ${use.callee}()`;
    } else if (use.kind === 'copied' || use.kind === 'returned' || use.kind === 'address-taken' || use.kind === 'other') {
      if (history.kind === 'local') unfollowed = true;
      reason ??= use.kind === 'returned' ? 'it is returned to the caller' : 'it is stored in another place';
    } else if (use.kind === 'element-address') {
      reason ??= 'an address inside it is handed on';
    } else if (use.kind === 'assigned' && use.nullValue !== true) {
      unfollowed = true;
    }
  }
  if (history.kind === 'member' && !history.closed) reason ??= `other files may use ${history.name}`;
  return { forbidden, unfollowed, reason };
}

/** Whether the file frees the memory: under this name, under one it was copied to, or under one that may be the same member. */
function isFreed(memory: FileMemory, history: PlaceHistory): boolean {
  const frees = (uses: readonly PlaceUse[]) => uses.some((use) => use.kind === 'freed');
  if (frees(history.uses) || frees(history.unclear)) return true;
  return history.uses.some((use) => use.kind === 'copied' && use.other !== 0 && frees(memory.history(use.other!)?.uses ?? []));
}

/** The edits that convert every allocation and every free of a place; undefined when one of them has no kv form. */
function conversion(history: PlaceHistory): TextEdit[] | undefined {
  const edits = new Map<number, TextEdit>();
  const frees = history.uses.filter((use) => use.kind === 'freed');
  if (frees.length === 0) return undefined;
  for (const use of history.uses) {
    if (use.kind !== 'allocated' && use.kind !== 'freed') continue;
    const { call } = use;
    const name = use.kind === 'allocated' ? kvAllocation(call!) : kvFree(call!);
    if (call === undefined || name === undefined || call.origin === 'macro') return undefined;
    if (name !== call.callee) edits.set(call.calleeRange.start, { range: call.calleeRange, newText: name });
  }
  return [...edits.values()].sort((a, b) => a.range.start - b.range.start);
}

function kvAllocation(call: CallSite): string | undefined {
  return call.api?.allocates === 'kv' ? call.callee : call.api?.kvForm;
}

function kvFree(call: CallSite): string | undefined {
  return call.callee === 'kfree' || call.callee === 'kvfree' ? 'kvfree' : undefined;
}

function check(call: CallSite, { facts, model, possible }: RuleContext): readonly RuleFinding[] {
  const { api } = call;
  if (api?.kvForm === undefined || !CONVERTIBLE.test(call.callee) || call.origin === 'macro' || call.context.unreachable) return [];
  if (call.context.maySleep === 'no' || !maskAllows(call, model)) return [];
  const large = largeness(call, model);
  if (large === undefined || (large !== 'multi-page' && !possible)) return [];
  const memory = memoryOf(facts, model);
  const target = memory.targets(call)[0];
  const history = target === undefined ? undefined : memory.history(target);
  if (history === undefined || !isFreed(memory, history)) return [];
  const obstacles = obstaclesOf(history);
  if (obstacles.forbidden) return [];
  const clean = !obstacles.unfollowed && obstacles.reason === undefined;
  // A few pages of fixed size nearly always succeed: converting them is not worth a look at everything that uses them.
  if (!clean && call.size?.bytes.max !== undefined && orderForBytes(call.size.bytes.max, model.limits.pageSize) <= model.limits.costlyOrder)
    return [];
  const certainty: Certainty = clean && large === 'multi-page' ? 'definite' : 'possible';
  const edits = obstacles.unfollowed ? undefined : conversion(history);
  return [
    {
      range: call.range,
      message: `${call.callee}() ${sizeText(call, large)}${clean ? ' for memory that only the CPU uses' : ''}: ${api.kvForm}() falls back to vmalloc when memory is fragmented`,
      certainty,
      severity: 'hint',
      fixes: edits === undefined ? [] : [fixOf(api.kvForm, edits, obstacles.reason)],
      call,
      mask: call.effectiveMask,
    },
  ];
}

function sizeText(call: CallSite, large: 'multi-page' | 'unbounded'): string {
  const { size } = call;
  if (large === 'multi-page')
    return `needs ${size!.bytes.min === size!.bytes.max ? '' : 'at least '}${bytesText(size!.bytes.min)} of contiguous memory`;
  if (size?.count !== undefined) return `needs contiguous memory for ${size.count.text} elements`;
  return 'needs contiguous memory for a size that is not bounded';
}

function fixOf(kvForm: string, edits: readonly TextEdit[], reason: string | undefined): Fix {
  const title = `Use ${kvForm}() and kvfree()`;
  return reason === undefined ? { title, safety: 'safe', edits } : { title: `${title}; look first: ${reason}`, safety: 'unsafe', edits };
}

export const preferKvmalloc: Rule = {
  id: 'prefer-kvmalloc',
  summary: 'a large contiguous array of which nobody needs the contiguity',
  severity: 'hint',
  doc: `## What it finds

\`kcalloc()\`, \`kmalloc_array()\`, \`kzalloc()\` and \`kmalloc()\` of more than a page, or of a size without a bound, whose memory is freed in the same file and is not
handed to anything that needs physical contiguity. The fix converts the allocation *and every matching kfree()* in one edit.

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

Sizes up to a page, memory that reaches DMA, scatterlists, crypto, USB, \`virt_to_*()\`, \`krealloc()\` or \`kfree_rcu()\`, masks that cannot sleep or for which this release's
kvmalloc() does not fall back, masks with \`__GFP_NOWARN\` or \`__GFP_NORETRY\` (there is a fallback already) or zone flags, memory that this file
does not free. A size without a bound is a possible finding; where the memory is passed on, the fix says so and is not applied by itself.

## References

- mm/util.c: kvmalloc_node(), kvfree()
- Documentation/core-api/memory-allocation.rst: "kvmalloc"
`,
  checkCall: check,
};

import type { MaskSite, MaskTerm } from '../facts/site';
import type { FlagTable } from '../kernel/model';
import { removeTermFix, replaceTermFix } from './maskEdits';
import { buildsMask, spanOf, termBits, termsWith, writtenName } from './maskTerms';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';
import { listed } from './words';

/** Each of them asks for one zone; the kernel's table GFP_ZONE_BAD rejects every pair of them. __GFP_MOVABLE goes with all. */
const ZONES = ['__GFP_DMA', '__GFP_HIGHMEM', '__GFP_DMA32'];

function check(site: MaskSite, { model, facts }: RuleContext): readonly RuleFinding[] {
  if (!buildsMask(site, facts)) return [];
  const { flags } = model;
  const present = ZONES.filter((name) => (flags.bitsOf(name) & site.value.set) !== 0);
  if (present.length < 2) return [];
  // dma_alloc_*() takes the zone flags away: see dma-mask.
  if (site.call?.api?.allocates === 'dma') return [];
  const zoneBits = present.reduce((bits, name) => bits | flags.bits(name)!, 0);
  const terms = termsWith(site, flags, zoneBits);
  if (terms.length === 0) return [];
  const names = [...new Set(terms.map(writtenName))];
  const pureZones = terms.filter((term) => (termBits(term, flags) & ~zoneBits) === 0);
  return [
    {
      range: spanOf(terms.map((term) => term.range)),
      message: `${listed(present)} ask for different zones${names.every((name) => present.includes(name)) ? '' : ` (from ${listed(names)})`}: the zone table rejects the combination`,
      certainty: 'definite',
      fixes: [...withoutHighmem(terms, flags), ...pureZones.flatMap((term) => removeTermFix(facts, site, term, 'unsafe'))],
    },
  ];
}

/** GFP_HIGHUSER to GFP_USER: a request for low memory cannot take highmem pages anyway. */
function withoutHighmem(terms: readonly MaskTerm[], flags: FlagTable): readonly Fix[] {
  const highmem = flags.bitsOf('__GFP_HIGHMEM');
  return terms.flatMap((term) => {
    const rest = termBits(term, flags) & ~highmem;
    const name = flags.composites.find(({ bits }) => bits === rest)?.name;
    return term.kind === 'composite' && rest !== termBits(term, flags) && name !== undefined ? replaceTermFix(term, name, 'unsafe') : [];
  });
}

export const zoneConflict: Rule = {
  id: 'zone-conflict',
  summary: 'zone modifiers that the zone table rejects',
  severity: 'error',
  doc: `## What it finds

Two of \`__GFP_DMA\`, \`__GFP_HIGHMEM\` and \`__GFP_DMA32\` in one mask, also when one of them comes with a composite: \`GFP_HIGHUSER | GFP_DMA32\`.

## Why

The low bits of a mask index a table of zones, and there is no entry for two of these flags. A kernel with CONFIG_DEBUG_VM stops with a BUG; others
silently use the lowest zone, which is the scarcest.

## Example

\`\`\`c bad
#include <linux/gfp.h>

struct page *frame_page(void)
{
	return alloc_page(GFP_HIGHUSER | GFP_DMA32);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/gfp.h>

struct page *frame_page(void)
{
	return alloc_page(GFP_USER | GFP_DMA32);
}
\`\`\`

## When it stays silent

\`__GFP_MOVABLE\` with any of them is legal. Flags that are only set on some paths, and masks given to dma_alloc_*(), which removes the zone flags (see dma-mask).

## References

- include/linux/gfp.h: GFP_ZONE_TABLE, GFP_ZONE_BAD, gfp_zone()
`,
  checkMask: check,
};

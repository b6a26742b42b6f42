import type { TextRange } from '../base/range';
import type { CallSite, FileFacts, MaskSite, MaskTerm } from '../facts/site';
import type { FlagTable } from '../kernel/model';

const decoder = new TextDecoder('utf-8');

/** The source text of a range of the analysed file. */
export function sourceText(facts: FileFacts, range: TextRange): string {
  return decoder.decode(facts.file.bytes.subarray(range.start, range.end));
}

/** Lattice bits of a flag word; 0 for anything else. */
export function termBits(term: MaskTerm, flags: FlagTable): number {
  return term.kind === 'flag' || term.kind === 'composite' ? flags.bitsOf(term.text) : 0;
}

/** The flag words that the expression ORs in, and that it holds for certain. */
export function addedTerms(site: MaskSite, flags: FlagTable): readonly MaskTerm[] {
  return site.terms.filter((term) => term.role === 'or' && (termBits(term, flags) & site.value.set) !== 0);
}

/**
 * The flag words by which the expression itself brings in `bits`. Empty when they all come from a variable, so that a mistake
 * is reported where it is made and not again at every use.
 */
export function termsWith(site: MaskSite, flags: FlagTable, bits: number): readonly MaskTerm[] {
  return addedTerms(site, flags).filter((term) => (termBits(term, flags) & bits) !== 0);
}

/**
 * Whether the expression makes a mask to allocate with; not one that only filters (`gfp &= A | B`) or tests one, and none of the
 * kernel's sets of flags (`__GFP_BITS_MASK`).
 */
export function buildsMask(site: MaskSite, facts: FileFacts): boolean {
  if (site.use === 'condition') return false;
  if (site.terms.some((term) => term.kind === 'composite' && term.role === 'or' && term.text.endsWith('MASK'))) return false;
  if (site.use !== 'assignment') return true;
  const { bytes } = facts.file;
  let at = site.range.start - 1;
  while (at > 0 && /[\s(]/.test(String.fromCharCode(bytes[at]!))) at--;
  return !(bytes[at] === 0x3d && bytes[at - 1] === 0x26);
}

/** A word that stands in the source at its range, and does not come out of a macro's body. */
export function isWritten(term: MaskTerm): boolean {
  return term.via === undefined;
}

/** How the term reads in the source: the macro's name when it comes out of one. */
export function writtenName(term: MaskTerm): string {
  return term.via ?? term.text;
}

/** From the first of the ranges to the last. */
export function spanOf(ranges: readonly TextRange[]): TextRange {
  return { start: Math.min(...ranges.map((range) => range.start)), end: Math.max(...ranges.map((range) => range.end)) };
}

/** Where a call's mask should be pointed at: the argument, or the call when it has none. */
export function maskRange(call: CallSite): TextRange {
  return call.mask?.range ?? call.range;
}

/**
 * Where a flag of a call's mask should be pointed at: the words that bring it in, as one range, or the whole argument when
 * it comes from a variable.
 */
export function flagRange(call: CallSite, flags: FlagTable, bits: number): TextRange {
  const terms = call.mask ? termsWith(call.mask, flags, bits) : [];
  return terms.length === 1 ? terms[0]!.range : maskRange(call);
}

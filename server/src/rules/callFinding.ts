import type { TextRange } from '../base/range';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { CallSite, TraceStep } from '../facts/site';

/** Where a finding about what a call lets the allocator do is shown: at its mask, or at the called name where a macro hides it. */
export function maskPlace(call: CallSite): TextRange {
  return call.mask && call.origin !== 'macro' ? call.mask.range : call.calleeRange;
}

/** The steps of a verdict as a finding shows them. */
export function traceOf(verdict: CallVerdict): readonly TraceStep[] {
  return verdict.steps.map(({ path, start, end, message }) => ({ path, range: { start, end }, message }));
}

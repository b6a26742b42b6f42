import type { CallSite } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { hasAll, hasAny } from '../mask/mask';

const RETRY_POLICIES = ['__GFP_NORETRY', '__GFP_RETRY_MAYFAIL', '__GFP_REPEAT', '__GFP_NOFAIL'];

/** Whether the mask reclaims like GFP_KERNEL and names no retry policy: true, false, or undefined when it is not known. */
export function triesHard(call: CallSite, model: KernelModel): boolean | undefined {
  const bits = (names: readonly string[]) => names.reduce((all, name) => all | model.flags.bitsOf(name), 0);
  const reclaims = hasAll(call.effectiveMask, bits(['__GFP_DIRECT_RECLAIM']));
  const decided = hasAny(call.effectiveMask, bits(RETRY_POLICIES));
  if (reclaims === false || decided === true) return false;
  return reclaims === true && decided === false ? true : undefined;
}

/** Whether the mask says that its failure is nothing to warn about. */
export function isQuiet(call: CallSite, model: KernelModel): boolean {
  return hasAll(call.effectiveMask, model.flags.bitsOf('__GFP_NOWARN')) === true;
}

import type { KernelFunction, KernelModel } from '../../kernel/model';
import { hasAll, hasAny } from '../../mask/mask';
import type { CallSite, FunctionFacts } from '../site';
import { Act } from './linkage';

/**
 * The allocator behind a call may sleep: its mask says so, or it always may. Undefined when that depends on something unknown.
 * Calls that sleep without allocating are not meant.
 */
export function mayBlock(call: CallSite, model: KernelModel): boolean | undefined {
  const blocking = model.flags.bitsOf('__GFP_DIRECT_RECLAIM');
  if (call.api) {
    if (call.api.sleeps === 'always') return takesMemory(call.api);
    if (call.api.sleeps !== 'mask') return false;
  }
  return hasAll(call.effectiveMask, blocking);
}

function takesMemory({ allocates, fixedMask, gfp, failure }: KernelFunction): boolean {
  return allocates !== undefined || fixedMask !== undefined || (gfp !== undefined && failure !== undefined);
}

/** The mask is GFP_ATOMIC or GFP_NOWAIT as written there, and nothing in it says that failing is fine. */
export function isPlainlyAtomic(call: CallSite, model: KernelModel): boolean {
  if (!call.mask || (call.api !== undefined && call.api.sleeps !== 'mask')) return false;
  const { flags } = model;
  const blocking = flags.bitsOf('__GFP_DIRECT_RECLAIM');
  const optional = flags.bitsOf('__GFP_NORETRY') | flags.bitsOf('__GFP_NOMEMALLOC') | flags.bitsOf('__GFP_MEMALLOC');
  const base = call.mask.terms.find((term) => term.role === 'or' && (term.text === 'GFP_ATOMIC' || term.text === 'GFP_NOWAIT'));
  if (!base || call.mask.terms.some((term) => term.text === '__GFP_NOWARN')) return false;
  return hasAny(call.effectiveMask, blocking | optional) === false;
}

/** What the mask of a blocking call lets reclaim do, after the scopes that are open around it; undefined when that is not known. */
export function reclaimOf(call: CallSite, { flags }: KernelModel): 'none' | 'io' | 'fs' | undefined {
  const scopes = call.context.held.map((held) => held.resource);
  const io = scopes.includes('noio-scope') ? false : hasAll(call.effectiveMask, flags.bitsOf('__GFP_IO'));
  const fs = scopes.includes('nofs-scope') ? false : hasAll(call.effectiveMask, flags.bitsOf('__GFP_FS'));
  if (io !== true) return io === false ? 'none' : undefined;
  return fs === undefined ? undefined : fs ? 'fs' : 'io';
}

const BLOCKING_ACTS = { none: Act.BlocksOnly, io: Act.BlocksIo, fs: Act.BlocksFs } as const;

/** What a recorded call means to those who call the function it stands in. */
function actOf(call: CallSite, model: KernelModel): Act {
  if (mayBlock(call, model) === true) {
    const reach = reclaimOf(call, model);
    return reach === undefined ? Act.Blocks : BLOCKING_ACTS[reach];
  }
  return isPlainlyAtomic(call, model) ? Act.Atomic : Act.None;
}

/** Of several acts at one place, those of a macro, the gravest counts. */
const WEIGHT: Readonly<Record<Act, number>> = {
  [Act.None]: 0,
  [Act.Atomic]: 1,
  [Act.BlocksOnly]: 2,
  [Act.Blocks]: 3,
  [Act.BlocksIo]: 4,
  [Act.BlocksFs]: 5,
};

/** What the recorded calls of a function do, by the offset of the called name. */
export function actsOf({ calls }: Pick<FunctionFacts, 'calls'>, model: KernelModel): ReadonlyMap<number, Act> {
  const acts = new Map<number, Act>();
  for (const call of calls) {
    const done = actOf(call, model);
    if (WEIGHT[done] > WEIGHT[acts.get(call.calleeRange.start) ?? Act.None]) acts.set(call.calleeRange.start, done);
  }
  return acts;
}

/** Containers that allocate their own nodes. */
const STORES = /^_*(idr|ida|xa|radix_tree)_/;

/** Parameters that are masks of calls, by the offset of the called name. */
export function deferredMasks({ calls, gfpParameters }: Pick<FunctionFacts, 'calls' | 'gfpParameters'>): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  if (gfpParameters.length === 0) return found;
  for (const call of calls) {
    const parameter = deferredMask(call);
    if (parameter !== undefined) found.set(call.calleeRange.start, parameter);
  }
  return found;
}

/**
 * The parameter that alone is the mask of an allocation which the function makes where it must not sleep: whether that is a mistake depends on
 * what callers pass. Undefined for all other calls.
 */
export function deferredMask({ context, mask, api, origin, function: owner }: CallSite): number | undefined {
  if (context.maySleep !== 'no' || context.decidedBy !== undefined || !mask || origin === 'macro') return undefined;
  // A function that only hands the mask on may drop the lock first, or not use it.
  if (api?.sleeps !== 'mask' || (api.allocates === undefined && !STORES.test(api.name))) return undefined;
  const [term, more] = mask.terms;
  if (term === undefined || more !== undefined || term.role !== 'or') return undefined;
  // What the flow knows of the mask, that it was changed or tested, is more than the parameter says.
  return mask.value.set === 0 && mask.value.clear === 0 ? owner.gfpParameters.find(({ name }) => name === term.text)?.index : undefined;
}

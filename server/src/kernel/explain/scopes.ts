import type { KernelModel } from '../model';
import type { ContextWord } from './explanation';
import { flagBitsOf } from './flagBits';

export type ScopeWord = 'noio' | 'nofs' | 'pin' | 'nocma' | 'noreclaim' | 'nowarn';

/** In the order the kernel applies them. */
const SCOPES: readonly ScopeWord[] = ['noreclaim', 'noio', 'nofs', 'nowarn', 'pin', 'nocma'];

/**
 * The mask under a memalloc scope (current_gfp_context() in include/linux/sched/mm.h, memalloc_noio_flags() in include/linux/sched.h until 4.11): NOIO also
 * clears __GFP_FS, PIN clears __GFP_MOVABLE. A scope that the release does not have leaves the mask alone.
 *
 * @param bits lattice bits.
 */
export function underScope(model: KernelModel, bits: number, scope: ScopeWord): number {
  const { scopes } = model.behaviour;
  const flags = flagBitsOf(model.flags);
  switch (scope) {
    case 'noio':
      return bits & ~(flags.io | flags.fs);
    case 'nofs':
      return scopes.nofs ? bits & ~flags.fs : bits;
    case 'pin':
      return scopes.pin ? bits & ~flags.movable : bits;
    case 'nocma':
      return scopes.nocma ? bits & ~flags.movable : bits;
    case 'noreclaim':
      return scopes.noreclaim ? bits & ~flags.directReclaim : bits;
    case 'nowarn':
      return scopes.noreclaim ? bits | flags.nowarn : bits;
  }
}

/** The mask after all scopes of a context. NORECLAIM comes before NOIO, NOIO before NOFS: only the first of them counts. */
export function underContext(model: KernelModel, bits: number, context: readonly ContextWord[] | undefined): number {
  if (context === undefined || context.length === 0) return bits;
  const { scopes } = model.behaviour;
  const first = SCOPES.slice(0, 3).find((scope) => context.includes(scope as ContextWord) && (scope !== 'noreclaim' || scopes.noreclaim));
  const others = SCOPES.slice(3).filter((scope) => context.includes(scope as ContextWord));
  return [...(first === undefined ? [] : [first]), ...others].reduce((rest, scope) => underScope(model, rest, scope), bits);
}

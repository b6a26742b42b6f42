import type { KernelModel } from '../model';

export type ScopeWord = 'nofs' | 'noio' | 'pin';

/**
 * The mask under a memalloc scope (current_gfp_context() in include/linux/sched/mm.h): NOIO also clears __GFP_FS, PIN clears __GFP_MOVABLE. A scope that
 * the release does not have leaves the mask alone.
 *
 * @param bits lattice bits.
 */
export function underScope(model: KernelModel, bits: number, scope: ScopeWord): number {
  const clear = (...names: string[]) => names.reduce((rest, name) => rest & ~(model.flags.bits(name) ?? 0), bits);
  switch (scope) {
    case 'noio':
      return clear('__GFP_IO', '__GFP_FS');
    case 'nofs':
      return model.behaviour.scopes.nofs ? clear('__GFP_FS') : bits;
    case 'pin':
      return model.behaviour.scopes.pin ? clear('__GFP_MOVABLE') : bits;
  }
}

import type { Cfg } from '../flow/cfg';
import { type Solution, solve } from '../flow/solve';
import type { Observer } from './observer';
import { ENTRY_STATE, equalStates, joinStates, type State } from './state';
import type { Transfer } from './transfer';

/** Solves the product state over a function. In a graph without loops the observer hears every call on the way. */
export function solveContext(cfg: Cfg, transfer: Transfer, observer?: Observer): Solution<State> {
  return solve<State>(
    cfg,
    {
      transfer: (block, state) => transfer.run(block.steps, state),
      ...(observer && { transferOnce: (block, state) => transfer.run(block.steps, state, observer) }),
      assume: (condition, state) => transfer.assume(condition, state),
      join: joinStates,
      equal: equalStates,
    },
    ENTRY_STATE,
  );
}

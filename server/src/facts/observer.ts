import type { Expansion, Step } from '../flow/cfg';
import type { Tree } from '../syntax/tree';
import type { State } from './state';

/** Where the value of an expression goes; recorded with the calls in it. */
export type Destination =
  | { readonly kind: 'assigned'; readonly tree: Tree; readonly target: number; readonly declared: boolean }
  | { readonly kind: 'returned' | 'discarded' | 'expression' };

/** Told of every call before it takes effect. */
export interface Observer {
  /** A step is about to run, or to be passed over because it changes nothing. */
  step?(step: Step, state: State): void;
  call(tree: Tree, node: number, state: State, destination: Destination, expansion: Expansion | undefined): void;
  /** An assignment, initialiser or return whose value mentions flags. */
  value(
    tree: Tree,
    node: number,
    state: State,
    use: 'assignment' | 'initialiser' | 'return' | 'condition' | 'other',
    expansion: Expansion | undefined,
  ): void;
}

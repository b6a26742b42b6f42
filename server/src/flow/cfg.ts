import type { Tree } from '../syntax/tree';

/** What a step does with its node. */
export const enum StepKind {
  /** Evaluate an expression (all its calls, in evaluation order). */
  Evaluate,
  /** Run a Declaration: its initialisers, in order. */
  Declare,
  /** Evaluate the value of a Return (the node is the Return itself). */
  Return,
  /** A scope that a `guard()` or `__free()` opened ends; the node is the guard's Call or the Declarator. */
  ScopeExit,
  /** `scoped_guard(name, …)` is entered; the node is its Call. */
  ScopeEnter,
}

export interface Step {
  readonly kind: StepKind;
  readonly tree: Tree;
  readonly node: number;
  /** For steps that come out of a macro: the expansion they belong to. */
  readonly expansion: Expansion | undefined;
  /** Changes no state; kept for an observer that wants to know what holds there. */
  readonly quiet: boolean;
}

/** The body of a macro put in place of its call. */
export interface Expansion {
  readonly tree: Tree;
  readonly root: number;
  /** The call in the outer tree; positions inside the expansion are reported there. */
  readonly call: number;
  readonly outer: Expansion | undefined;
  readonly macro: string;
}

/** A branch condition with `&&`, `||`, `!` and `likely()` resolved: the edge is taken when the leaf's truth equals `sense`. */
export interface Condition {
  readonly tree: Tree;
  readonly node: number;
  readonly sense: boolean;
  readonly expansion: Expansion | undefined;
}

export interface Edge {
  readonly to: number;
  readonly condition: Condition | undefined;
}

export interface BasicBlock {
  readonly steps: readonly Step[];
  readonly successors: readonly Edge[];
}

/** The control flow of one function: block 0 is the entry, block 1 the exit (no steps, no successors). */
export interface Cfg {
  readonly blocks: readonly BasicBlock[];
  /** Constructs that were read as straight code because their shape is not known. */
  readonly unknownShapes: number;
}

export const ENTRY = 0;
export const EXIT = 1;

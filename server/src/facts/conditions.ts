import type { Condition } from '../flow/cfg';
import * as masks from '../mask/mask';
import { isMemberAccess } from '../syntax/brackets';
import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childAt, kindOf, stripCasts, type Tree } from '../syntax/tree';
import { type ContextEffects, calleeSymbol } from './contextEffects';
import type { FileScope } from './fileScope';
import { type Guard, GuardOn } from './linkage/linkage';
import type { LinkedParameter } from './linkage/parameters';
import { operatorOf } from './maskExpression';
import { Role } from './names';
import { isAtomic, type PendingEffect } from './state';
import type { StateDraft } from './stateDraft';
import type { TrackedValues } from './trackedValues';

/** Both ways on from a condition on something that speaks of sleeping; where they meet again it has decided nothing. */
const SPEAKS_OF_SLEEPING: Guard = { parameter: GuardOn.Sleeping, nonzero: true, usual: false };
const SPEAKS_AGAINST: Guard = { parameter: GuardOn.Sleeping, nonzero: false, usual: false };

interface ParameterTest {
  readonly parameter: LinkedParameter;
  readonly nonzero: boolean;
  /** A number is looked at, not a switch: what callers of unknown values do is not in doubt because of it. */
  readonly isMild: boolean;
}

/** What the truth of a condition says of locks, context, masks and parameters. */
export class Conditions {
  constructor(
    private readonly scope: FileScope,
    private readonly draft: StateDraft,
    private readonly effects: ContextEffects,
    private readonly values: TrackedValues,
    /** Parameters whose tests are remembered; undefined when only the function by itself is of interest. */
    private readonly watched: readonly LinkedParameter[] | undefined,
  ) {}

  /** Changes the draft by what holds where the condition has this outcome; false when it cannot have it. */
  assume(condition: Condition): boolean {
    if (this.watched && !this.watch(condition, this.watched)) return false;
    this.assumeTruth(condition.tree, condition.node, condition.sense);
    return true;
  }

  /** Remembers what the condition says of parameters and of sleeping; false when it contradicts what is known. */
  private watch({ tree, node, sense }: Condition, watched: readonly LinkedParameter[]): boolean {
    const test = tree === this.scope.file.tree ? this.parameterTest(tree, node, sense, watched) : undefined;
    if (test === undefined) {
      if (this.speaksOfSleeping(tree, node)) this.draft.addGuard(sense ? SPEAKS_OF_SLEEPING : SPEAKS_AGAINST);
      return true;
    }
    const { parameter, nonzero, isMild } = test;
    if (this.draft.guards.some((guard) => guard.parameter === parameter.index && guard.nonzero !== nonzero)) return false;
    this.draft.addGuard({ parameter: parameter.index, nonzero, usual: isMild || (nonzero && !parameter.choice) });
    return true;
  }

  /** Something that is looked into, `block->size`, is no flag, whatever it is called. */
  private speaksOfSleeping(tree: Tree, node: number): boolean {
    if (!this.scope.mentions(tree, node, Role.SpeaksOfSleeping | Role.Test)) return false;
    const { kind, symbol } = tree.tokens;
    for (let token = tree.first[node]!; token < tree.end[node]!; token++) {
      if (kind[token] !== TokenKind.Identifier) continue;
      const role = this.scope.names.role(symbol[token]!);
      if ((role & Role.Test) !== 0) return true;
      if ((role & Role.SpeaksOfSleeping) !== 0 && !isLookedInto(kind, token)) return true;
    }
    return false;
  }

  /** What `p`, `p == NULL`, `p != 0` say of a parameter, and `p & FLAG` where it holds: whoever passes 0 does not get there. */
  private parameterTest(tree: Tree, node: number, sense: boolean, watched: readonly LinkedParameter[]): ParameterTest | undefined {
    const inner = stripCasts(tree, node);
    if (kindOf(tree, inner) !== NodeKind.Binary) {
      const parameter = watchedParameter(tree, inner, watched);
      return parameter && { parameter, nonzero: sense, isMild: false };
    }
    const left = tree.child[inner]!;
    const parameter = watchedParameter(tree, stripCasts(tree, left), watched);
    if (parameter === undefined) return undefined;
    const operator = operatorOf(tree, inner);
    if (operator === TokenKind.Amp) return sense ? { parameter, nonzero: true, isMild: true } : undefined;
    if ((operator !== TokenKind.Equal && operator !== TokenKind.NotEqual) || !this.isZero(tree, tree.next[left]!)) return undefined;
    return { parameter, nonzero: sense === (operator === TokenKind.NotEqual), isMild: parameter.choice };
  }

  private assumeTruth(tree: Tree, node: number, truth: boolean): void {
    const inner = stripCasts(tree, node);
    switch (kindOf(tree, inner)) {
      case NodeKind.Call:
        return this.assumeCall(tree, inner, truth);
      case NodeKind.Identifier: {
        const pending = this.draft.variable(this.scope.texts.tokenText(tree, tree.tok[inner]!))?.pending;
        return pending ? this.applyPending(pending, truth) : undefined;
      }
      case NodeKind.Assign: {
        const value = stripCasts(tree, childAt(tree, inner, 1));
        return kindOf(tree, value) === NodeKind.Call ? this.assumeCall(tree, value, truth) : undefined;
      }
      case NodeKind.Binary:
        return this.assumeComparison(tree, inner, truth);
      default:
        return undefined;
    }
  }

  private assumeCall(tree: Tree, call: number, truth: boolean): void {
    const symbol = calleeSymbol(tree, call);
    const pending = this.effects.pendingOf(tree, call);
    if (pending) return this.applyPending(pending, truth);
    const test = this.scope.names.test(symbol);
    if (test) return this.applyTest(test.name, truth ? test.nonzero : test.zero, truth, tree, call);
    if (this.scope.file.interner.text(symbol) === 'gfpflags_allow_blocking') {
      const name = this.values.trackedName(tree, childAt(tree, call, 1));
      const bits = this.scope.names.model.flags.bitsOf('__GFP_DIRECT_RECLAIM');
      if (name !== undefined) this.values.refine(name, truth ? { set: bits, clear: 0 } : { set: 0, clear: bits });
      return;
    }
    const body = this.scope.expandCall(tree, call);
    if (body && body.shape === 'expression') this.assumeTruth(body.tree, body.root, truth);
  }

  private applyPending(pending: PendingEffect, truth: boolean): void {
    if (truth === (pending.function.when === 'nonzero')) this.effects.apply(pending.function, pending.call);
  }

  private applyTest(name: string, proves: 'atomic' | 'may-sleep' | 'nothing', truth: boolean, tree: Tree, call: number): void {
    if (proves === 'nothing') {
      // The path where a context test says "atomic is possible" was written for that: no proof of sleeping survives it.
      return;
    }
    const { range } = this.effects.event(tree, call, name);
    if (proves === 'may-sleep')
      this.draft.held = this.draft.held.map((entry) => (entry.must && isAtomic(entry) ? { ...entry, must: false } : entry));
    this.draft.tested = {
      maySleep: proves === 'may-sleep',
      step: { range, message: `${name}() is ${truth ? 'true' : 'false'} on this path` },
    };
  }

  private assumeComparison(tree: Tree, node: number, truth: boolean): void {
    const left = tree.child[node]!;
    const right = tree.next[left]!;
    const operator = operatorOf(tree, node);
    if (operator === TokenKind.Amp) return this.assumeFlags(tree, left, right, truth);
    const zero = this.isZero(tree, right);
    switch (operator) {
      case TokenKind.Equal:
        return zero ? this.assumeTruth(tree, left, !truth) : this.assumeEqualMask(tree, left, right, truth);
      case TokenKind.NotEqual:
        return zero ? this.assumeTruth(tree, left, truth) : this.assumeEqualMask(tree, left, right, !truth);
      case TokenKind.Less:
      case TokenKind.Greater:
        // `ret < 0`, `ret > 0`: true means non-zero; false means zero only for functions that return 0 or one sign.
        return zero ? this.assumeTruth(tree, left, truth) : undefined;
      default:
        return undefined;
    }
  }

  /** `gfp & FLAGS` as a condition. */
  private assumeFlags(tree: Tree, left: number, right: number, truth: boolean): void {
    const [place, flags] = this.values.trackedName(tree, left) === undefined ? [right, left] : [left, right];
    const name = this.values.trackedName(tree, place);
    const value = this.values.mask(tree, flags);
    if (name === undefined || !masks.isExact(value)) return;
    const single = (value.set & (value.set - 1)) === 0;
    if (!truth) this.values.refine(name, { set: 0, clear: value.set });
    else if (single) this.values.refine(name, { set: value.set, clear: 0 });
  }

  private assumeEqualMask(tree: Tree, left: number, right: number, equal: boolean): void {
    const name = this.values.trackedName(tree, left);
    const value = this.values.mask(tree, right);
    if (equal && name !== undefined && masks.isExact(value)) this.values.refine(name, value);
  }

  private isZero(tree: Tree, node: number): boolean {
    const text = this.scope.texts.text(tree, stripCasts(tree, node));
    return text === '0' || text === 'NULL' || text === 'false';
  }
}

/** The parameter that an expression consists of. */
function watchedParameter(tree: Tree, node: number, watched: readonly LinkedParameter[]): LinkedParameter | undefined {
  if (kindOf(tree, node) !== NodeKind.Identifier) return undefined;
  const symbol = tree.tokens.symbol[tree.tok[node]!]!;
  return watched.find((one) => one.symbol === symbol);
}

/** `block->size`, `block[0]`, `sizeof(*block)` */
function isLookedInto(kind: ArrayLike<number>, token: number): boolean {
  const after = kind[token + 1];
  if (isMemberAccess(after) || after === TokenKind.LBracket) return true;
  const open = kind[token - 1] === TokenKind.Star ? token - 2 : token - 1;
  return kind[open] === TokenKind.LParen && kind[open - 1] === TokenKind.Sizeof;
}

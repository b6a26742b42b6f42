import * as masks from '../mask/mask';
import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childrenOf, kindOf, stripCasts, type Tree, unparen } from '../syntax/tree';
import { type ContextEffects, calleeSymbol } from './contextEffects';
import type { FileScope } from './fileScope';
import { MaskEvaluator, operatorOf } from './maskExpression';
import { Role } from './names';
import { UNKNOWN_VALUE, type VariableValue } from './state';
import type { StateDraft } from './stateDraft';

/** What local variables and members hold: masks, results of allocations, results of trylocks. */
export class TrackedValues {
  readonly evaluator: MaskEvaluator;

  constructor(
    private readonly scope: FileScope,
    private readonly draft: StateDraft,
    private readonly effects: ContextEffects,
    /** Names declared in the function: only these are followed as variables. */
    private readonly locals: ReadonlySet<string>,
  ) {
    this.evaluator = new MaskEvaluator(scope);
  }

  /** What is known of the mask that an expression gives here. */
  mask(tree: Tree, node: number): masks.Mask {
    return this.evaluator.value(tree, node, (name) => this.draft.variable(name)?.mask);
  }

  /** The key of a local variable or a member path, or undefined when the place is not followed. */
  trackedName(tree: Tree, node: number): string | undefined {
    const inner = unparen(tree, node);
    const kind = kindOf(tree, inner);
    if (kind === NodeKind.Identifier) {
      const name = this.scope.texts.tokenText(tree, tree.tok[inner]!);
      return this.locals.has(name) ? name : undefined;
    }
    return kind === NodeKind.Arrow || kind === NodeKind.Member ? this.scope.texts.pathText(tree, inner) : undefined;
  }

  /** What a variable holds once the expression is stored in it. */
  valueOf(tree: Tree, node: number): VariableValue {
    const mask = this.mask(tree, node);
    const inner = stripCasts(tree, node);
    const kind = kindOf(tree, inner);
    if (kind === NodeKind.Call) {
      const allocates = this.scope.names.kernelFunction(calleeSymbol(tree, inner))?.allocates !== undefined;
      const pending = this.effects.pendingOf(tree, inner);
      return {
        mask,
        allocations: allocates && !this.draft.expansion ? [inner] : undefined,
        complete: allocates && !this.draft.expansion,
        pending,
      };
    }
    if (kind === NodeKind.Conditional) {
      const [, then, otherwise] = childrenOf(tree, inner);
      if (then && otherwise && this.scope.mentions(tree, inner, Role.Allocates))
        return this.oneOf(this.valueOf(tree, then), this.valueOf(tree, otherwise), mask);
    }
    if (isNull(tree, inner, this.scope)) return { ...UNKNOWN_VALUE, mask, complete: true };
    const name = this.trackedName(tree, inner);
    const known = name === undefined ? undefined : this.draft.variable(name);
    return known ? { ...known, mask } : { ...UNKNOWN_VALUE, mask };
  }

  /** `foo(&ptr)` may store something else in `ptr`. */
  forgetPassedByAddress(tree: Tree, call: number): void {
    if (!this.draft.knowsVariables) return;
    for (let argument = tree.next[tree.child[call]!]!; argument !== 0; argument = tree.next[argument]!) {
      const inner = stripCasts(tree, argument);
      if (kindOf(tree, inner) !== NodeKind.Unary || operatorOf(tree, inner) !== TokenKind.Amp) continue;
      const name = this.trackedName(tree, tree.child[inner]!);
      if (name !== undefined) this.draft.set(name, UNKNOWN_VALUE);
    }
  }

  /** A place whose mask is known better now. */
  refine(name: string, fact: masks.Mask): void {
    const known = this.draft.variable(name) ?? UNKNOWN_VALUE;
    this.draft.set(name, { ...known, mask: masks.refine(known.mask, fact) });
  }

  private oneOf(a: VariableValue, b: VariableValue, mask: masks.Mask): VariableValue {
    const allocations = [...new Set([...(a.allocations ?? []), ...(b.allocations ?? [])])].sort((x, y) => x - y);
    return { mask, allocations: allocations.length > 0 ? allocations : undefined, complete: a.complete && b.complete, pending: undefined };
  }
}

function isNull(tree: Tree, node: number, scope: FileScope): boolean {
  const kind = kindOf(tree, node);
  if (kind !== NodeKind.Identifier && kind !== NodeKind.Number) return false;
  const text = scope.texts.tokenText(tree, tree.tok[node]!);
  return text === 'NULL' || text === '0';
}

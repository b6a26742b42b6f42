import type { Condition, Expansion, Step } from '../flow/cfg';
import { StepKind } from '../flow/cfg';
import * as masks from '../mask/mask';
import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childAt, childrenOf, kindOf, type Tree, unparen } from '../syntax/tree';
import { Conditions } from './conditions';
import { ContextEffects, calleeSymbol } from './contextEffects';
import type { FileScope } from './fileScope';
import { GuardOn } from './linkage/linkage';
import type { LinkedParameter } from './linkage/parameters';
import type { SummaryLookup } from './lockSummary';
import { type MaskEvaluator, operatorOf } from './maskExpression';
import { Role } from './names';
import type { Destination, Observer } from './observer';
import type { Held } from './site';
import { isAtomic, isUnknown, type State, UNKNOWN_VALUE } from './state';
import { StateDraft } from './stateDraft';
import { TrackedValues } from './trackedValues';

/** Operators in operators that are followed; nobody writes such expressions, and the stack is not endless. */
const MAX_EXPRESSION_DEPTH = 500;

const DISCARDED: Destination = { kind: 'discarded' };
const EXPRESSION: Destination = { kind: 'expression' };
const RETURNED: Destination = { kind: 'returned' };

/** The effect of steps and conditions on the product state of one function. */
export class Transfer {
  private readonly draft = new StateDraft();
  private readonly effects: ContextEffects;
  private readonly values: TrackedValues;
  private readonly conditions: Conditions;
  private observer: Observer | undefined;
  /** How deep in an expression the walk is. */
  private depth = 0;

  constructor(
    private readonly scope: FileScope,
    private readonly summaries: SummaryLookup,
    /** Names declared in the function: only these are followed as variables. */
    locals: ReadonlySet<string>,
    /** Parameters whose tests are remembered; undefined when only the function by itself is of interest. */
    private readonly watched?: readonly LinkedParameter[],
  ) {
    this.effects = new ContextEffects(scope, this.draft);
    this.values = new TrackedValues(scope, this.draft, this.effects, locals);
    this.conditions = new Conditions(scope, this.draft, this.effects, this.values, watched);
  }

  get evaluator(): MaskEvaluator {
    return this.values.evaluator;
  }

  /** The state after some steps; the observer, if any, sees each call with the state before it. */
  run(steps: readonly Step[], state: State, observer?: Observer): State {
    this.draft.begin(state, undefined);
    this.observer = observer;
    for (const step of steps) {
      if (observer?.step) observer.step(step, this.draft.snapshot());
      if (!step.quiet) this.step(step);
    }
    return this.draft.finish(state);
  }

  /** The state on an edge, given what the truth of its condition says; undefined when that contradicts what is known. */
  assume(condition: Condition, state: State): State | undefined {
    this.draft.begin(state, condition.expansion);
    return this.conditions.assume(condition) ? this.draft.finish(state) : undefined;
  }

  private step(step: Step): void {
    const { tree, node } = step;
    this.draft.expansion = step.expansion;
    switch (step.kind) {
      case StepKind.Evaluate:
        this.noteValue(tree, node, 'condition');
        return this.visit(tree, node, DISCARDED);
      case StepKind.Declare:
        return this.declare(tree, node);
      case StepKind.Return: {
        const value = tree.child[node]!;
        if (value === 0) return;
        this.noteValue(tree, value, 'return');
        return this.visit(tree, value, RETURNED);
      }
      case StepKind.ScopeEnter:
        this.visitChildren(tree, node);
        return this.effects.guard(tree, node, 'acquire');
      case StepKind.ScopeExit:
        return this.scopeExit(tree, node);
    }
  }

  private noteValue(tree: Tree, node: number, use: 'assignment' | 'initialiser' | 'return' | 'condition' | 'other'): void {
    if (!this.observer || !this.scope.mentions(tree, node, Role.Flag)) return;
    const inner = unparen(tree, node);
    const kind = kindOf(tree, inner);
    if (kind === NodeKind.Call || kind === NodeKind.Assign) return; // arguments and assigned values are noted where they stand
    this.observer.value(tree, node, this.draft.snapshot(), use, this.draft.expansion);
  }

  // ── expressions ──────────────────────────────────────────────────────────────────────────────

  private visit(tree: Tree, node: number, destination: Destination): void {
    switch (kindOf(tree, node)) {
      case NodeKind.Paren:
        return this.visit(tree, tree.child[node]!, destination);
      case NodeKind.Cast:
        return this.visit(tree, childAt(tree, node, 1), destination);
      case NodeKind.Identifier:
      case NodeKind.Number:
      case NodeKind.String:
      case NodeKind.Char:
      case NodeKind.SizeofExpr:
      case NodeKind.SizeofType:
      case NodeKind.TypeName:
      case NodeKind.StatementExpr:
      case NodeKind.Block:
      case NodeKind.Omitted:
        return;
      case NodeKind.Assign:
        return this.assign(tree, node);
      case NodeKind.Call:
        return this.call(tree, node, destination);
      case NodeKind.Conditional: {
        const [condition, then, otherwise] = childrenOf(tree, node);
        if (condition) this.visit(tree, condition, EXPRESSION);
        if (then) this.visit(tree, then, destination);
        if (otherwise) this.visit(tree, otherwise, destination);
        return;
      }
      default:
        return this.visitChildren(tree, node);
    }
  }

  private visitChildren(tree: Tree, node: number): void {
    if (this.depth >= MAX_EXPRESSION_DEPTH) return;
    this.depth++;
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) this.visit(tree, child, EXPRESSION);
    this.depth--;
  }

  private declare(tree: Tree, node: number): void {
    for (const declarator of childrenOf(tree, node)) {
      if (kindOf(tree, declarator) !== NodeKind.Declarator) continue;
      const initializer = childrenOf(tree, declarator).find((child) => kindOf(tree, child) === NodeKind.Initializer);
      const name = tree.tok[declarator] === 0 ? '' : this.scope.texts.tokenText(tree, tree.tok[declarator]!);
      const value = initializer === undefined ? 0 : tree.child[initializer]!;
      if (value === 0) {
        this.draft.set(name, UNKNOWN_VALUE);
        continue;
      }
      this.noteValue(tree, value, 'initialiser');
      this.visit(tree, value, { kind: 'assigned', tree, target: declarator, declared: true });
      this.draft.set(name, this.values.valueOf(tree, value));
    }
  }

  private assign(tree: Tree, node: number): void {
    const target = tree.child[node]!;
    const value = tree.next[target]!;
    this.noteValue(tree, value, 'assignment');
    this.visit(tree, value, { kind: 'assigned', tree, target, declared: false });
    this.visit(tree, target, EXPRESSION);
    const operator = operatorOf(tree, node);
    const assigned = operator === TokenKind.Assign ? this.values.valueOf(tree, value) : UNKNOWN_VALUE;
    // Spelling out a place costs; where nothing is known of any variable, unknown values need no place.
    if (!this.draft.knowsVariables && isUnknown(assigned) && operator !== TokenKind.AmpAssign && operator !== TokenKind.PipeAssign) return;
    const name = this.values.trackedName(tree, target);
    if (name === undefined) return;
    if (operator === TokenKind.Assign) return this.draft.set(name, assigned);
    const before = this.draft.variable(name)?.mask ?? masks.UNKNOWN;
    const operand = this.values.mask(tree, value);
    if (operator === TokenKind.PipeAssign) return this.draft.set(name, { ...UNKNOWN_VALUE, mask: masks.or(before, operand) });
    if (operator === TokenKind.AmpAssign) return this.draft.set(name, { ...UNKNOWN_VALUE, mask: masks.and(before, operand) });
    this.draft.set(name, UNKNOWN_VALUE);
  }

  // ── calls ────────────────────────────────────────────────────────────────────────────────────

  private call(tree: Tree, node: number, destination: Destination): void {
    const symbol = calleeSymbol(tree, node);
    if (symbol === 0) return this.indirectCall(tree, node, destination);
    const role = this.scope.names.role(symbol);
    if ((role & Role.Guard) !== 0) return;
    const body = this.scope.expandCall(tree, node);
    if (body && body.shape === 'expression') return this.visitExpansion(node, body, destination);
    for (let argument = tree.next[tree.child[node]!]!; argument !== 0; argument = tree.next[argument]!)
      this.visit(tree, argument, EXPRESSION);
    this.observer?.call(tree, node, this.draft.snapshot(), destination, this.draft.expansion);
    this.effect(tree, node, symbol, role);
    this.values.forgetPassedByAddress(tree, node);
  }

  /** `guard(name)(lock)` is a call of a call; other calls through expressions have no known effect. */
  private indirectCall(tree: Tree, node: number, destination: Destination): void {
    const callee = unparen(tree, tree.child[node]!);
    if (kindOf(tree, callee) === NodeKind.Call && (this.scope.names.role(calleeSymbol(tree, callee)) & Role.Guard) !== 0) {
      this.visitChildren(tree, node);
      return this.effects.guard(tree, node, 'acquire');
    }
    this.visitChildren(tree, node);
    this.observer?.call(tree, node, this.draft.snapshot(), destination, this.draft.expansion);
  }

  private visitExpansion(call: number, body: { tree: Tree; root: number; macro: string }, destination: Destination): void {
    const outer = this.draft.expansion;
    this.draft.expansion = { tree: body.tree, root: body.root, call, outer, macro: body.macro };
    // A macro that expands to itself through others ends here: expansions are cached per call, and nesting is bounded.
    if (depthOf(this.draft.expansion) <= 6) this.visit(body.tree, body.root, destination);
    this.draft.expansion = outer;
  }

  private effect(tree: Tree, node: number, symbol: number, role: number): void {
    if (this.watched && !this.draft.slept && (role & (Role.Allocates | Role.Context | Role.Sleeps)) !== 0)
      this.noteSleep(tree, node, symbol);
    const row = (role & Role.Context) !== 0 ? this.scope.names.contextFunction(symbol) : undefined;
    if (row) {
      if (row.when === 'always') this.effects.apply(row, this.effects.callEvent(tree, node, row));
      return;
    }
    const local = this.scope.localFunction(symbol);
    if (local) {
      const summary = this.summaries.of(local);
      if (summary) this.effects.applySummary(summary, tree, node, local.entry.name);
      return;
    }
    if ((role & Role.MayUnlock) !== 0) this.effects.unlockUnknown(tree, node, symbol, this.watched !== undefined);
    else if (this.watched && (role & Role.MayLock) !== 0) this.effects.lockUnknown();
  }

  /** A call that sleeps whatever happens, where nothing of this function forbids it: its callers are allowed to sleep. */
  private noteSleep(tree: Tree, node: number, symbol: number): void {
    const { held, released, tested } = this.draft;
    if (held.some(isAtomic) || released.some(isAtomic) || tested !== undefined) return;
    if (this.draft.guards.some((guard) => guard.parameter === GuardOn.Sleeping)) return;
    const row = this.scope.names.kernelFunction(symbol);
    const sleeps = (): Held => ({ resource: 'mutex', instance: '', ...this.effects.event(tree, node, row!.name) });
    if (row?.sleeps === 'always') this.draft.slept = sleeps();
    else if (row?.sleeps === 'mask' && row.gfp !== undefined) {
      const argument = childAt(tree, node, row.gfp + 1);
      const blocking = this.scope.names.model.flags.bitsOf('__GFP_DIRECT_RECLAIM');
      if (argument !== 0 && masks.hasAll(this.values.mask(tree, argument), blocking)) this.draft.slept = sleeps();
    }
  }

  private scopeExit(tree: Tree, node: number): void {
    if (kindOf(tree, node) === NodeKind.Declarator) return; // __free(): nothing of the context ends with it
    this.effects.guard(tree, node, 'release');
  }
}

function depthOf(expansion: Expansion): number {
  let depth = 0;
  for (let at: Expansion | undefined = expansion; at; at = at.outer) depth++;
  return depth;
}

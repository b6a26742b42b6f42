import type { TextRange } from '../base/range';
import type { Condition, Expansion, Step } from '../flow/cfg';
import { StepKind } from '../flow/cfg';
import type { ContextEffect, ContextFunction } from '../kernel/model';
import * as masks from '../mask/mask';
import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childAt, childrenOf, kindOf, stripCasts, type Tree, unparen } from '../syntax/tree';
import type { FileScope } from './fileScope';
import type { Guard } from './linkage/linkage';
import type { LinkedParameter } from './linkage/parameters';
import type { LockSummary, SummaryLookup } from './lockSummary';
import { MaskEvaluator, operatorOf } from './maskExpression';
import { Role } from './names';
import type { Held } from './site';
import { fileRange } from './source';
import {
  acquire,
  type HeldEntry,
  isAtomic,
  isUnknown,
  makeUncertain,
  type PendingEffect,
  release,
  releaseAll,
  type State,
  sameGuard,
  UNKNOWN_VALUE,
  unlessSame,
  type VariableValue,
} from './state';

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

/** What a function that is known by its name only may release. */
const UNLOCKED_BY_NAME = ['spinlock', 'irqs-off', 'bh-off', 'rcu'] as const;

/** Both ways on from a condition on something that speaks of sleeping; where they meet again it has decided nothing. */
const SPEAKS_OF_SLEEPING: Guard = { parameter: -1, nonzero: true, usual: false };
const SPEAKS_AGAINST: Guard = { parameter: -1, nonzero: false, usual: false };

/** A function that is known by its name only may have locked something. */
const UNKNOWN_LOCK: Guard = { parameter: -2, nonzero: true, usual: true };

/** Operators in operators that are followed; nobody writes such expressions, and the stack is not endless. */
const MAX_EXPRESSION_DEPTH = 500;

const DISCARDED: Destination = { kind: 'discarded' };
const EXPRESSION: Destination = { kind: 'expression' };
const RETURNED: Destination = { kind: 'returned' };

/** A state under construction. */
interface Draft {
  held: readonly HeldEntry[];
  variables: Map<string, VariableValue>;
  owned: boolean;
  released: readonly HeldEntry[];
  tested: State['tested'];
  guards: readonly Guard[];
  slept: State['slept'];
}

/** The effect of steps and conditions on the product state of one function. */
export class Transfer {
  readonly evaluator: MaskEvaluator;
  private observer: Observer | undefined;
  private expansion: Expansion | undefined;
  private draft!: Draft;
  /** How deep in an expression the walk is. */
  private depth = 0;
  /** The state that was handed out last. */
  private shown!: State;

  constructor(
    private readonly scope: FileScope,
    private readonly summaries: SummaryLookup,
    /** Names declared in the function: only these are followed as variables. */
    private readonly locals: ReadonlySet<string>,
    /** Parameters whose tests are remembered; undefined when only the function by itself is of interest. */
    private readonly watched?: readonly LinkedParameter[],
  ) {
    this.evaluator = new MaskEvaluator(scope);
  }

  /** The state after some steps; the observer, if any, sees each call with the state before it. */
  run(steps: readonly Step[], state: State, observer?: Observer): State {
    this.begin(state);
    this.observer = observer;
    for (const step of steps) {
      if (observer?.step) observer.step(step, this.snapshot());
      if (!step.quiet) this.step(step);
    }
    return this.finish(state);
  }

  private begin(state: State): void {
    const { held, variables, released, tested, guards, slept } = state;
    this.draft = { held, variables: variables as Map<string, VariableValue>, owned: false, released, tested, guards, slept };
    this.shown = state;
  }

  /** The drafted state; the same object when nothing changed. */
  private finish(state: State): State {
    return unlessSame(state, this.draft);
  }

  private step(step: Step): void {
    const { tree, node } = step;
    this.expansion = step.expansion;
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
        return this.guard(tree, node, 'acquire');
      case StepKind.ScopeExit:
        return this.scopeExit(tree, node);
    }
  }

  private noteValue(tree: Tree, node: number, use: 'assignment' | 'initialiser' | 'return' | 'condition' | 'other'): void {
    if (!this.observer || !this.scope.mentions(tree, node, Role.Flag)) return;
    const inner = unparen(tree, node);
    const kind = kindOf(tree, inner);
    if (kind === NodeKind.Call || kind === NodeKind.Assign) return; // arguments and assigned values are noted where they stand
    this.observer.value(tree, node, this.snapshot(), use, this.expansion);
  }

  /** The drafted state as it is now; the same object as long as nothing changes. */
  private snapshot(): State {
    // The draft's map is handed out: the next change must not touch it.
    this.draft.owned = false;
    this.shown = this.finish(this.shown);
    return this.shown;
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
        this.set(name, UNKNOWN_VALUE);
        continue;
      }
      this.noteValue(tree, value, 'initialiser');
      this.visit(tree, value, { kind: 'assigned', tree, target: declarator, declared: true });
      this.set(name, this.valueOf(tree, value));
    }
  }

  private assign(tree: Tree, node: number): void {
    const target = tree.child[node]!;
    const value = tree.next[target]!;
    this.noteValue(tree, value, 'assignment');
    this.visit(tree, value, { kind: 'assigned', tree, target, declared: false });
    this.visit(tree, target, EXPRESSION);
    const operator = operatorOf(tree, node);
    const assigned = operator === TokenKind.Assign ? this.valueOf(tree, value) : UNKNOWN_VALUE;
    // Spelling out a place costs; where nothing is known of any variable, unknown values need no place.
    if (this.draft.variables.size === 0 && isUnknown(assigned) && operator !== TokenKind.AmpAssign && operator !== TokenKind.PipeAssign)
      return;
    const name = this.trackedName(tree, target);
    if (name === undefined) return;
    if (operator === TokenKind.Assign) return this.set(name, assigned);
    const before = this.variable(name)?.mask ?? masks.UNKNOWN;
    const operand = this.mask(tree, value);
    if (operator === TokenKind.PipeAssign) return this.set(name, { ...UNKNOWN_VALUE, mask: masks.or(before, operand) });
    if (operator === TokenKind.AmpAssign) return this.set(name, { ...UNKNOWN_VALUE, mask: masks.and(before, operand) });
    this.set(name, UNKNOWN_VALUE);
  }

  /** The key of a local variable or a member path, or undefined when the place is not followed. */
  private trackedName(tree: Tree, node: number): string | undefined {
    const inner = unparen(tree, node);
    const kind = kindOf(tree, inner);
    if (kind === NodeKind.Identifier) {
      const name = this.scope.texts.tokenText(tree, tree.tok[inner]!);
      return this.locals.has(name) ? name : undefined;
    }
    return kind === NodeKind.Arrow || kind === NodeKind.Member ? this.scope.texts.pathText(tree, inner) : undefined;
  }

  private valueOf(tree: Tree, node: number): VariableValue {
    const mask = this.mask(tree, node);
    const inner = stripCasts(tree, node);
    const kind = kindOf(tree, inner);
    if (kind === NodeKind.Call) {
      const allocates = this.kernelFunction(tree, inner)?.allocates !== undefined;
      const pending = this.pendingOf(tree, inner);
      return { mask, allocations: allocates && !this.expansion ? [inner] : undefined, complete: allocates && !this.expansion, pending };
    }
    if (kind === NodeKind.Conditional) {
      const [, then, otherwise] = childrenOf(tree, inner);
      if (then && otherwise && this.scope.mentions(tree, inner, Role.Allocates))
        return this.oneOf(this.valueOf(tree, then), this.valueOf(tree, otherwise), mask);
    }
    if (isNull(tree, inner, this.scope)) return { ...UNKNOWN_VALUE, mask, complete: true };
    const name = this.trackedName(tree, inner);
    const known = name === undefined ? undefined : this.variable(name);
    return known ? { ...known, mask } : { ...UNKNOWN_VALUE, mask };
  }

  private oneOf(a: VariableValue, b: VariableValue, mask: masks.Mask): VariableValue {
    const allocations = [...new Set([...(a.allocations ?? []), ...(b.allocations ?? [])])].sort((x, y) => x - y);
    return { mask, allocations: allocations.length > 0 ? allocations : undefined, complete: a.complete && b.complete, pending: undefined };
  }

  mask(tree: Tree, node: number): masks.Mask {
    return this.evaluator.value(tree, node, (name) => this.draft.variables.get(name)?.mask);
  }

  private variable(name: string): VariableValue | undefined {
    return this.draft.variables.get(name);
  }

  private set(name: string, value: VariableValue): void {
    const known = this.draft.variables.get(name);
    if (known === value || (known === undefined && isUnknown(value))) return;
    if (!this.draft.owned) {
      this.draft.variables = new Map(this.draft.variables);
      this.draft.owned = true;
    }
    if (isUnknown(value)) this.draft.variables.delete(name);
    else this.draft.variables.set(name, value);
  }

  // ── calls ────────────────────────────────────────────────────────────────────────────────────

  private calleeSymbol(tree: Tree, call: number): number {
    const callee = unparen(tree, tree.child[call]!);
    return kindOf(tree, callee) === NodeKind.Identifier ? tree.tokens.symbol[tree.tok[callee]!]! : 0;
  }

  private kernelFunction(tree: Tree, call: number) {
    return this.scope.names.kernelFunction(this.calleeSymbol(tree, call));
  }

  private call(tree: Tree, node: number, destination: Destination): void {
    const symbol = this.calleeSymbol(tree, node);
    if (symbol === 0) return this.indirectCall(tree, node, destination);
    const role = this.scope.names.role(symbol);
    if ((role & Role.Guard) !== 0) return;
    const body = this.scope.expandCall(tree, node);
    if (body && body.shape === 'expression') return this.visitExpansion(node, body, destination);
    for (let argument = tree.next[tree.child[node]!]!; argument !== 0; argument = tree.next[argument]!)
      this.visit(tree, argument, EXPRESSION);
    this.observer?.call(tree, node, this.snapshot(), destination, this.expansion);
    this.effect(tree, node, symbol, role);
    this.forgetPassedByAddress(tree, node);
  }

  /** `guard(name)(lock)` is a call of a call; other calls through expressions have no known effect. */
  private indirectCall(tree: Tree, node: number, destination: Destination): void {
    const callee = unparen(tree, tree.child[node]!);
    if (kindOf(tree, callee) === NodeKind.Call && (this.scope.names.role(this.calleeSymbol(tree, callee)) & Role.Guard) !== 0) {
      this.visitChildren(tree, node);
      return this.guard(tree, node, 'acquire');
    }
    this.visitChildren(tree, node);
    this.observer?.call(tree, node, this.snapshot(), destination, this.expansion);
  }

  private visitExpansion(call: number, body: { tree: Tree; root: number; macro: string }, destination: Destination): void {
    const outer = this.expansion;
    this.expansion = { tree: body.tree, root: body.root, call, outer, macro: body.macro };
    // A macro that expands to itself through others ends here: expansions are cached per call, and nesting is bounded.
    if (depthOf(this.expansion) <= 6) this.visit(body.tree, body.root, destination);
    this.expansion = outer;
  }

  private effect(tree: Tree, node: number, symbol: number, role: number): void {
    if (this.watched && !this.draft.slept && (role & (Role.Allocates | Role.Context | Role.Sleeps)) !== 0)
      this.noteSleep(tree, node, symbol);
    const row = (role & Role.Context) !== 0 ? this.scope.names.contextFunction(symbol) : undefined;
    if (row) {
      if (row.when === 'always') this.apply(row, this.callEvent(tree, node, row));
      return;
    }
    const local = this.scope.localFunction(symbol);
    if (local) {
      const summary = this.summaries.of(local);
      if (summary) this.applySummary(summary, tree, node, local.entry.name);
      return;
    }
    if ((role & Role.MayUnlock) !== 0) this.unlockUnknown(tree, node, symbol);
    else if (this.watched && (role & Role.MayLock) !== 0) this.addGuard(UNKNOWN_LOCK);
  }

  /** A function of another file that unlocks something: one of our locks perhaps, or, when its partner is not called here, one of our caller's. */
  private unlockUnknown(tree: Tree, node: number, symbol: number): void {
    this.draft.held = makeUncertain(this.draft.held);
    this.draft.guards = this.draft.guards.filter((guard) => guard !== UNKNOWN_LOCK);
    if (!this.watched || this.scope.hasLockPartner(tree, node, symbol)) return;
    const event = this.event(tree, node, this.scope.file.interner.text(symbol));
    for (const resource of UNLOCKED_BY_NAME)
      this.draft.released = acquire(this.draft.released, { resource, instance: '', ...event, must: false, guessed: true });
  }

  /** A call that sleeps whatever happens, where nothing of this function forbids it: its callers are allowed to sleep. */
  private noteSleep(tree: Tree, node: number, symbol: number): void {
    const { held, released, tested } = this.draft;
    if (held.some(isAtomic) || released.some(isAtomic) || tested !== undefined) return;
    if (this.draft.guards.some((guard) => guard.parameter === -1)) return;
    const row = this.scope.names.kernelFunction(symbol);
    const sleeps = (): Held => ({ resource: 'mutex', instance: '', ...this.event(tree, node, row!.name) });
    if (row?.sleeps === 'always') this.draft.slept = sleeps();
    else if (row?.sleeps === 'mask' && row.gfp !== undefined) {
      const argument = childAt(tree, node, row.gfp + 1);
      const blocking = this.scope.names.model.flags.bits('__GFP_DIRECT_RECLAIM') ?? 0;
      if (argument !== 0 && masks.hasAll(this.mask(tree, argument), blocking)) this.draft.slept = sleeps();
    }
  }

  private releaseOne(entry: HeldEntry): void {
    if (this.draft.held.some((held) => held.resource === entry.resource)) {
      this.draft.held = release(this.draft.held, entry.resource, entry.instance);
    } else {
      this.draft.released = acquire(this.draft.released, entry);
    }
  }

  /** A call of a function of the file: what it releases of ours, then what it leaves held. */
  private applySummary(summary: LockSummary, tree: Tree, node: number, by: string): void {
    const event = this.event(tree, node, by);
    const rename = (entry: HeldEntry): HeldEntry => ({
      ...entry,
      ...event,
      instance: this.actualInstance(entry.instance, summary, tree, node),
    });
    for (const entry of summary.released) {
      if (entry.must) this.releaseOne(rename(entry));
      else
        this.draft.held = this.draft.held.map((held) => (held.must && held.resource === entry.resource ? { ...held, must: false } : held));
    }
    // What it holds on some paths only is tied to its result or its arguments, which are not known here.
    for (const entry of summary.held) if (entry.must) this.draft.held = acquire(this.draft.held, rename(entry));
    if (summary.released.length + summary.held.length > 0) this.draft.tested = undefined;
  }

  /** `&p->lock` of a callee with parameter p, seen from the caller that passes `priv`: `&priv->lock`. */
  private actualInstance(instance: string, summary: LockSummary, tree: Tree, call: number): string {
    const [, sigil = '', name = '', rest = ''] = /^([&*]?)(\w+)(.*)$/.exec(instance) ?? [];
    const position = name === '' ? -1 : summary.parameters.indexOf(name);
    const argument = position < 0 ? 0 : childAt(tree, call, position + 1);
    if (argument === 0) return instance;
    const actual = this.scope.texts.pathText(tree, argument);
    if (actual.startsWith('&') && rest.startsWith('->')) return `${sigil}${actual.slice(1)}.${rest.slice(2)}`;
    return `${sigil}${actual}${rest}`;
  }

  private event(tree: Tree, node: number, by: string): { by: string; range: TextRange } {
    return { by, range: fileRange(tree, node, this.expansion, this.scope.file.tree) };
  }

  /** The event of a lock call, with the source text of the instance each effect names. */
  private callEvent(tree: Tree, node: number, row: ContextFunction): PendingEffect['call'] {
    const instances = row.effects.map((effect) => this.instanceText(tree, node, effect));
    return { ...this.event(tree, node, row.name), instances };
  }

  private instanceText(tree: Tree, call: number, effect: ContextEffect): string {
    if (effect.instance === undefined) return '';
    const argument = childAt(tree, call, effect.instance + 1);
    return argument === 0 ? '' : this.scope.texts.pathText(tree, argument);
  }

  private apply(row: ContextFunction, call: PendingEffect['call']): void {
    if (row.exceptBelow !== undefined && this.scope.file.path.startsWith(row.exceptBelow)) return;
    row.effects.forEach((effect, index) => {
      const { resource } = effect;
      const instance = call.instances[index]!;
      if (effect.action === 'acquire') {
        this.draft.held = acquire(this.draft.held, { resource, instance, by: call.by, range: call.range, must: true });
        this.draft.tested = undefined;
      } else if (effect.action === 'release') {
        this.releaseOne({ resource, instance, by: call.by, range: call.range, must: true });
      } else if (this.draft.held.some((held) => held.resource === resource)) {
        this.draft.held = releaseAll(this.draft.held, resource);
      } else {
        this.draft.released = acquire(this.draft.released, { resource, instance, by: call.by, range: call.range, must: true });
      }
    });
    if (row.effects.some((effect) => effect.action !== 'acquire')) this.draft.tested = undefined;
  }

  /** `foo(&ptr)` may store something else in `ptr`. */
  private forgetPassedByAddress(tree: Tree, call: number): void {
    if (this.draft.variables.size === 0) return;
    for (let argument = tree.next[tree.child[call]!]!; argument !== 0; argument = tree.next[argument]!) {
      const inner = stripCasts(tree, argument);
      if (kindOf(tree, inner) !== NodeKind.Unary || operatorOf(tree, inner) !== TokenKind.Amp) continue;
      const name = this.trackedName(tree, tree.child[inner]!);
      if (name !== undefined) this.set(name, UNKNOWN_VALUE);
    }
  }

  // ── scopes ───────────────────────────────────────────────────────────────────────────────────

  /** `guard(name)(lock)` (the call of a call) or `scoped_guard(name, lock)`. */
  private guard(tree: Tree, node: number, action: 'acquire' | 'release'): void {
    const callee = unparen(tree, tree.child[node]!);
    const curried = kindOf(tree, callee) === NodeKind.Call;
    const nameNode = curried ? childAt(tree, callee, 1) : childAt(tree, node, 1);
    if (nameNode === 0) return;
    const row = this.scope.names.model.contexts.guard(this.scope.texts.text(tree, nameNode));
    if (!row) return;
    // scoped_cond_guard(name, fail, lock) has the statement for failure between the name and the lock.
    const condition = !curried && this.scope.texts.text(tree, callee) === 'scoped_cond_guard';
    const firstArgument = curried ? 1 : condition ? 3 : 2;
    const instances = row.effects.map((effect) => {
      const argument = effect.instance === undefined ? 0 : childAt(tree, node, effect.instance + firstArgument);
      return argument === 0 ? '' : this.scope.texts.pathText(tree, argument);
    });
    const event = this.event(
      tree,
      node,
      `${this.scope.texts.text(tree, curried ? unparen(tree, tree.child[callee]!) : callee)}(${row.name})`,
    );
    if (action === 'acquire') this.apply(row, { ...event, instances });
    else
      row.effects.forEach((effect, i) => {
        this.draft.held = release(this.draft.held, effect.resource, instances[i]!);
      });
  }

  private scopeExit(tree: Tree, node: number): void {
    if (kindOf(tree, node) === NodeKind.Declarator) return; // __free(): nothing of the context ends with it
    this.guard(tree, node, 'release');
  }

  // ── conditions ───────────────────────────────────────────────────────────────────────────────

  private pendingOf(tree: Tree, call: number): PendingEffect | undefined {
    const row = this.scope.names.contextFunction(this.calleeSymbol(tree, call));
    return row && row.when !== 'always' ? { function: row, call: this.callEvent(tree, call, row) } : undefined;
  }

  /** The state on an edge: what the truth of the condition says of locks, context and masks. */
  assume(condition: Condition, state: State): State | undefined {
    this.begin(state);
    this.observer = undefined;
    this.expansion = condition.expansion;
    if (this.watched && !this.watch(condition, this.watched)) return undefined;
    this.assumeTruth(condition.tree, condition.node, condition.sense);
    return this.finish(state);
  }

  /** Remembers what the condition says of parameters and of sleeping; false when it contradicts what is known. */
  private watch({ tree, node, sense }: Condition, watched: readonly LinkedParameter[]): boolean {
    const parameter = this.watchedParameter(tree, node, watched);
    if (parameter === undefined) {
      if (this.scope.mentions(tree, node, Role.SpeaksOfSleeping | Role.Test)) this.addGuard(sense ? SPEAKS_OF_SLEEPING : SPEAKS_AGAINST);
      return true;
    }
    if (this.draft.guards.some((guard) => guard.parameter === parameter.index && guard.nonzero !== sense)) return false;
    this.addGuard({ parameter: parameter.index, nonzero: sense, usual: sense && !parameter.choice });
    return true;
  }

  /** The parameter that a condition consists of. */
  private watchedParameter(tree: Tree, node: number, watched: readonly LinkedParameter[]): LinkedParameter | undefined {
    const inner = stripCasts(tree, node);
    if (tree !== this.scope.file.tree || kindOf(tree, inner) !== NodeKind.Identifier) return undefined;
    const symbol = tree.tokens.symbol[tree.tok[inner]!]!;
    return watched.find((one) => one.symbol === symbol);
  }

  private addGuard(guard: Guard): void {
    const { guards } = this.draft;
    if (!guards.some((known) => sameGuard(known, guard))) this.draft.guards = [...guards, guard];
  }

  private assumeTruth(tree: Tree, node: number, truth: boolean): void {
    const inner = stripCasts(tree, node);
    switch (kindOf(tree, inner)) {
      case NodeKind.Call:
        return this.assumeCall(tree, inner, truth);
      case NodeKind.Identifier: {
        const pending = this.variable(this.scope.texts.tokenText(tree, tree.tok[inner]!))?.pending;
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
    const symbol = this.calleeSymbol(tree, call);
    const pending = this.pendingOf(tree, call);
    if (pending) return this.applyPending(pending, truth);
    const test = this.scope.names.test(symbol);
    if (test) return this.applyTest(test.name, truth ? test.nonzero : test.zero, truth, tree, call);
    if (this.scope.file.interner.text(symbol) === 'gfpflags_allow_blocking') {
      const name = this.trackedName(tree, childAt(tree, call, 1));
      const bits = this.scope.names.model.flags.bits('__GFP_DIRECT_RECLAIM') ?? 0;
      if (name !== undefined) this.refineMask(name, truth ? { set: bits, clear: 0 } : { set: 0, clear: bits });
      return;
    }
    const body = this.scope.expandCall(tree, call);
    if (body && body.shape === 'expression') this.assumeTruth(body.tree, body.root, truth);
  }

  private applyPending(pending: PendingEffect, truth: boolean): void {
    if (truth === (pending.function.when === 'nonzero')) this.apply(pending.function, pending.call);
  }

  private applyTest(name: string, proves: 'atomic' | 'may-sleep' | 'nothing', truth: boolean, tree: Tree, call: number): void {
    if (proves === 'nothing') {
      // The path where a context test says "atomic is possible" was written for that: no proof of sleeping survives it.
      return;
    }
    const { range } = this.event(tree, call, name);
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
    const [place, flags] = this.trackedName(tree, left) === undefined ? [right, left] : [left, right];
    const name = this.trackedName(tree, place);
    const value = this.mask(tree, flags);
    if (name === undefined || !masks.isExact(value)) return;
    const single = (value.set & (value.set - 1)) === 0;
    if (!truth) this.refineMask(name, { set: 0, clear: value.set });
    else if (single) this.refineMask(name, { set: value.set, clear: 0 });
  }

  private assumeEqualMask(tree: Tree, left: number, right: number, equal: boolean): void {
    const name = this.trackedName(tree, left);
    const value = this.mask(tree, right);
    if (equal && name !== undefined && masks.isExact(value)) this.refineMask(name, value);
  }

  private refineMask(name: string, fact: masks.Mask): void {
    const known = this.variable(name) ?? UNKNOWN_VALUE;
    this.set(name, { ...known, mask: masks.refine(known.mask, fact) });
  }

  private isZero(tree: Tree, node: number): boolean {
    const text = this.scope.texts.text(tree, stripCasts(tree, node));
    return text === '0' || text === 'NULL' || text === 'false';
  }
}

function isNull(tree: Tree, node: number, scope: FileScope): boolean {
  const kind = kindOf(tree, node);
  if (kind !== NodeKind.Identifier && kind !== NodeKind.Number) return false;
  const text = scope.texts.tokenText(tree, tree.tok[node]!);
  return text === 'NULL' || text === '0';
}

function depthOf(expansion: Expansion): number {
  let depth = 0;
  for (let at: Expansion | undefined = expansion; at; at = at.outer) depth++;
  return depth;
}

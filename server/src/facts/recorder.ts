import type { TextRange } from '../base/range';
import type { Expansion } from '../flow/cfg';
import type { KernelFunction } from '../kernel/model';
import * as masks from '../mask/mask';
import { NodeKind } from '../syntax/nodes';
import { childrenOf, kindOf, rangeOf, stripCasts, type Tree, unparen } from '../syntax/tree';
import { contextFact } from './context';
import type { FileScope, LocalFunction } from './fileScope';
import type { MaskEvaluator } from './maskExpression';
import { Role } from './names';
import type { Destination, Observer } from './observer';
import type { PointerTypes } from './pointerTypes';
import type { ArgumentFact, CallSite, FunctionFacts, MaskSite, ResultUse, SizeFact } from './site';
import { fileRange } from './source';
import type { State } from './state';

/** Computes how much memory a call asks for. */
export type SizeOf = (tree: Tree, call: number, api: KernelFunction, args: readonly ArgumentFact[]) => SizeFact | undefined;

/** What is known of a call when it is met. */
type MetCall = Omit<CallSite, 'mask' | 'effectiveMask' | 'size' | 'freed'>;

/** A class, because to the engine an object with a getter of its own is a dictionary, and the rules read call sites all the time. */
class RecordedCall implements CallSite {
  readonly node: CallSite['node'];
  readonly callee: CallSite['callee'];
  readonly range: CallSite['range'];
  readonly calleeRange: CallSite['calleeRange'];
  readonly args: CallSite['args'];
  readonly api: CallSite['api'];
  readonly origin: CallSite['origin'];
  readonly context: CallSite['context'];
  readonly result: CallSite['result'];
  readonly function: CallSite['function'];
  mask: CallSite['mask'];
  effectiveMask: CallSite['effectiveMask'] = masks.UNKNOWN;
  freed: CallSite['freed'];
  private sizeKnown: SizeFact | undefined;

  constructor(
    met: MetCall,
    /** Asked once at most: looking types up in headers is dear, and the rules ask for the sizes of few calls. */
    private measure: (() => SizeFact | undefined) | undefined,
  ) {
    this.node = met.node;
    this.callee = met.callee;
    this.range = met.range;
    this.calleeRange = met.calleeRange;
    this.args = met.args;
    this.api = met.api;
    this.origin = met.origin;
    this.context = met.context;
    this.result = met.result;
    this.function = met.function;
  }

  get size(): SizeFact | undefined {
    const { measure } = this;
    this.measure = undefined;
    if (measure !== undefined) this.sizeKnown = measure();
    return this.sizeKnown;
  }
}

/** Turns the calls and values that the transfer passes by into sites. One recorder serves one function. */
export class Recorder implements Observer {
  readonly calls: CallSite[] = [];
  readonly masks: MaskSite[] = [];
  /** Allocations that reach a free, by node, until all calls are known. */
  private readonly reaching = new Map<RecordedCall, readonly number[]>();

  constructor(
    private readonly scope: FileScope,
    private readonly evaluator: MaskEvaluator,
    private readonly owner: FunctionFacts,
    private readonly sizeOf: SizeOf,
    private readonly types: PointerTypes,
  ) {}

  // ── calls ────────────────────────────────────────────────────────────────────────────────────

  call(tree: Tree, node: number, state: State, destination: Destination, expansion: Expansion | undefined): void {
    const callee = unparen(tree, tree.child[node]!);
    const named = kindOf(tree, callee) === NodeKind.Identifier;
    const symbol = named ? tree.tokens.symbol[tree.tok[callee]!]! : 0;
    const role = this.scope.names.role(symbol);
    const api = (role & (Role.Allocates | Role.Frees)) !== 0 ? this.scope.names.kernelFunction(symbol) : undefined;
    const local = api ? undefined : this.scope.localFunction(symbol);
    const position = this.gfpPosition(tree, node, api, local, state);
    this.otherFlagArguments(tree, node, position, state, expansion);
    if (!api && position === undefined) return;
    if ((role & Role.MaskFunction) !== 0) return;

    const args = this.argumentsOf(tree, node, expansion);
    const site = new RecordedCall(
      {
        node: expansion ? outermostCall(expansion) : node,
        callee: this.scope.texts.text(tree, callee),
        range: this.range(tree, node, expansion),
        calleeRange: expansion ? this.range(tree, node, expansion) : rangeOf(tree, callee),
        args,
        api,
        origin: expansion ? 'macro' : api ? 'catalogue' : local ? 'local-function' : 'mask-argument',
        context: contextFact(state),
        result: this.result(destination, expansion),
        function: this.owner,
      },
      api?.size && !expansion ? () => this.sizeOf(tree, node, api, args) : undefined,
    );
    if (position !== undefined) site.mask = this.maskSite(tree, argumentNode(tree, node, position), state, 'argument', site, expansion);
    site.effectiveMask = this.effectiveMask(site.mask, api, position, args.length);
    if (api?.frees) this.noteFree(site, api.frees.arg, tree, node, state);
    this.calls.push(site);
  }

  private argumentsOf(tree: Tree, call: number, expansion: Expansion | undefined): ArgumentFact[] {
    return childrenOf(tree, call)
      .slice(1)
      .map((node) => ({
        node: expansion ? 0 : node,
        range: this.range(tree, node, expansion),
        text: this.scope.texts.text(tree, node),
      }));
  }

  /** Which argument is the mask; undefined when the call takes none that we know of. */
  private gfpPosition(
    tree: Tree,
    call: number,
    api: KernelFunction | undefined,
    local: LocalFunction | undefined,
    state: State,
  ): number | undefined {
    if (api) return api.gfp !== undefined && argumentNode(tree, call, api.gfp) !== 0 ? api.gfp : undefined;
    if (local) {
      const declared = local.gfpParameters[0]?.index;
      return declared !== undefined && argumentNode(tree, call, declared) !== 0 ? declared : undefined;
    }
    // A function of another file: an argument that is made of flag words is its mask.
    let position = 0;
    for (let argument = tree.next[tree.child[call]!]!; argument !== 0; argument = tree.next[argument]!, position++) {
      if (this.looksLikeMask(tree, argument, state)) return position;
    }
    return undefined;
  }

  private looksLikeMask(tree: Tree, argument: number, state: State): boolean {
    if (!this.scope.mentions(tree, argument, Role.Flag)) return false;
    const kind = kindOf(tree, stripCasts(tree, argument));
    if (kind === NodeKind.Call || kind === NodeKind.Assign) return false;
    return this.maskValue(tree, argument, state).set !== 0;
  }

  private otherFlagArguments(tree: Tree, call: number, position: number | undefined, state: State, expansion: Expansion | undefined): void {
    let index = 0;
    for (let argument = tree.next[tree.child[call]!]!; argument !== 0; argument = tree.next[argument]!, index++) {
      if (index === position || !this.scope.mentions(tree, argument, Role.Flag)) continue;
      const kind = kindOf(tree, stripCasts(tree, argument));
      if (kind === NodeKind.Call || kind === NodeKind.Assign || kind === NodeKind.Block || kind === NodeKind.StatementExpr) continue;
      this.masks.push(this.maskSite(tree, argument, state, 'argument', undefined, expansion));
    }
  }

  private effectiveMask(
    mask: MaskSite | undefined,
    api: KernelFunction | undefined,
    position: number | undefined,
    argumentCount: number,
  ): masks.Mask {
    if (mask) return api?.adds ? masks.or(mask.value, this.ofNames(api.adds)) : mask.value;
    if (api?.fixedMask) return this.ofNames(api.fixedMask);
    // kmalloc_obj(p): the mask left out is GFP_KERNEL (include/linux/slab.h of 6.12.117, default_gfp()).
    if (api?.gfpOptional && position === undefined && argumentCount > 0)
      return masks.or(this.ofNames(['GFP_KERNEL']), this.ofNames(api.adds ?? []));
    return masks.UNKNOWN;
  }

  private ofNames(names: readonly string[]): masks.Mask {
    let bits = 0;
    for (const name of names) bits |= this.scope.names.model.flags.bitsOf(name);
    return masks.exactly(bits);
  }

  private result(destination: Destination, expansion: Expansion | undefined): ResultUse {
    if (destination.kind !== 'assigned') return { kind: destination.kind };
    const { tree, target } = destination;
    const { texts } = this.scope;
    if (destination.declared) return { kind: 'variable', name: texts.tokenText(tree, tree.tok[target]!), local: true };
    const inner = unparen(tree, target);
    const kind = kindOf(tree, inner);
    if (kind === NodeKind.Identifier) {
      const name = texts.tokenText(tree, tree.tok[inner]!);
      return { kind: 'variable', name, local: this.types.isLocal(name) };
    }
    const text = texts.pathText(tree, inner);
    if ((kind === NodeKind.Arrow || kind === NodeKind.Member) && !expansion) {
      const base = tree.child[inner]!;
      return {
        kind: 'field',
        text,
        field: texts.tokenText(tree, tree.tok[inner]!),
        base: texts.pathText(tree, base),
        structTag: this.types.structTagOf(tree, base),
      };
    }
    return { kind: 'other', text };
  }

  private noteFree(site: RecordedCall, argument: number, tree: Tree, call: number, state: State): void {
    const node = argumentNode(tree, call, argument);
    if (node === 0) return;
    const target = this.scope.texts.pathText(tree, node);
    const value = state.variables.get(target);
    site.freed = { allocations: [], complete: value?.complete ?? false, target };
    if (value?.allocations) this.reaching.set(site, value.allocations);
  }

  /** Replaces the allocation nodes of frees by their sites, once all are recorded. */
  resolveFrees(): void {
    const byNode = new Map(this.calls.map((site) => [site.node, site]));
    for (const [site, nodes] of this.reaching) {
      const allocations = nodes.flatMap((node) => byNode.get(node) ?? []);
      site.freed = { ...site.freed!, allocations };
    }
  }

  // ── masks ────────────────────────────────────────────────────────────────────────────────────

  value(tree: Tree, node: number, state: State, use: MaskSite['use'], expansion: Expansion | undefined): void {
    this.masks.push(this.maskSite(tree, node, state, use, undefined, expansion));
  }

  private maskValue(tree: Tree, node: number, state: State): masks.Mask {
    return this.evaluator.value(tree, node, (name) => state.variables.get(name)?.mask);
  }

  private maskSite(
    tree: Tree,
    node: number,
    state: State,
    use: MaskSite['use'],
    call: CallSite | undefined,
    expansion: Expansion | undefined,
  ): MaskSite {
    const site: MaskSite = {
      node: expansion ? 0 : node,
      range: this.range(tree, node, expansion),
      text: this.scope.texts.text(tree, node),
      value: this.maskValue(tree, node, state),
      terms: expansion ? this.viaMacro(this.evaluator.terms(tree, node), expansion) : this.evaluator.terms(tree, node),
      wrongOperators: expansion ? [] : this.evaluator.wrongOperators(tree, node),
      use,
      call,
      function: this.owner,
    };
    if (use === 'argument' && call) this.masks.push(site);
    return site;
  }

  private viaMacro(terms: MaskSite['terms'], expansion: Expansion): MaskSite['terms'] {
    const range = this.range(expansion.tree, expansion.root, expansion);
    return terms.map((term) => ({ ...term, range, via: expansion.macro }));
  }

  private range(tree: Tree, node: number, expansion: Expansion | undefined): TextRange {
    return fileRange(tree, node, expansion, this.scope.file.tree);
  }
}

function outermostCall(expansion: Expansion): number {
  let outermost = expansion;
  while (outermost.outer) outermost = outermost.outer;
  return outermost.call;
}

/** The node of the `position`-th argument of a call, or 0. */
function argumentNode(tree: Tree, call: number, position: number): number {
  let argument = tree.next[tree.child[call]!]!;
  for (; position > 0 && argument !== 0; position--) argument = tree.next[argument]!;
  return argument;
}

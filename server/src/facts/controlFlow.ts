import type { NameMarks } from '../base/nameMarks';
import { buildCfg, type CfgHooks } from '../flow/buildCfg';
import { type BasicBlock, type Cfg, type Condition, type Edge, type Step, StepKind } from '../flow/cfg';
import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childrenOf, kindOf, stripCasts, type Tree, unparen } from '../syntax/tree';
import { bodyOf, type FileScope, parametersOf } from './fileScope';
import type { LinkedParameter } from './linkage/parameters';
import { operatorOf } from './maskExpression';
import { Role } from './names';

/** The control flow of a function with only the steps that can matter to the analysis. */
export interface RelevantFlow {
  readonly cfg: Cfg;
  /** Names declared in the function, parameters included. */
  readonly locals: ReadonlySet<string>;
}

const NEVER_RETURNS = new Set([
  'BUG',
  'panic',
  'do_exit',
  'make_task_dead',
  'unreachable',
  '__builtin_unreachable',
  'nmi_panic',
  'machine_halt',
]);
/** `flags & FLAG`, `p == NULL`, `p != NULL` */
const TESTS: ReadonlySet<number> = new Set([TokenKind.Amp, TokenKind.Equal, TokenKind.NotEqual]);
const PASSES_TRUTH = new Set([
  'likely',
  'unlikely',
  '__builtin_expect',
  'WARN_ON',
  'WARN_ON_ONCE',
  'READ_ONCE',
  'static_branch_likely',
  'static_branch_unlikely',
]);

/**
 * `matters` says whether calling a function of the file can change anything the analysis follows. With `watched`, tests of these parameters
 * are kept, and steps that only make calls stay as quiet ones.
 */
export function relevantFlow(
  scope: FileScope,
  node: number,
  matters: (symbol: number) => boolean,
  watched?: readonly LinkedParameter[],
): RelevantFlow {
  const { tree } = scope.file;
  const cfg = buildCfg(tree, bodyOf(tree, node), hooksFor(scope), (inTree, token) => scope.texts.tokenText(inTree, token));
  const locals = localNames(scope, node, cfg);
  return { cfg: new RelevantSteps(scope, cfg, matters, watched).select(), locals };
}

function hooksFor(scope: FileScope): CfgHooks {
  const calleeName = (tree: Tree, call: number) => nameAt(scope, tree, tree.child[call]!);
  return {
    neverReturns: (tree, call) => NEVER_RETURNS.has(calleeName(tree, call)),
    passesTruth: (tree, callee) => PASSES_TRUTH.has(nameAt(scope, tree, callee)),
    constantTruth: (tree, node) => constantTruth(nameAt(scope, tree, node)),
    opensScope: (tree, node) => {
      if (kindOf(tree, node) === NodeKind.Declarator) return false;
      const callee = unparen(tree, tree.child[node]!);
      return kindOf(tree, callee) === NodeKind.Call && calleeName(tree, callee) === 'guard';
    },
    expand: (tree, call) => {
      const body = scope.expandCall(tree, call);
      return body && body.shape === 'statements' ? body : undefined;
    },
  };
}

/** The text of a node that is one word or number; the empty string for longer ones. */
function nameAt(scope: FileScope, tree: Tree, node: number): string {
  const first = tree.first[node]!;
  return tree.end[node]! - first === 1 ? scope.texts.tokenText(tree, first) : '';
}

function constantTruth(text: string): boolean | undefined {
  if (text === '1' || text === 'true') return true;
  return text === '0' || text === 'false' ? false : undefined;
}

function localNames(scope: FileScope, node: number, cfg: Cfg): Set<string> {
  const { tree } = scope.file;
  const names = new Set<string>();
  const add = (inTree: Tree, declaration: number) => {
    for (const child of childrenOf(inTree, declaration)) {
      if (kindOf(inTree, child) === NodeKind.Declarator && inTree.tok[child] !== 0)
        names.add(scope.texts.tokenText(inTree, inTree.tok[child]!));
    }
  };
  for (const parameter of parametersOf(tree, node)) add(tree, parameter);
  for (const block of cfg.blocks) for (const step of block.steps) if (step.kind === StepKind.Declare) add(step.tree, step.node);
  return names;
}

const RELEVANT =
  Role.Flag |
  Role.Allocates |
  Role.Frees |
  Role.Context |
  Role.Test |
  Role.Guard |
  Role.MayUnlock |
  Role.MayLock |
  Role.Sleeps |
  Role.MaskFunction |
  Role.GfpType;

function makesCall({ tree, node }: Step): boolean {
  const { kind } = tree.tokens;
  for (let token = tree.first[node]!; token < tree.end[node]!; token++)
    if (kind[token + 1] === TokenKind.LParen && isCalled(kind[token]!)) return true;
  return false;
}

/** What stands before the arguments of a call: a name, `handlers[nr]`, `(*r->start)`. */
function isCalled(kind: number): boolean {
  return kind === TokenKind.Identifier || kind === TokenKind.RBracket || kind === TokenKind.RParen;
}

/** Names may be followed through this many copies. */
const MAX_COPIES = 4;
/** Nesting of expressions in which assignments are looked for. */
const MAX_DEPTH = 24;

/** Picks the steps that can matter: those with a word of the analysis, and those with a name such a value flows into. */
class RelevantSteps {
  /** Per step, in the order of the blocks. */
  private readonly relevant: Uint8Array;
  private readonly followed: NameMarks;

  constructor(
    private readonly scope: FileScope,
    private readonly cfg: Cfg,
    private readonly matters: (symbol: number) => boolean,
    private readonly watched: readonly LinkedParameter[] | undefined,
  ) {
    let steps = 0;
    for (const block of cfg.blocks) steps += block.steps.length;
    this.relevant = new Uint8Array(steps);
    this.followed = scope.names.marks;
    this.followed.clear();
  }

  select(): Cfg {
    this.mark((step) => this.hasWord(step.tree, step.node));
    // A name may be followed because of a later step, so earlier ones are asked again; chains of copies are short.
    for (let known = 0, round = 0; known !== this.followed.size && round < MAX_COPIES; round++) {
      known = this.followed.size;
      this.mark((step) => this.hasFollowedName(step.tree, step.node));
    }
    const blocks: BasicBlock[] = [];
    let index = 0;
    for (const { steps, successors } of this.cfg.blocks) {
      blocks.push({ steps: this.kept(steps, index), successors: successors.map((edge) => this.onlyRelevant(edge)) });
      index += steps.length;
    }
    return { blocks, unknownShapes: this.cfg.unknownShapes };
  }

  /** Marks the steps that a test finds relevant, and follows the names they assign to. */
  private mark(isRelevant: (step: Step) => boolean): void {
    let index = 0;
    for (const block of this.cfg.blocks) {
      for (const step of block.steps) {
        if (this.relevant[index] === 0 && isRelevant(step)) {
          this.relevant[index] = 1;
          this.followAssigned(step);
        }
        index++;
      }
    }
  }

  /** The steps of a block that matter, the first of which is number `first`; with `watched` also those that make calls, as quiet ones. */
  private kept(steps: readonly Step[], first: number): readonly Step[] {
    const kept: Step[] = [];
    let index = first;
    for (const step of steps) {
      if (this.relevant[index++] === 1) kept.push(step);
      else if (this.watched && makesCall(step))
        kept.push({ kind: step.kind, tree: step.tree, node: step.node, expansion: step.expansion, quiet: true });
    }
    return kept;
  }

  private onlyRelevant(edge: Edge): Edge {
    const { condition } = edge;
    if (condition === undefined || this.isKept(condition)) return edge;
    return { to: edge.to, condition: undefined };
  }

  private isKept(condition: Condition): boolean {
    const { tree, node } = condition;
    return this.hasWord(tree, node) || this.hasFollowedName(tree, node) || this.isWatched(condition);
  }

  private isWatched({ tree, node }: Condition): boolean {
    if (!this.watched) return false;
    if (this.scope.mentions(tree, node, Role.SpeaksOfSleeping)) return true;
    let inner = stripCasts(tree, node);
    if (kindOf(tree, inner) === NodeKind.Binary && TESTS.has(operatorOf(tree, inner))) inner = stripCasts(tree, tree.child[inner]!);
    if (kindOf(tree, inner) !== NodeKind.Identifier) return false;
    const symbol = tree.tokens.symbol[tree.tok[inner]!]!;
    return this.watched.some((parameter) => parameter.symbol === symbol);
  }

  /** Follows what a step directly assigns to: declared names, and the last name of each left side. */
  private followAssigned({ kind, tree, node }: Step): void {
    if (kind !== StepKind.Declare) return this.followTargets(tree, node, 0);
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      if (kindOf(tree, child) === NodeKind.Declarator && tree.tok[child] !== 0) this.followed.add(tree.tokens.symbol[tree.tok[child]!]!);
    }
  }

  private followTargets(tree: Tree, node: number, depth: number): void {
    if (depth > MAX_DEPTH) return;
    if (kindOf(tree, node) === NodeKind.Assign) {
      const target = unparen(tree, tree.child[node]!);
      const symbol = tree.tokens.symbol[tree.tok[target]!]!;
      if (symbol !== 0) this.followed.add(symbol);
    }
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) this.followTargets(tree, child, depth + 1);
  }

  private readonly counts = (symbol: number, role: number): boolean => (role & (RELEVANT | Role.LocalMacro)) !== 0 || this.matters(symbol);

  private hasWord(tree: Tree, node: number): boolean {
    const [first, end] = [tree.first[node]!, tree.end[node]!];
    if (tree === this.scope.file.tree) return this.scope.words.some(first, end, RELEVANT | Role.LocalMacro | Role.LocalCall, this.counts);
    const { symbol } = tree.tokens;
    for (let token = first; token < end; token++) {
      if (symbol[token] !== 0 && this.counts(symbol[token]!, this.scope.roleOf(symbol[token]!, true))) return true;
    }
    return false;
  }

  private hasFollowedName(tree: Tree, node: number): boolean {
    if (this.followed.size === 0) return false;
    const { symbol } = tree.tokens;
    for (let token = tree.first[node]!; token < tree.end[node]!; token++) {
      if (symbol[token] !== 0 && this.followed.has(symbol[token]!)) return true;
    }
    return false;
  }
}

import { buildCfg, type CfgHooks } from '../flow/buildCfg';
import { type BasicBlock, type Cfg, type Condition, type Step, StepKind } from '../flow/cfg';
import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childrenOf, kindOf, stripCasts, type Tree, unparen } from '../syntax/tree';
import { bodyOf, type FileScope, parametersOf } from './fileScope';
import type { LinkedParameter } from './linkage/parameters';
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
  const text = (tree: Tree, node: number) => scope.texts.text(tree, node);
  const calleeText = (tree: Tree, call: number) => text(tree, tree.child[call]!);
  return {
    neverReturns: (tree, call) => NEVER_RETURNS.has(calleeText(tree, call)),
    passesTruth: (tree, callee) => PASSES_TRUTH.has(text(tree, callee)),
    constantTruth: (tree, node) => constantTruth(text(tree, node)),
    opensScope: (tree, node) => {
      if (kindOf(tree, node) === NodeKind.Declarator) return false;
      const callee = unparen(tree, tree.child[node]!);
      return kindOf(tree, callee) === NodeKind.Call && calleeText(tree, callee) === 'guard';
    },
    expand: (tree, call) => {
      const body = scope.expandCall(tree, call);
      return body && body.shape === 'statements' ? body : undefined;
    },
  };
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
  Role.MaskFunction |
  Role.GfpType;

/** Symbols directly assigned in a step: declared names, and the last name of each left side. */
function assignedNames(step: Step): number[] {
  const { tree, node } = step;
  const { tokens } = tree;
  const names: number[] = [];
  if (step.kind === StepKind.Declare) {
    for (const child of childrenOf(tree, node)) {
      if (kindOf(tree, child) === NodeKind.Declarator && tree.tok[child] !== 0) names.push(tokens.symbol[tree.tok[child]!]!);
    }
    return names;
  }
  const visit = (at: number, depth: number) => {
    if (depth > 24) return;
    if (kindOf(tree, at) === NodeKind.Assign) {
      const target = unparen(tree, tree.child[at]!);
      const symbol = tokens.symbol[tree.tok[target]!]!;
      if (symbol !== 0) names.push(symbol);
    }
    for (let child = tree.child[at]!; child !== 0; child = tree.next[child]!) visit(child, depth + 1);
  };
  visit(node, 0);
  return names;
}

function makesCall({ tree, node }: Step): boolean {
  const { kind } = tree.tokens;
  for (let token = tree.first[node]!; token < tree.end[node]!; token++)
    if (kind[token] === TokenKind.Identifier && kind[token + 1] === TokenKind.LParen) return true;
  return false;
}

/** Picks the steps that can matter: those with a word of the analysis, and those with a name such a value flows into. */
class RelevantSteps {
  private readonly relevant = new Set<Step>();
  private readonly followed = new Set<number>();

  constructor(
    private readonly scope: FileScope,
    private readonly cfg: Cfg,
    private readonly matters: (symbol: number) => boolean,
    private readonly watched: readonly LinkedParameter[] | undefined,
  ) {}

  select(): Cfg {
    const { blocks, unknownShapes } = this.cfg;
    let rest: Step[] = [];
    for (const block of blocks) for (const step of block.steps) this.sort(step, this.hasWord(step.tree, step.node), rest);
    // A name may be followed because of a later step, so earlier ones are asked again; chains of copies are short.
    for (let known = -1, round = 0; known !== this.followed.size && round < 4; round++) {
      known = this.followed.size;
      const waiting = rest;
      rest = [];
      for (const step of waiting) this.sort(step, this.hasFollowedName(step.tree, step.node), rest);
    }
    const keep = (condition: Condition | undefined) =>
      condition &&
      (this.hasWord(condition.tree, condition.node) || this.hasFollowedName(condition.tree, condition.node) || this.isWatched(condition))
        ? condition
        : undefined;
    return {
      blocks: blocks.map(
        (block): BasicBlock => ({
          steps: this.watched ? this.withQuiet(block.steps) : block.steps.filter((step) => this.relevant.has(step)),
          successors: block.successors.map(({ to, condition }) => ({ to, condition: keep(condition) })),
        }),
      ),
      unknownShapes,
    };
  }

  private withQuiet(steps: readonly Step[]): readonly Step[] {
    return steps.flatMap((step) => (this.relevant.has(step) ? step : makesCall(step) ? { ...step, quiet: true as const } : []));
  }

  private isWatched({ tree, node }: Condition): boolean {
    if (!this.watched) return false;
    if (this.scope.mentions(tree, node, Role.SpeaksOfSleeping)) return true;
    const inner = stripCasts(tree, node);
    if (kindOf(tree, inner) !== NodeKind.Identifier) return false;
    const symbol = tree.tokens.symbol[tree.tok[inner]!]!;
    return this.watched.some((parameter) => parameter.symbol === symbol);
  }

  private sort(step: Step, isRelevant: boolean, rest: Step[]): void {
    if (!isRelevant) return void rest.push(step);
    this.relevant.add(step);
    for (const name of assignedNames(step)) this.followed.add(name);
  }

  private hasWord(tree: Tree, node: number): boolean {
    const [first, end] = [tree.first[node]!, tree.end[node]!];
    const counts = (symbol: number, role: number) => (role & (RELEVANT | Role.LocalMacro)) !== 0 || this.matters(symbol);
    if (tree === this.scope.file.tree) return this.scope.words.some(first, end, RELEVANT | Role.LocalMacro | Role.LocalCall, counts);
    const { symbol } = tree.tokens;
    for (let token = first; token < end; token++) {
      if (symbol[token] !== 0 && counts(symbol[token]!, this.scope.roleOf(symbol[token]!, true))) return true;
    }
    return false;
  }

  private hasFollowedName(tree: Tree, node: number): boolean {
    const { symbol } = tree.tokens;
    for (let token = tree.first[node]!; token < tree.end[node]!; token++) {
      if (symbol[token] !== 0 && this.followed.has(symbol[token]!)) return true;
    }
    return false;
  }
}

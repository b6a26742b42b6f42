import { buildCfg, type CfgHooks } from '../flow/buildCfg';
import { type BasicBlock, type Cfg, type Condition, type Step, StepKind } from '../flow/cfg';
import { NodeKind } from '../syntax/nodes';
import { childrenOf, kindOf, type Tree, unparen } from '../syntax/tree';
import { bodyOf, type FileScope, parametersOf } from './fileScope';
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

export function relevantFlow(scope: FileScope, node: number): RelevantFlow {
  const { tree } = scope.file;
  const cfg = buildCfg(tree, bodyOf(tree, node), hooksFor(scope), (inTree, token) => scope.texts.tokenText(inTree, token));
  const locals = localNames(scope, node, cfg);
  return { cfg: withoutIrrelevantSteps(scope, cfg, followedNames(scope, cfg)), locals };
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
  Role.Flag | Role.Allocates | Role.Frees | Role.Context | Role.Test | Role.Guard | Role.MayUnlock | Role.MaskFunction | Role.GfpType;

/** Names a relevant value flows into; steps that mention one are relevant too. */
function followedNames(scope: FileScope, cfg: Cfg): Set<number> {
  const followed = new Set<number>();
  for (let grown = true, round = 0; grown && round < 4; round++) {
    grown = false;
    for (const block of cfg.blocks) {
      for (const step of block.steps) {
        if (!isRelevant(scope, step.tree, step.node, followed)) continue;
        for (const name of assignedNames(step)) {
          if (followed.has(name)) continue;
          followed.add(name);
          grown = true;
        }
      }
    }
  }
  return followed;
}

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

function isRelevant(scope: FileScope, tree: Tree, node: number, followed: ReadonlySet<number>): boolean {
  const { symbol } = tree.tokens;
  const end = tree.end[node]!;
  for (let token = tree.first[node]!; token < end; token++) {
    const name = symbol[token]!;
    if (name === 0) continue;
    if ((scope.names.role(name) & RELEVANT) !== 0 || followed.has(name) || scope.localFunction(name)) return true;
    if (scope.file.macros.bySymbol(name)) return true;
  }
  return false;
}

function withoutIrrelevantSteps(scope: FileScope, cfg: Cfg, followed: ReadonlySet<number>): Cfg {
  const relevant = (step: { tree: Tree; node: number }) => isRelevant(scope, step.tree, step.node, followed);
  const keep = (condition: Condition | undefined) => (condition && relevant(condition) ? condition : undefined);
  const blocks: BasicBlock[] = cfg.blocks.map((block) => ({
    steps: block.steps.filter(relevant),
    successors: block.successors.map(({ to, condition }) => ({ to, condition: keep(condition) })),
  }));
  return { blocks, unknownShapes: cfg.unknownShapes };
}

import { finish } from '../base/steps';
import type { KernelModel } from '../kernel/model';
import * as masks from '../mask/mask';
import { NodeKind } from '../syntax/nodes';
import type { FunctionEntry, SourceFile } from '../syntax/sourceFile';
import { kindOf, rangeOf, type Tree } from '../syntax/tree';
import { analyseFunction, followCalls } from './analyseFunction';
import { FileScope } from './fileScope';
import type { Headers } from './headers/headers';
import { actsOf, deferredMasks } from './linkage/acts';
import { fileMentions } from './linkage/fileMentions';
import type { FunctionLinkage } from './linkage/linkage';
import { FunctionLinker } from './linkage/linkFunction';
import { LinkNames } from './linkage/linkNames';
import { macroLinkage } from './linkage/macroLinkage';
import { memberTypes } from './linkage/memberTypes';
import { FileStructs } from './linkage/receivers';
import { statedContexts } from './linkage/statedContexts';
import { LockSummaries } from './lockSummaries';
import { MaskEvaluator } from './maskExpression';
import { memoryRecords } from './memory/memoryRecords';
import { INTERESTING, namesLock, Role } from './names';
import { nameTable } from './nameTables';
import type { SizeOf } from './recorder';
import type { FileFacts, FunctionFacts, Gap, MaskSite } from './site';
import { createSizeEvaluator, type SizeEvaluator, sizeFact, type TypeLookup } from './sizes';

/**
 * All that can be known of a file by itself and, for types and constants, from the headers it includes (`tree`); with `linked` also what the
 * analysis of a whole tree needs of it. Never throws; what could not be analysed is in `gaps`.
 */
export function analyseFile(file: SourceFile, model: KernelModel, linked = false, tree?: Headers): FileFacts {
  return finish(analyseFileInSteps(file, model, linked, tree));
}

/** The same function by function, for those who may have better to do between two of them. */
export function* analyseFileInSteps(file: SourceFile, model: KernelModel, linked: boolean, tree?: Headers): Generator<void, FileFacts> {
  const headers = tree?.scopeOf(file);
  const scope = new FileScope(file, nameTable(file.interner, model), headers);
  const isWorth = linked || (scope.words.union & (INTERESTING | Role.LocalMacro)) !== 0;
  if (!isWorth) return { file, scope, headers, functions: [], masks: [], gaps: [] };
  return yield* new FileAnalysis(scope, linked, headers).run();
}

class FileAnalysis {
  private readonly gaps: Gap[] = [];
  private readonly functions: FunctionFacts[] = [];
  private readonly linkages: FunctionLinkage[] = [];
  private readonly summaries: LockSummaries;
  private readonly evaluator: () => SizeEvaluator;
  private readonly sizes: SizeOf;
  private readonly names: LinkNames | undefined;
  private readonly structs: FileStructs;

  constructor(
    private readonly scope: FileScope,
    linked: boolean,
    private readonly headers: TypeLookup | undefined,
  ) {
    this.summaries = new LockSummaries(scope);
    this.evaluator = lazyEvaluator(scope, headers);
    this.sizes = sizesBy(scope, this.evaluator);
    this.structs = new FileStructs(scope.file);
    this.names = linked ? new LinkNames(scope.file, scope.names) : undefined;
  }

  private readonly typeOf = (token: number) => this.evaluator().typeOfName(token);

  *run(): Generator<void, FileFacts> {
    const { scope, names, gaps, functions, headers } = this;
    const { file } = scope;
    const mentions = names ? fileMentions(scope, names) : [];
    const damaged = new Set(file.damage.map((damage) => damage.function));
    for (const entry of file.functions) {
      this.analyse(entry, damaged.has(entry.name));
      yield;
    }
    const masks = (scope.words.union & (INTERESTING | Role.LocalMacro)) === 0 ? [] : fileLevelMasks(scope);
    const facts: { -readonly [K in keyof FileFacts]: FileFacts[K] } = { file, scope, headers, functions, masks, gaps };
    if (!names) return facts;
    // What the records are made from is remembered by the facts, so they get their linkage afterwards.
    facts.linkage = {
      functions: [...this.linkages, ...macroLinkage(scope)],
      mentions,
      ...(yield* memoryRecords(facts, scope.names.model)),
      types: memberTypes(file),
    };
    return facts;
  }

  private analyse(entry: FunctionEntry, isDamaged: boolean): void {
    const { scope, summaries, gaps } = this;
    const linker = this.names && new FunctionLinker(scope, this.names, entry, this.structs);
    const isInteresting = scope.mentions(scope.file.tree, entry.node, INTERESTING);
    if (isInteresting && isDamaged) gaps.push({ reason: 'damaged syntax', range: rangeOf(scope.file.tree, entry.node) });
    const facts = isInteresting ? analyseFunction({ scope, summaries, entry, sizeOf: this.sizes, gaps, linker }) : undefined;
    if (facts) this.functions.push(facts);
    if (!linker) return;
    if (!facts) followCalls(scope, summaries, entry, linker);
    const acts = facts ? actsOf(facts, scope.names.model) : NONE;
    const leaves = namesLock(entry.name) ? summaries.of(scope.describeFunction(entry)) : undefined;
    const deferred = facts ? deferredMasks(facts) : NONE;
    this.linkages.push(linker.finish({ acts, deferred, summary: leaves, stated: statedContexts(scope, entry.node, this.typeOf) }));
  }
}

const NONE: ReadonlyMap<number, number> = new Map();

/** The evaluator of one file; it reads the file's types, so it is made for the first question that needs one. */
function lazyEvaluator(scope: FileScope, lookup: TypeLookup | undefined): () => SizeEvaluator {
  let evaluator: SizeEvaluator | undefined;
  return () => (evaluator ??= createSizeEvaluator(scope.file, scope.names.model, { lookup }));
}

function sizesBy(scope: FileScope, evaluator: () => SizeEvaluator): SizeOf {
  return (tree, _call, api, args) => api.size && sizeFact(tree, args, api.size, evaluator(), (range) => scope.texts.slice(tree, range));
}

/** Mask expressions outside functions: initialisers of tables and variables. */
function fileLevelMasks(scope: FileScope): MaskSite[] {
  const { tree, root } = scope.file;
  const evaluator = new MaskEvaluator(scope);
  const found: MaskSite[] = [];
  for (let node = tree.child[root]!; node !== 0; node = tree.next[node]!) {
    if (kindOf(tree, node) !== NodeKind.Declaration || !scope.mentions(tree, node, Role.Flag)) continue;
    collectInitialisers(scope, evaluator, tree, node, found, 0);
  }
  return found;
}

function collectInitialisers(scope: FileScope, evaluator: MaskEvaluator, tree: Tree, node: number, found: MaskSite[], depth: number): void {
  if (depth > 40) return;
  for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
    if (!scope.mentions(tree, child, Role.Flag)) continue;
    const kind = kindOf(tree, child);
    const parent = kindOf(tree, node);
    const isValue =
      parent === NodeKind.Initializer || parent === NodeKind.InitList || (parent === NodeKind.Designated && tree.next[child] === 0);
    if (isValue && kind !== NodeKind.InitList && kind !== NodeKind.Designated && kind !== NodeKind.Call) {
      found.push({
        node: child,
        range: rangeOf(tree, child),
        text: scope.texts.text(tree, child),
        value: evaluator.value(tree, child, () => masks.UNKNOWN),
        terms: evaluator.terms(tree, child),
        wrongOperators: evaluator.wrongOperators(tree, child),
        use: 'initialiser',
        call: undefined,
        function: undefined,
      });
    } else collectInitialisers(scope, evaluator, tree, child, found, depth + 1);
  }
}

import type { Interner } from '../base/interner';
import type { KernelModel } from '../kernel/model';
import * as masks from '../mask/mask';
import { NodeKind } from '../syntax/nodes';
import type { SourceFile } from '../syntax/sourceFile';
import { kindOf, rangeOf, type Tree } from '../syntax/tree';
import { analyseFunction } from './analyseFunction';
import { FileScope } from './fileScope';
import type { Headers } from './headers/headers';
import { LockSummaries } from './lockSummaries';
import { MaskEvaluator } from './maskExpression';
import { INTERESTING, NameTable, Role } from './names';
import type { SizeOf } from './recorder';
import type { FileFacts, FunctionFacts, Gap, MaskSite } from './site';
import { createSizeEvaluator, type SizeEvaluator, sizeFact, type TypeLookup } from './sizes';

/** Name tables by interner and model: they are derived values that are costly to make and never differ. */
const tables = new WeakMap<Interner, WeakMap<KernelModel, NameTable>>();

/** The names of a model as ids of an interner. */
export function nameTable(interner: Interner, model: KernelModel): NameTable {
  let byModel = tables.get(interner);
  if (!byModel) tables.set(interner, (byModel = new WeakMap()));
  let table = byModel.get(model);
  if (!table) byModel.set(model, (table = new NameTable(model, interner)));
  return table;
}

/**
 * All that can be known of a file by itself and, for types and constants, from the headers it includes. Never throws; what could not be analysed
 * is in `gaps`.
 */
export function analyseFile(file: SourceFile, model: KernelModel, tree?: Headers): FileFacts {
  const headers = tree?.scopeOf(file);
  const names = nameTable(file.interner, model);
  const gaps: Gap[] = [];
  const functions: FunctionFacts[] = [];
  const scope = new FileScope(file, names);
  if ((scope.words.union & (INTERESTING | Role.LocalMacro)) === 0) return { file, headers, functions, masks: [], gaps };
  const summaries = new LockSummaries(scope);
  const sizes = lazySizes(scope, headers);
  const damaged = new Set(file.damage.map((damage) => damage.function));
  for (const entry of file.functions) {
    if (!scope.mentions(file.tree, entry.node, INTERESTING)) continue;
    if (damaged.has(entry.name)) gaps.push({ reason: 'damaged syntax', range: rangeOf(file.tree, entry.node) });
    functions.push(analyseFunction(scope, summaries, entry, sizes, gaps));
  }
  return { file, headers, functions, masks: fileLevelMasks(scope), gaps };
}

/** Sizes of one file; the evaluator reads the file's types, so it is made for the first call that needs one. */
function lazySizes(scope: FileScope, lookup: TypeLookup | undefined): SizeOf {
  let evaluator: SizeEvaluator | undefined;
  return (tree, _call, api, args) => {
    if (!api.size) return undefined;
    evaluator ??= createSizeEvaluator(scope.file, scope.names.model, { lookup });
    return sizeFact(tree, args, api.size, evaluator, (range) => scope.texts.slice(tree, range));
  };
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

import { addTo } from '../../base/listsByKey';
import { firstThat } from '../../base/search';
import { DeclFlag, NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import type { Tree } from '../../syntax/tree';

/** The two nodes that together give a declared name its type. */
export interface DeclaredName {
  readonly symbol: number;
  readonly specifiers: number;
  readonly declarator: number;
  /** Function parameters: arrays are pointers there. */
  readonly parameter: boolean;
  /** Token range in which the name is visible. */
  readonly from: number;
  readonly to: number;
}

/** What a file declares, found by symbol (interner id). Built on first use, kept with the file. */
export interface Declarations {
  /** StructSpec nodes with a body, by tag. */
  readonly records: ReadonlyMap<number, readonly number[]>;
  readonly typedefs: ReadonlyMap<number, readonly DeclaredName[]>;
  /** Enumerator nodes with the EnumSpec they stand in. */
  readonly enumerators: ReadonlyMap<number, { readonly list: number; readonly node: number }>;
  readonly globals: ReadonlyMap<number, DeclaredName>;
  /** Function nodes, by name. */
  readonly functions: ReadonlyMap<number, number>;
  /** Function nodes whose tokens include this one. */
  enclosing(token: number): readonly number[];
  /** Parameters and variables of a function, in source order. */
  locals(functionNode: number): readonly DeclaredName[];
}

const known = new WeakMap<SourceFile, Declarations>();

/** The declarations of a file; the same value on every call. */
export function declarationsOf(file: SourceFile): Declarations {
  let declarations = known.get(file);
  if (declarations === undefined) {
    declarations = collect(file);
    known.set(file, declarations);
  }
  return declarations;
}

function collect(file: SourceFile): Declarations {
  const { tree } = file;
  const records = new Map<number, number[]>();
  const typedefs = new Map<number, DeclaredName[]>();
  const enumerators = new Map<number, { list: number; node: number }>();
  const symbolAt = (node: number) => tree.tokens.symbol[tree.tok[node]!]!;
  let hasStatementsInside = false;
  for (let node = 1; node < tree.count; node++) {
    const kind = tree.kind[node];
    if (kind === NodeKind.StructSpec) {
      if (tree.aux[node]! & DeclFlag.Body && tree.tok[node] !== 0) addTo(records, symbolAt(node), node);
    } else if (kind === NodeKind.EnumSpec) {
      for (let item = tree.child[node]!; item !== 0; item = tree.next[item]!) {
        if (tree.kind[item] === NodeKind.Enumerator) enumerators.set(symbolAt(item), { list: node, node: item });
      }
    } else if (kind === NodeKind.Declaration && isTypedef(tree, node)) {
      for (const name of namesOf(tree, node, 0, 0)) addTo(typedefs, name.symbol, name);
    } else if (kind === NodeKind.StatementExpr || (kind === NodeKind.Call && takesStatements(tree, node))) hasStatementsInside = true;
  }
  return { records, typedefs, enumerators, ...topLevel(file), locals: localsOf(tree, hasStatementsInside) };
}

function isTypedef(tree: Tree, declaration: number): boolean {
  const specifiers = tree.child[declaration]!;
  return tree.kind[specifiers] === NodeKind.Specifiers && (tree.aux[specifiers]! & DeclFlag.Typedef) !== 0;
}

function topLevel(file: SourceFile): Pick<Declarations, 'globals' | 'functions' | 'enclosing'> {
  const { tree } = file;
  const globals = new Map<number, DeclaredName>();
  const functions = new Map<number, number>();
  const nodes: number[] = [...file.alternates];
  for (let node = tree.child[file.root]!; node !== 0; node = tree.next[node]!) nodes.push(node);
  for (const node of nodes) {
    if (tree.kind[node] !== NodeKind.Declaration || isTypedef(tree, node)) continue;
    for (const name of namesOf(tree, node, 0, 0)) globals.set(name.symbol, name);
  }
  for (const { node } of file.functions) functions.set(tree.tokens.symbol[tree.tok[node]!]!, node);
  return { globals, functions, enclosing: enclosingIn(file) };
}

/** Functions of one view stand one behind the other; those of others may overlap them. */
function enclosingIn({ tree, functions }: SourceFile): (token: number) => readonly number[] {
  const usual = functions.filter(({ view }) => view === 0).map(({ node }) => node);
  const others = functions.filter(({ view }) => view !== 0).map(({ node }) => node);
  const around = (token: number) => (node: number) => tree.first[node]! <= token && token < tree.end[node]!;
  return (token) => {
    const isAround = around(token);
    const first = usual[firstThat(0, usual.length, (index) => tree.end[usual[index]!]! > token)];
    const found = first !== undefined && isAround(first) ? [first] : NO_FUNCTIONS;
    return others.length === 0 ? found : [...found, ...others.filter(isAround)];
  };
}

const NO_FUNCTIONS: readonly number[] = [];

/** `hasStatementsInside`: some expression of the file has statements inside, and with them declarations. */
function localsOf(tree: Tree, hasStatementsInside: boolean): (functionNode: number) => readonly DeclaredName[] {
  const cache = new Map<number, readonly DeclaredName[]>();
  return (functionNode) => {
    let locals = cache.get(functionNode);
    if (locals === undefined) {
      locals = collectLocals(tree, functionNode, hasStatementsInside);
      cache.set(functionNode, locals);
    }
    return locals;
  };
}

function collectLocals(tree: Tree, functionNode: number, hasStatementsInside: boolean): readonly DeclaredName[] {
  const locals: DeclaredName[] = [];
  const stack: { node: number; to: number }[] = [{ node: functionNode, to: tree.end[functionNode]! }];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { node, to } = entry;
    const kind = tree.kind[node]!;
    if (kind === NodeKind.StructSpec || (!hasStatementsInside && kind < NodeKind.Block)) continue;
    if (kind === NodeKind.Declaration) {
      for (const name of namesOf(tree, node, tree.first[node]!, to)) locals.push(name);
      for (const initializer of initializersOf(tree, node)) stack.push({ node: initializer, to });
      continue;
    }
    if (kind === NodeKind.Parameter) {
      const name = parameterName(tree, node, to);
      if (name !== undefined) locals.push(name);
      continue;
    }
    const scope = kind === NodeKind.Block || kind === NodeKind.For ? tree.end[node]! : to;
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) stack.push({ node: child, to: scope });
  }
  return locals.sort((a, b) => a.from - b.from);
}

/** Whether a macro is given a block. */
function takesStatements(tree: Tree, call: number): boolean {
  for (let node = tree.child[call]!; node !== 0; node = tree.next[node]!) if (tree.kind[node] === NodeKind.Block) return true;
  return false;
}

/** Only initialisers can hold further declarations; the parameters of a declared function pointer are not variables. */
function initializersOf(tree: Tree, declaration: number): number[] {
  const initializers: number[] = [];
  for (let node = tree.child[declaration]!; node !== 0; node = tree.next[node]!) {
    if (tree.kind[node] !== NodeKind.Declarator) continue;
    for (let part = tree.child[node]!; part !== 0; part = tree.next[part]!)
      if (tree.kind[part] === NodeKind.Initializer) initializers.push(part);
  }
  return initializers;
}

function parameterName(tree: Tree, node: number, to: number): DeclaredName | undefined {
  const specifiers = tree.child[node]!;
  const declarator = tree.next[specifiers]!;
  if (declarator === 0 || tree.tok[declarator] === 0) return undefined;
  const symbol = tree.tokens.symbol[tree.tok[declarator]!]!;
  return { symbol, specifiers, declarator, parameter: true, from: tree.first[node]!, to };
}

function namesOf(tree: Tree, declaration: number, from: number, to: number): DeclaredName[] {
  const names: DeclaredName[] = [];
  const specifiers = tree.child[declaration]!;
  if (tree.kind[specifiers] !== NodeKind.Specifiers) return names;
  for (let node = tree.next[specifiers]!; node !== 0; node = tree.next[node]!) {
    if (tree.kind[node] !== NodeKind.Declarator || tree.tok[node] === 0) continue;
    names.push({ symbol: tree.tokens.symbol[tree.tok[node]!]!, specifiers, declarator: node, parameter: false, from, to });
  }
  return names;
}

import type { TextRange } from '../../base/range';
import { NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { childrenOf, isStaticFunction, rangeOf, stripCasts, type Tree } from '../../syntax/tree';
import { type Assignments, assignmentsOf } from '../sizes/assignments';
import { declarationsOf } from '../sizes/declarations';

const decoder = new TextDecoder();

/** Macros that make a variable a parameter of its module (include/linux/moduleparam.h); its name is an argument. */
const MODULE_PARAMETER_MACROS = ['module_param', 'module_param_named', 'module_param_hw', 'module_param_cb'];

/** Questions about the nodes of one file's tree that their text alone answers: names, calls, values, what stands around them. */
export class FileNodes {
  readonly tree: Tree;
  private readonly nodesByName = new Map<number, readonly number[]>();
  private readonly functionsUsing = new Map<string, ReadonlySet<number>>();
  private nodeOfToken: Uint32Array | undefined;
  private allParents: Uint32Array | undefined;
  private readonly assignments = new Map<number, Assignments>();
  private cleanups: boolean | undefined;
  private hasParameters: boolean | undefined;

  constructor(readonly file: SourceFile) {
    this.tree = file.tree;
  }

  get parents(): Uint32Array {
    this.allParents ??= parentsOf(this.file);
    return this.allParents;
  }

  /** Source text of a range as it stands. */
  spelling(start: number, end: number): string {
    return decoder.decode(this.file.bytes.subarray(start, end));
  }

  text(node: number): string {
    const { start, end } = rangeOf(this.tree, node);
    return decoder.decode(this.file.bytes.subarray(start, end)).replace(/\s+/g, '');
  }

  tokenText(token: number): string {
    const symbol = this.tree.tokens.symbol[token]!;
    if (symbol !== 0) return this.file.interner.text(symbol);
    return decoder.decode(this.file.bytes.subarray(this.tree.tokens.start[token]!, this.tree.tokens.end[token]!));
  }

  private slice({ start, end }: TextRange): string {
    return decoder.decode(this.file.bytes.subarray(start, end));
  }

  rangeOfNode(node: number): TextRange {
    return rangeOf(this.tree, node);
  }

  functionAt(node: number): string {
    const inside = this.functionNodeAt(node);
    return inside === 0 ? '' : this.file.interner.text(this.tree.tokens.symbol[this.tree.tok[inside]!]!);
  }

  functionNodeAt(node: number): number {
    let at = node;
    while (at !== 0 && this.tree.kind[at] !== NodeKind.Function) at = this.parents[at]!;
    return at;
  }

  /** The Function node of the file with this name. */
  functionNamed(name: string): number | undefined {
    const symbol = this.file.interner.find(name);
    return symbol === 0 ? undefined : declarationsOf(this.file).functions.get(symbol);
  }

  /** Whether a function definition says `static`. */
  isStaticFunction(functionNode: number): boolean {
    return isStaticFunction(this.tree, functionNode);
  }

  /** The same for any expression. */
  targetsOf(value: number): readonly number[] {
    const { tree, parents } = this;
    const targets: number[] = [];
    let at = value;
    for (let parent = parents[at]!; parent !== 0; at = parent, parent = parents[at]!) {
      const kind = tree.kind[parent];
      if (kind === NodeKind.Paren || kind === NodeKind.Cast) continue;
      if (kind === NodeKind.Assign && tree.child[parent] !== at) targets.push(tree.child[parent]!);
      else if (kind === NodeKind.Initializer) return [...targets, parents[parent]!];
      else break;
    }
    return targets;
  }

  /** Spelling of a place without blanks: `p` for the declarator of `struct foo *p = …`. */
  placeText(target: number): string {
    return this.tree.kind[target] === NodeKind.Declarator ? this.tokenText(this.tree.tok[target]!) : this.text(target);
  }

  /** The node without parentheses and casts around it. */
  place(node: number): number {
    return stripCasts(this.tree, node);
  }

  /** Whether a place is the name of a variable or parameter. */
  isName(node: number): boolean {
    return this.tree.kind[this.place(node)] === NodeKind.Identifier;
  }

  /** The identifier or member that gives a place its name: `x->rings` for `x->rings[i]`. */
  namingNode(place: number): number {
    return this.tree.kind[place] === NodeKind.Index ? this.place(this.tree.child[place]!) : place;
  }

  /** All nodes below a node. */
  *nodesIn(root: number): Iterable<number> {
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      yield node;
      for (let child = this.tree.child[node]!; child !== 0; child = this.tree.next[child]!) stack.push(child);
    }
  }

  /** Identifiers, members and field designators of a name, in source order. */
  named(symbol: number): readonly number[] {
    const known = this.nodesByName.get(symbol);
    if (known !== undefined || symbol === 0) return known ?? [];
    const found: number[] = [];
    this.nodesByName.set(symbol, found);
    const symbols = this.tree.tokens.symbol;
    this.nodeOfToken ??= namingNodes(this.tree);
    for (let token = symbols.indexOf(symbol); token >= 0; token = symbols.indexOf(symbol, token + 1)) {
      const node = this.nodeOfToken[token]!;
      if (node !== 0) found.push(node);
    }
    return found;
  }

  /** Whether the function around a node uses a name. */
  mentionsNearby(node: number, name: string): boolean {
    let users = this.functionsUsing.get(name);
    if (users === undefined) {
      users = new Set(this.named(this.file.interner.find(name)).map((use) => this.functionNodeAt(use)));
      this.functionsUsing.set(name, users);
    }
    return users.size > 0 && users.has(this.functionNodeAt(node));
  }

  /** The expressions of which one is the value: the arms of a condition, without casts and parentheses. */
  arms(value: number): readonly number[] {
    const inner = stripCasts(this.tree, value);
    if (this.tree.kind[inner] !== NodeKind.Conditional) return [inner];
    return childrenOf(this.tree, inner)
      .slice(1)
      .flatMap((arm) => this.arms(arm));
  }

  isNull(node: number): boolean {
    return /^(NULL|0)$/.test(this.text(node));
  }

  /** Position of a parameter in the function around a node, by name; undefined when it is none. */
  parameterIndex(node: number, name: string): number | undefined {
    const owner = this.functionNodeAt(node);
    const locals =
      owner === 0
        ? []
        : declarationsOf(this.file)
            .locals(owner)
            .filter((local) => local.parameter);
    const index = locals.findIndex((local) => this.file.interner.text(local.symbol) === name);
    return index < 0 ? undefined : index;
  }

  /** All plain calls of a function in this file. */
  *callNodesOf(name: string): Iterable<number> {
    const { tree } = this;
    for (const node of this.named(this.file.interner.find(name))) {
      const call = this.parents[node]!;
      if (tree.kind[call] === NodeKind.Call && tree.child[call] === node) yield call;
    }
  }

  /** Their argument nodes. */
  *callsOf(name: string): Iterable<readonly number[]> {
    for (const call of this.callNodesOf(name)) yield childrenOf(this.tree, call).slice(1);
  }

  /** Whether a function of the file is named other than to call it. */
  isHandedOut(name: string): boolean {
    const { tree, parents } = this;
    return this.named(this.file.interner.find(name)).some((node) => {
      if (tree.kind[node] !== NodeKind.Identifier) return false;
      const parent = parents[node]!;
      return tree.kind[parent] !== NodeKind.Call || tree.child[parent] !== node;
    });
  }

  /** The function of the file that an expression calls. */
  calledFunction(node: number): number | undefined {
    return this.tree.kind[node] === NodeKind.Call ? this.functionNamed(this.text(this.tree.child[node]!)) : undefined;
  }

  isCall(node: number): boolean {
    return this.tree.kind[node] === NodeKind.Call;
  }

  /** The spelling of what a Call calls. */
  calleeText(call: number): string {
    return this.text(this.tree.child[call]!);
  }

  /** The values that a function returns. */
  *returnedValues(functionNode: number): Iterable<number> {
    for (const node of this.nodesIn(functionNode)) {
      if (this.tree.kind[node] === NodeKind.Return && this.tree.child[node] !== 0) yield this.tree.child[node]!;
    }
  }

  /** The declarator whose initial value an expression is, or 0. */
  declaratorOf(value: number): number {
    const { tree, parents } = this;
    let at = parents[value]!;
    while (tree.kind[at] === NodeKind.Paren || tree.kind[at] === NodeKind.Cast) at = parents[at]!;
    return tree.kind[at] === NodeKind.Initializer ? parents[at]! : 0;
  }

  /** Whether the file makes any of its variables a parameter of its module. */
  get hasModuleParameters(): boolean {
    this.hasParameters ??= MODULE_PARAMETER_MACROS.some((macro) => this.named(this.file.interner.find(macro)).length > 0);
    return this.hasParameters;
  }

  /** The macro that makes a variable of the file a parameter of its module. */
  moduleParameter(name: string): TextRange | undefined {
    const { tree } = this;
    for (const node of this.named(this.file.interner.find(name))) {
      const call = this.parents[node]!;
      if (tree.kind[call] === NodeKind.Call && MODULE_PARAMETER_MACROS.includes(this.text(tree.child[call]!))) return rangeOf(tree, call);
    }
    return undefined;
  }

  /** A macro of the file that uses a member of this name: what it does with it is not seen. */
  macroUsing(member: string): string | undefined {
    const pattern = new RegExp(`(->|\\.)\\s*${member}\\b`);
    return this.file.macros.all.find(({ body }) => pattern.test(this.slice(body)))?.name;
  }

  /** Nodes of all values that a function gives to a variable; undefined when not all are known, or when it gives none. */
  valuesIn(functionNode: number, symbol: number): readonly number[] | undefined {
    return this.assignmentsIn(functionNode).get(symbol);
  }

  /** Whether a function may give a value to a variable or parameter. */
  isAssigned(functionNode: number, symbol: number): boolean {
    return this.assignmentsIn(functionNode).has(symbol);
  }

  private assignmentsIn(functionNode: number): Assignments {
    let values = this.assignments.get(functionNode);
    if (values === undefined) {
      values = assignmentsOf(this.tree, functionNode, (each) => this.file.interner.text(each));
      this.assignments.set(functionNode, values);
    }
    return values;
  }

  /** Whether the file has a variable that is freed at the end of its scope. */
  get hasCleanups(): boolean {
    if (this.cleanups === undefined) {
      const symbol = this.file.interner.find('__free');
      this.cleanups = symbol !== 0 && this.tree.tokens.symbol.indexOf(symbol) >= 0;
    }
    return this.cleanups;
  }
}

function parentsOf(file: SourceFile): Uint32Array {
  const { tree } = file;
  const parents = new Uint32Array(tree.count);
  for (let node = 1; node < tree.count; node++) {
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) parents[child] = node;
  }
  return parents;
}

/** For each token the Identifier, member or designator it names, or 0. */
function namingNodes(tree: Tree): Uint32Array {
  const nodes = new Uint32Array(tree.tokens.count);
  for (let node = 1; node < tree.count; node++) {
    const kind = tree.kind[node];
    if (kind === NodeKind.Identifier || kind === NodeKind.Arrow || kind === NodeKind.Member || kind === NodeKind.FieldDesignator) {
      nodes[tree.tok[node]!] = node;
    }
  }
  return nodes;
}

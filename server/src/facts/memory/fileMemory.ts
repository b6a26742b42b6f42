import type { TextRange } from '../../base/range';
import type { KernelModel, MemoryFamily } from '../../kernel/model';
import { DeclFlag, NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import { childrenOf, rangeOf, stripCasts, type Tree } from '../../syntax/tree';
import type { CallSite, FileFacts } from '../site';
import { type Assignments, assignmentsOf } from '../sizes/assignments';
import type { CType } from '../sizes/ctype';
import { declarationsOf } from '../sizes/declarations';
import { createSizeEvaluator, type SizeEvaluator } from '../sizes/evaluate';
import { FreeContexts } from './freeContexts';
import { PlaceHistories, type PlaceHistory } from './placeHistories';
import { classifyUse, type PlaceUse, type UseSource } from './placeUses';

const decoder = new TextDecoder();
/** Steps that walks from single allocations may take in one file; those of the kernel stay far below. */
const MAX_STEPS = 300_000;
const memories = new WeakMap<FileFacts, FileMemory>();

/** The memory queries of a file; made once per file. */
export function memoryOf(facts: FileFacts, model: KernelModel): FileMemory {
  let memory = memories.get(facts);
  if (memory === undefined) {
    memory = new FileMemory(facts, model);
    memories.set(facts, memory);
  }
  return memory;
}

/** Questions about pointers that go beyond one statement, answered from the text of one file. */
export class FileMemory implements UseSource {
  readonly tree;
  readonly file: SourceFile;
  readonly histories: PlaceHistories;
  readonly freeContexts: FreeContexts;
  private readonly calls = new Map<number, CallSite>();
  private readonly nodesByName = new Map<number, readonly number[]>();
  private nodeOfToken: Uint32Array | undefined;
  private readonly memberKeys = new Map<number, string | undefined>();
  private readonly namesBeside = new Map<readonly CallSite[], ReadonlySet<number>>();
  private readonly otherAllocations = new Map<readonly MemoryFamily[], readonly CallSite[]>();
  private allParents: Uint32Array | undefined;
  private readonly assignments = new Map<number, Assignments>();
  private cleanups: boolean | undefined;
  private sizes: SizeEvaluator | undefined;
  private steps = 0;
  private allAllocations: readonly CallSite[] | undefined;

  constructor(
    private readonly facts: FileFacts,
    private readonly model: KernelModel,
  ) {
    this.file = facts.file;
    this.tree = facts.file.tree;
    this.histories = new PlaceHistories(this);
    this.freeContexts = new FreeContexts(model);
    for (const owner of facts.functions) {
      for (const call of owner.calls) if (call.origin !== 'macro') this.calls.set(call.node, call);
    }
  }

  /** One step of a walk that starts anew for each allocation. */
  spend(): void {
    this.steps++;
  }

  get isSpent(): boolean {
    return this.steps > MAX_STEPS;
  }

  get parents(): Uint32Array {
    this.allParents ??= parentsOf(this.file);
    return this.allParents;
  }

  get evaluator(): SizeEvaluator {
    this.sizes ??= createSizeEvaluator(this.file, this.model, { lookup: this.facts.headers });
    return this.sizes;
  }

  call(node: number): CallSite | undefined {
    return this.calls.get(node);
  }

  get sourceFile(): SourceFile {
    return this.file;
  }

  /** Source text of a range as it stands. */
  spelling(start: number, end: number): string {
    return decoder.decode(this.file.bytes.subarray(start, end));
  }

  /** The macro that makes a variable of the file a parameter of its module. */
  moduleParameter(name: string): TextRange | undefined {
    const { tree } = this;
    for (const node of this.named(this.file.interner.find(name))) {
      const call = this.parents[node]!;
      if (tree.kind[call] === NodeKind.Call && /^module_param(_named|_hw|_cb)?$/.test(this.text(tree.child[call]!)))
        return rangeOf(tree, call);
    }
    return undefined;
  }

  /** Nodes of all values that a function gives to a variable; undefined when not all are known. */
  valuesIn(functionNode: number, symbol: number): readonly number[] | undefined {
    let values = this.assignments.get(functionNode);
    if (values === undefined) {
      values = assignmentsOf(this.tree, functionNode, (each) => this.file.interner.text(each));
      this.assignments.set(functionNode, values);
    }
    return values.get(symbol);
  }

  text(node: number): string {
    const { start, end } = rangeOf(this.tree, node);
    return decoder.decode(this.file.bytes.subarray(start, end)).replace(/\s+/g, '');
  }

  isArray(node: number): boolean | undefined {
    const { kind } = this.evaluator.typeOf(this.tree, node);
    return kind === 'unknown' ? undefined : kind === 'array';
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

  /** Where the result of a call goes: the lvalue nodes of `a = b = call()` (a declarator for `T *p = call()`), outermost last. */
  targets(call: CallSite): readonly number[] {
    return this.targetsOf(call.node);
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

  /** Declared type of the place that a result is stored in. */
  targetType(target: number): CType | undefined {
    if (this.tree.kind[target] !== NodeKind.Declarator) return this.evaluator.typeOf(this.tree, target);
    return this.evaluator.typeOfName(this.tree.tok[target]!);
  }

  /** All nodes below a node. */
  *nodesIn(root: number): Iterable<number> {
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      yield node;
      for (let child = this.tree.child[node]!; child !== 0; child = this.tree.next[child]!) stack.push(child);
    }
  }

  /** Every call of the file that allocates. */
  get allocations(): readonly CallSite[] {
    this.allAllocations ??= [...this.calls.values()].filter((call) => call.api?.allocates !== undefined);
    return this.allAllocations;
  }

  /** Whether one of the functions that make these calls names the member or variable that a node names, or one that it was read from; remembered by the list. */
  isNamedBeside(node: number, calls: readonly CallSite[]): boolean {
    const symbol = this.tree.tokens.symbol[this.tree.tok[node]!]!;
    if (this.isSymbolBeside(symbol, calls)) return true;
    return (
      this.tree.kind[node] === NodeKind.Identifier &&
      this.membersReadInto(node, symbol).some((member) => this.isSymbolBeside(member, calls))
    );
  }

  /** Members that end what a variable is assigned in its function: `old = x->ring;`. */
  private membersReadInto(node: number, symbol: number): number[] {
    const { kind, symbol: symbols } = this.tree.tokens;
    const owner = this.functionNodeAt(node);
    const members: number[] = [];
    for (let token = this.tree.first[owner]!; token < this.tree.end[owner]!; token++) {
      if (symbols[token] !== symbol || kind[token + 1] !== TokenKind.Assign) continue;
      for (let at = token + 2; kind[at] !== TokenKind.Semicolon && at < this.tree.end[owner]!; at++)
        if (kind[at] === TokenKind.Arrow || kind[at] === TokenKind.Dot) members.push(symbols[at + 1]!);
    }
    return members;
  }

  private isSymbolBeside(symbol: number, calls: readonly CallSite[]): boolean {
    let names = this.namesBeside.get(calls);
    if (names === undefined) {
      names = this.namesIn(new Set(calls.map((call) => call.function.entry.node)));
      this.namesBeside.set(calls, names);
    }
    return names.has(symbol);
  }

  private namesIn(functions: ReadonlySet<number>): ReadonlySet<number> {
    const { tree } = this;
    const names = new Set<number>();
    for (const node of functions) {
      for (let token = tree.first[node]!; token < tree.end[node]!; token++) names.add(tree.tokens.symbol[token]!);
    }
    return names;
  }

  /** Allocations of families in `among` that are not in `families`; remembered by that list, which is the catalogue's own. */
  allocationsNotOf(families: readonly MemoryFamily[], among: ReadonlySet<MemoryFamily>): readonly CallSite[] {
    let others = this.otherAllocations.get(families);
    if (others === undefined) {
      others = this.allocations.filter(({ api }) => among.has(api!.allocates!) && !families.includes(api!.allocates!));
      this.otherAllocations.set(families, others);
    }
    return others;
  }

  /** Whether the function around a node uses a name. */
  mentionsNearby(node: number, name: string): boolean {
    const owner = this.functionNodeAt(node);
    return this.named(this.file.interner.find(name)).some((use) => this.functionNodeAt(use) === owner);
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

  /** The Function node of the file with this name. */
  functionNamed(name: string): number | undefined {
    const symbol = this.file.interner.find(name);
    return symbol === 0 ? undefined : declarationsOf(this.file).functions.get(symbol);
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

  /** Whether a function definition says `static`. */
  isStaticFunction(functionNode: number): boolean {
    const { tree } = this;
    const specifiers = childrenOf(tree, functionNode).find((child) => tree.kind[child] === NodeKind.Specifiers);
    return specifiers !== undefined && (tree.aux[specifiers]! & DeclFlag.Static) !== 0;
  }

  /** The declarator whose initial value an expression is, or 0. */
  declaratorOf(value: number): number {
    const { tree, parents } = this;
    let at = parents[value]!;
    while (tree.kind[at] === NodeKind.Paren || tree.kind[at] === NodeKind.Cast) at = parents[at]!;
    return tree.kind[at] === NodeKind.Initializer ? parents[at]! : 0;
  }

  /** A macro of the file that uses a member of this name: what it does with it is not seen. */
  macroUsing(member: string): string | undefined {
    const pattern = new RegExp(`(->|\\.)\\s*${member}\\b`);
    return this.file.macros.all.find(({ body }) => pattern.test(this.slice(body)))?.name;
  }

  private slice({ start, end }: TextRange): string {
    return decoder.decode(this.file.bytes.subarray(start, end));
  }

  rangeOfNode(node: number): TextRange {
    return rangeOf(this.tree, node);
  }

  /** The member that a local variable was read from, if it holds nothing else; otherwise the place itself. */
  aliasedPlace(node: number): number {
    const place = this.place(node);
    if (this.tree.kind[place] !== NodeKind.Identifier) return place;
    const values = this.history(place)?.uses.flatMap((use) => (use.kind === 'assigned' && use.nullValue !== true ? [use.other!] : []));
    const [only] = values ?? [];
    return values?.length === 1 && isMemberPlace(this.tree.kind[only!]!) ? only! : place;
  }

  /** The identifier or member that gives a place its name: `x->rings` for `x->rings[i]`. */
  namingNode(place: number): number {
    return this.tree.kind[place] === NodeKind.Index ? this.place(this.tree.child[place]!) : place;
  }

  /** Whether the file has a variable that is freed at the end of its scope. */
  get hasCleanups(): boolean {
    if (this.cleanups === undefined) {
      const symbol = this.file.interner.find('__free');
      this.cleanups = symbol !== 0 && this.tree.tokens.symbol.indexOf(symbol) >= 0;
    }
    return this.cleanups;
  }

  /** What is done with the place that a node names. */
  useOf(node: number): PlaceUse {
    return classifyUse(this, node);
  }

  /** The node without parentheses and casts around it. */
  place(node: number): number {
    return stripCasts(this.tree, node);
  }

  /** The history of the place that a node names: an Identifier, a Declarator, an Arrow or Member, or an element of a member. Undefined for other places. */
  history(node: number): PlaceHistory | undefined {
    return this.histories.of(this.place(node));
  }

  tokenText(token: number): string {
    return decoder.decode(this.file.bytes.subarray(this.tree.tokens.start[token]!, this.tree.tokens.end[token]!));
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

  /** `struct foo.ring` or, through members whose struct is not in sight, `struct foo.rx.ring`; undefined when the root is unknown. */
  memberKey(node: number): string | undefined {
    if (!this.memberKeys.has(node)) this.memberKeys.set(node, this.makeMemberKey(node));
    return this.memberKeys.get(node);
  }

  private makeMemberKey(node: number): string | undefined {
    const { tree } = this;
    const name = this.tokenText(tree.tok[node]!);
    const base = tree.child[node]!;
    const type = this.evaluator.typeOf(tree, base);
    const record = type.kind === 'pointer' ? type.to : type;
    if (record.kind === 'record' && record.tag !== '') return `${record.tag}.${name}`;
    if (record.kind === 'unknown' && record.name !== '') return `${record.name}.${name}`;
    const outer = this.placeKey(base);
    return outer === undefined ? undefined : `${outer}.${name}`;
  }

  private placeKey(node: number): string | undefined {
    const { tree } = this;
    const kind = tree.kind[node];
    if (kind === NodeKind.Paren || kind === NodeKind.Index) return this.placeKey(tree.child[node]!);
    return kind === NodeKind.Arrow || kind === NodeKind.Member ? this.memberKey(node) : undefined;
  }
}

function isMemberPlace(kind: number): boolean {
  return kind === NodeKind.Arrow || kind === NodeKind.Member || kind === NodeKind.Index;
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

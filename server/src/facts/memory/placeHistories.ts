import { DeclFlag, NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { childrenOf } from '../../syntax/tree';
import { type DeclaredName, declarationsOf } from '../sizes/declarations';
import { assignedUse, classifyUse, type PlaceUse, type UseSource } from './placeUses';

/** All that one file does with the pointer in a variable or a struct member. */
export interface PlaceHistory {
  /** `buf`, `struct foo.ring`, `struct foo.rings[]` for the elements of an array. */
  readonly name: string;
  readonly kind: 'local' | 'parameter' | 'global' | 'member';
  /** Uses in source order. */
  readonly uses: readonly PlaceUse[];
  /** Nothing outside of the listed uses can touch the place: a local whose address is not taken, or a member of a struct that only this .c file knows. */
  readonly closed: boolean;
  /** Members of the same name whose struct could not be told; they may be this one. */
  readonly unclear: readonly PlaceUse[];
  /** Freed at the end of its scope: `__free(kfree)`. */
  readonly cleanup: boolean;
}

/** What the histories need to know of the file. */
export interface HistorySource extends UseSource {
  readonly file: SourceFile;
  functionNodeAt(node: number): number;
  tokenText(token: number): string;
  memberKey(node: number): string | undefined;
  place(node: number): number;
  /** Identifiers, members and field designators of a name, in source order. */
  named(symbol: number): readonly number[];
}

/** Ends the key of a member that is an array, where its elements are meant. */
export const ELEMENTS = '[]';

/** Follows places through the text of a file; each history is made once. */
export class PlaceHistories {
  private readonly known = new Map<string, PlaceHistory>();

  constructor(private readonly memory: HistorySource) {}

  /** `node`: without parentheses and casts. */
  of(node: number): PlaceHistory | undefined {
    const { memory } = this;
    const { tree } = memory;
    const kind = tree.kind[node];
    if (kind === NodeKind.Index) return this.elementsOf(node);
    const symbol = tree.tok[node] === 0 ? 0 : tree.tokens.symbol[tree.tok[node]!]!;
    if (symbol === 0) return undefined;
    if (kind === NodeKind.Identifier || kind === NodeKind.Declarator) return this.variable(node, symbol);
    if (kind !== NodeKind.Arrow && kind !== NodeKind.Member) return undefined;
    const key = memory.memberKey(node);
    return key === undefined ? undefined : this.remembered(key, () => this.memberHistory(key, symbol));
  }

  /** What a function does with one of its parameters; undefined when the parameter has no name of its own. */
  ofParameter(functionNode: number, index: number): PlaceHistory | undefined {
    const parameter = this.localsOf(functionNode).filter((local) => local.parameter)[index];
    if (parameter === undefined) return undefined;
    return this.remembered(`${parameter.declarator}`, () => this.localHistory(functionNode, parameter));
  }

  /** What the file does with a member of a struct of which only the key is known. */
  ofKey(key: string): PlaceHistory {
    const plain = key.endsWith(ELEMENTS) ? key.slice(0, -ELEMENTS.length) : key;
    const symbol = this.memory.file.interner.find(plain.slice(plain.lastIndexOf('.') + 1));
    return this.remembered(key, () => (plain === key ? this.memberHistory(key, symbol) : this.elementHistory(key, symbol)))!;
  }

  private remembered(key: string, make: () => PlaceHistory | undefined): PlaceHistory | undefined {
    let history = this.known.get(key);
    if (history === undefined) {
      history = make();
      if (history !== undefined) this.known.set(key, history);
    }
    return history;
  }

  private localsOf(functionNode: number): readonly DeclaredName[] {
    return declarationsOf(this.memory.file).locals(functionNode);
  }

  // ── variables ────────────────────────────────────────────────────────────────────────────────

  private variable(node: number, symbol: number): PlaceHistory | undefined {
    const owner = this.memory.functionNodeAt(node);
    if (owner === 0) return undefined;
    const declared = this.declaredAt(owner, symbol, node);
    if (declared === undefined) return this.remembered(`global ${symbol}`, () => this.globalHistory(symbol));
    // Parameters come from the caller.
    return declared.parameter ? undefined : this.remembered(`${declared.declarator}`, () => this.localHistory(owner, declared));
  }

  /** The innermost declaration of a name that is visible at a node. */
  private declaredAt(owner: number, symbol: number, node: number): DeclaredName | undefined {
    const token = this.memory.tree.tok[node]!;
    return this.localsOf(owner).findLast((local) => local.symbol === symbol && local.from <= token && token < local.to);
  }

  private localHistory(owner: number, declared: DeclaredName): PlaceHistory | undefined {
    if (this.isStatic(declared.specifiers)) return undefined;
    const cleanup = this.cleanupOf(declared);
    if (cleanup === null) return undefined;
    const { symbol } = declared;
    const uses: PlaceUse[] = [...this.initialised(declared.declarator), ...cleanup];
    for (const node of this.memory.named(symbol)) {
      if (!this.isVariable(node) || this.memory.functionNodeAt(node) !== owner) continue;
      if (this.declaredAt(owner, symbol, node) === declared) uses.push(this.use(node));
    }
    return this.history(symbol, declared.parameter ? 'parameter' : 'local', uses, cleanup.length > 0);
  }

  /** A variable of the file, static and no array: every use of it stands in the file. */
  private globalHistory(symbol: number): PlaceHistory | undefined {
    const { memory } = this;
    const declared = declarationsOf(memory.file).globals.get(symbol);
    if (declared === undefined || !this.isStatic(declared.specifiers)) return undefined;
    if (childrenOf(memory.tree, declared.declarator).some((part) => memory.tree.kind[part] === NodeKind.ArrayDim)) return undefined;
    const uses: PlaceUse[] = [];
    for (const node of memory.named(symbol)) {
      const owner = memory.functionNodeAt(node);
      if (!this.isVariable(node) || owner === 0 || this.localsOf(owner).some((local) => local.symbol === symbol)) continue;
      uses.push(this.use(node));
    }
    return this.history(symbol, 'global', uses, false);
  }

  private history(symbol: number, kind: PlaceHistory['kind'], uses: readonly PlaceUse[], cleanup: boolean): PlaceHistory {
    const closed = !uses.some((use) => use.kind === 'address-taken' || use.kind === 'other');
    return { name: this.memory.file.interner.text(symbol), kind, uses: sorted(uses), closed, unclear: [], cleanup };
  }

  private use(node: number): PlaceUse {
    return classifyUse(this.memory, node);
  }

  private isVariable(node: number): boolean {
    return this.memory.tree.kind[node] === NodeKind.Identifier;
  }

  private isStatic(specifiers: number): boolean {
    return (this.memory.tree.aux[specifiers]! & DeclFlag.Static) !== 0;
  }

  /** The free at the end of the scope that `__free(kfree)` asks for; null for a cleanup that is spelled in another way. */
  private cleanupOf({ specifiers, declarator }: DeclaredName): readonly PlaceUse[] | null {
    const { tree } = this.memory;
    for (const node of [...childrenOf(tree, specifiers), ...childrenOf(tree, declarator)]) {
      if (tree.kind[node] !== NodeKind.Attribute) continue;
      const word = this.memory.tokenText(tree.tok[node]!);
      if (word === 'cleanup' || word === '__cleanup__') return null;
      if (word !== '__free') continue;
      const name = tree.tok[node]! + 2;
      const range = { start: tree.tokens.start[name]!, end: tree.tokens.end[name]! };
      const callee = this.memory.tokenText(name);
      return [{ kind: 'freed', range, node: declarator, functionName: this.memory.functionAt(declarator), callee, cleanup: true }];
    }
    return [];
  }

  private initialised(declarator: number): PlaceUse[] {
    const { memory } = this;
    const { tree } = memory;
    const initializer = childrenOf(tree, declarator).find((part) => tree.kind[part] === NodeKind.Initializer);
    if (initializer === undefined) return [];
    const token = tree.tok[declarator]!;
    const range = { start: tree.tokens.start[token]!, end: tree.tokens.end[token]! };
    const base = { range, node: declarator, functionName: memory.functionAt(declarator) };
    return [assignedUse(memory, (kind, more = {}) => ({ kind, ...base, ...more }), tree.child[initializer]!)];
  }

  // ── members ──────────────────────────────────────────────────────────────────────────────────

  private memberHistory(key: string, symbol: number): PlaceHistory {
    const uses: PlaceUse[] = [];
    const unclear: PlaceUse[] = [];
    this.eachMember(key, symbol, (node, sure) => (sure ? uses : unclear).push(this.use(node)));
    return this.memberOf(key, uses, unclear);
  }

  private elementsOf(node: number): PlaceHistory | undefined {
    const { memory } = this;
    const { tree } = memory;
    const base = memory.place(tree.child[node]!);
    if (tree.kind[base] !== NodeKind.Arrow && tree.kind[base] !== NodeKind.Member) return undefined;
    const key = memory.memberKey(base);
    if (key === undefined) return undefined;
    const symbol = tree.tokens.symbol[tree.tok[base]!]!;
    return this.remembered(key + ELEMENTS, () => this.elementHistory(key + ELEMENTS, symbol));
  }

  /** `x->rings[i]`: whatever gets the array itself may touch its elements. */
  private elementHistory(key: string, symbol: number): PlaceHistory {
    const { memory } = this;
    const { tree, parents } = memory;
    const uses: PlaceUse[] = [];
    const unclear: PlaceUse[] = [];
    this.eachMember(key.slice(0, -ELEMENTS.length), symbol, (node, sure) => {
      const parent = parents[node]!;
      const isElement = tree.kind[parent] === NodeKind.Index && tree.child[parent] === node;
      const whole = isElement ? undefined : this.use(node);
      if (whole === undefined) (sure ? uses : unclear).push(this.use(parent));
      else if (HANDS_ON.has(whole.kind)) (sure ? uses : unclear).push({ ...whole, kind: 'other' });
    });
    return this.memberOf(key, uses, unclear);
  }

  private eachMember(key: string, symbol: number, visit: (node: number, sure: boolean) => void): void {
    const { memory } = this;
    for (const node of memory.named(symbol)) {
      const kind = memory.tree.kind[node];
      if (kind === NodeKind.Identifier) continue;
      const own = kind === NodeKind.FieldDesignator ? undefined : memory.memberKey(node);
      if (own === key) visit(node, true);
      else if (own === undefined || isIndirect(own) || isIndirect(key)) visit(node, false);
    }
  }

  private memberOf(key: string, uses: readonly PlaceUse[], unclear: readonly PlaceUse[]): PlaceHistory {
    const closed = this.isPrivate(key) && unclear.length === 0 && !uses.some((use) => use.kind === 'address-taken' || use.kind === 'other');
    return { name: key, kind: 'member', uses: sorted(uses), closed, unclear, cleanup: false };
  }

  /** A struct that the .c file itself defines: no other file can name its members. */
  isPrivate(key: string): boolean {
    const { file } = this.memory;
    const tag = /^(?:struct|union) (\w+)\./.exec(key)?.[1];
    const symbol = tag === undefined ? 0 : file.interner.find(tag);
    return symbol !== 0 && file.path.endsWith('.c') && declarationsOf(file).records.has(symbol);
  }
}

/** What may reach the elements when it is done with the array as a whole. */
const HANDS_ON: ReadonlySet<PlaceUse['kind']> = new Set(['argument', 'copied', 'returned', 'address-taken', 'element-address', 'other']);

/** Keys that lead through a member whose type is not in sight may name a member of any struct. */
export function isIndirect(key: string): boolean {
  return key.split('.').length > 2;
}

function sorted(uses: readonly PlaceUse[]): readonly PlaceUse[] {
  return [...uses].sort((a, b) => a.range.start - b.range.start);
}

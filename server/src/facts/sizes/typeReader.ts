import { DeclFlag, NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, rangeOf, type Tree } from '../../syntax/tree';
import type { SizeInterval } from '../site';
import { conditionalText } from './conditionalText';
import { type CType, type Member, type RecordDefinition, UNKNOWN_TYPE } from './ctype';
import type { Declarations, DeclaredName } from './declarations';
import { ANY, exactly, maximum } from './interval';
import { ANY_ALIGNMENT, basicType, knownType } from './knownTypes';

/** Types that are not in the file: a provider that follows includes can be put behind the file's own declarations. */
export interface TypeLookup {
  record(tag: string): readonly RecordDefinition[];
  typedef(name: string): CType | undefined;
  /** Value of an enumerator or object-like macro. */
  constant(name: string): SizeInterval | undefined;
}

/** Asked for array dimensions, bit field widths, alignments and typeof(); breaks the circle between types and values. */
export interface ExpressionReader {
  value(tree: Tree, node: number): SizeInterval;
  type(tree: Tree, node: number): CType;
}

const MAX_TYPEDEFS = 16;

/** Turns type syntax of one file into {@link CType}s. */
export class TypeReader {
  private readonly definitions = new Map<number, RecordDefinition>();
  private typedefDepth = 0;

  constructor(
    private readonly file: SourceFile,
    private readonly declarations: Declarations,
    private readonly outer: TypeLookup | undefined,
    private readonly expressions: ExpressionReader,
  ) {}

  /** The type of a declared variable, parameter or typedef. */
  declared(name: DeclaredName): CType {
    const type = this.derived(this.file.tree, this.specifiers(this.file.tree, name.specifiers), name.declarator);
    return name.parameter && type.kind === 'array' ? { kind: 'pointer', to: type.of } : type;
  }

  /** The type a TypeName node spells. */
  typeName(tree: Tree, node: number): CType {
    const specifiers = tree.child[node]!;
    return this.derived(tree, this.specifiers(tree, specifiers), tree.next[specifiers]!);
  }

  /** A typedef name or `struct tag` that is known from this file, the outer lookup or the kernel's basic types. */
  named(name: string, symbol: number): CType | undefined {
    const own = this.declarations.typedefs.get(symbol);
    if (own !== undefined && own.length === 1 && this.typedefDepth < MAX_TYPEDEFS) {
      this.typedefDepth++;
      const type = this.declared(own[0]!);
      this.typedefDepth--;
      return type;
    }
    return this.outer?.typedef(name) ?? knownType(name);
  }

  private specifiers(tree: Tree, node: number): CType {
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      switch (tree.kind[child]) {
        case NodeKind.TypeRef:
          return this.typeReference(tree, child);
        case NodeKind.StructSpec:
          return this.record(tree, child);
        case NodeKind.EnumSpec:
          return basicType([]);
        case NodeKind.TypeofSpec: {
          const operand = tree.child[child]!;
          return tree.kind[operand] === NodeKind.TypeName ? this.typeName(tree, operand) : this.expressions.type(tree, operand);
        }
      }
    }
    return this.basic(tree, node);
  }

  private typeReference(tree: Tree, node: number): CType {
    const symbol = tree.tokens.symbol[tree.tok[node]!]!;
    const name = this.file.interner.text(symbol);
    return this.named(name, symbol) ?? { kind: 'unknown', name };
  }

  private basic(tree: Tree, node: number): CType {
    const words: string[] = [];
    for (let token = tree.first[node]!; token < tree.end[node]!; token++) {
      const kind = tree.tokens.kind[token];
      if (kind === TokenKind.Unsigned) words.push('unsigned');
      else if (kind === TokenKind.Signed) words.push('signed');
      else if (kind === TokenKind.BasicType) words.push(this.file.interner.text(tree.tokens.symbol[token]!));
    }
    return words.length === 0 ? UNKNOWN_TYPE : basicType(words);
  }

  private record(tree: Tree, node: number): CType {
    const union = (tree.aux[node]! & DeclFlag.Union) !== 0;
    const symbol = tree.tok[node] === 0 ? 0 : tree.tokens.symbol[tree.tok[node]!]!;
    const tag = symbol === 0 ? '' : `${union ? 'union' : 'struct'} ${this.file.interner.text(symbol)}`;
    // A struct defined inside a macro body has no declarations of its own to keep.
    if (tree.aux[node]! & DeclFlag.Body && tree !== this.file.tree) return UNKNOWN_TYPE;
    if (tree.aux[node]! & DeclFlag.Body) return { kind: 'record', tag, definitions: [this.definition(node, tag)] };
    const own = this.declarations.records.get(symbol);
    if (own !== undefined) return { kind: 'record', tag, definitions: own.map((each) => this.definition(each, tag)) };
    const outer = this.outer?.record(tag);
    if (outer !== undefined && outer.length > 0) return { kind: 'record', tag, definitions: outer };
    return knownType(tag) ?? { kind: 'record', tag, definitions: [] };
  }

  private definition(node: number, tag: string): RecordDefinition {
    let definition = this.definitions.get(node);
    if (definition === undefined) {
      definition = this.readDefinition(node, tag);
      this.definitions.set(node, definition);
    }
    return definition;
  }

  private readDefinition(node: number, tag: string): RecordDefinition {
    const { tree } = this.file;
    const union = (tree.aux[node]! & DeclFlag.Union) !== 0;
    const attributes = this.attributes(tree, childrenOf(tree, node));
    let members: readonly Member[] | undefined;
    return {
      name: tag === '' ? `anonymous ${union ? 'union' : 'struct'}` : tag,
      union,
      ...attributes,
      members: () => (members ??= this.members(node)),
    };
  }

  private members(node: number): readonly Member[] {
    const { tree, bytes } = this.file;
    const range = rangeOf(tree, node);
    const conditional = conditionalText(bytes, range.start, range.end);
    const members: Member[] = [];
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      const start = tree.tokens.start[tree.first[child]!]!;
      const optional = conditional.ranges.some((part) => part.start <= start && start < part.end);
      if (tree.kind[child] === NodeKind.Declaration) this.addMembers(members, child, optional);
      else if (tree.kind[child] !== NodeKind.Attribute) members.push(this.macroMember(child, optional));
    }
    // What stands in the other branches is not in the tree.
    if (conditional.alternatives) members.push(unknownMember('', true));
    return members;
  }

  private addMembers(members: Member[], declaration: number, optional: boolean): void {
    const { tree } = this.file;
    const specifiers = tree.child[declaration]!;
    const base = this.specifiers(tree, specifiers);
    let named = false;
    for (let node = tree.next[specifiers]!; node !== 0; node = tree.next[node]!) {
      if (tree.kind[node] !== NodeKind.Declarator) continue;
      named = true;
      members.push(this.member(base, specifiers, node, optional));
    }
    const anonymous = base.kind === 'record' && base.tag === '';
    if (!named && anonymous) members.push({ name: '', type: base, bits: undefined, packed: false, aligned: undefined, optional });
  }

  private member(base: CType, specifiers: number, node: number, optional: boolean): Member {
    const { tree, interner } = this.file;
    const parts = childrenOf(tree, node);
    const width = parts.find((part) => tree.kind[part] === NodeKind.BitWidth);
    const own = this.attributes(tree, parts);
    const shared = this.attributes(tree, childrenOf(tree, specifiers));
    const cacheLine = this.hasCacheLineWord(specifiers, node);
    const aligned = cacheLine ? ANY_ALIGNMENT : (own.aligned ?? shared.aligned);
    return {
      name: tree.tok[node] === 0 ? '' : interner.text(tree.tokens.symbol[tree.tok[node]!]!),
      type: this.derived(tree, base, node),
      bits: width === undefined ? undefined : this.expressions.value(tree, tree.child[width]!),
      packed: own.packed || shared.packed,
      aligned,
      optional,
    };
  }

  /** `____cacheline_aligned` and its like may be read as annotations that leave no node. */
  private hasCacheLineWord(specifiers: number, declarator: number): boolean {
    const { tree, interner } = this.file;
    if (tree.end[declarator]! - tree.first[specifiers]! > 64) return false;
    for (let token = tree.first[specifiers]!; token <= tree.end[declarator]!; token++) {
      const symbol = tree.tokens.symbol[token]!;
      if (symbol !== 0 && tree.tokens.kind[token] === TokenKind.Identifier && interner.text(symbol).includes('cacheline_')) return true;
    }
    return false;
  }

  /** A macro that stands for members: known for the bitmap and flexible array forms, otherwise of any size. */
  private macroMember(node: number, optional: boolean): Member {
    const { tree, interner } = this.file;
    const call = tree.child[node]!;
    const macro = interner.text(tree.tokens.symbol[tree.tok[node]!]!);
    const nameOf = (argument: number) =>
      tree.kind[argument] === NodeKind.Identifier ? interner.text(tree.tokens.symbol[tree.tok[argument]!]!) : '';
    if (tree.kind[call] !== NodeKind.Call) return unknownMember('', optional);
    if (macro === 'DECLARE_BITMAP') {
      const bits = this.expressions.value(tree, childAt(tree, call, 2));
      const words = { min: Math.ceil(bits.min / 64), max: bits.max === undefined ? undefined : Math.ceil(bits.max / 64) };
      const type: CType = { kind: 'array', of: basicType(['unsigned', 'long']), count: words };
      return { name: nameOf(childAt(tree, call, 1)), type, bits: undefined, packed: false, aligned: undefined, optional };
    }
    if (macro === 'DECLARE_FLEX_ARRAY' && tree.kind[childAt(tree, call, 1)] === NodeKind.TypeName) {
      const type: CType = { kind: 'array', of: this.typeName(tree, childAt(tree, call, 1)), count: exactly(0) };
      return { name: nameOf(childAt(tree, call, 2)), type, bits: undefined, packed: false, aligned: undefined, optional };
    }
    return unknownMember('', optional);
  }

  private attributes(tree: Tree, nodes: readonly number[]): { packed: boolean; aligned: SizeInterval | undefined } {
    let packed = false;
    let aligned: SizeInterval | undefined;
    for (const node of nodes) {
      if (tree.kind[node] !== NodeKind.Attribute) continue;
      const name = this.file.interner.text(tree.tokens.symbol[tree.tok[node]!]!);
      if (name === '__packed' || name === 'packed' || name === '__packed__') packed = true;
      else if (name === '__aligned' || name === 'aligned' || name === '__aligned__') {
        const argument = tree.child[node]!;
        const value = argument === 0 ? ANY_ALIGNMENT : this.expressions.value(tree, argument);
        aligned = aligned === undefined ? value : maximum(aligned, value);
      } else if (name.includes('cacheline_')) aligned = ANY_ALIGNMENT;
    }
    return { packed, aligned };
  }

  /** Applies the derivations of a declarator; they stand from the name outwards, so the last one is applied first. */
  private derived(tree: Tree, base: CType, declarator: number): CType {
    let type = base;
    const parts = declarator === 0 ? [] : childrenOf(tree, declarator);
    for (const part of parts.reverse()) {
      if (tree.kind[part] === NodeKind.Pointer) type = { kind: 'pointer', to: type };
      else if (tree.kind[part] === NodeKind.FunctionParams) type = { kind: 'function', returns: type };
      else if (tree.kind[part] === NodeKind.ArrayDim) type = { kind: 'array', of: type, count: this.dimension(tree, part, declarator) };
    }
    return type;
  }

  private dimension(tree: Tree, node: number, declarator: number): SizeInterval {
    if (tree.child[node] !== 0) return this.expressions.value(tree, tree.child[node]!);
    const initializer = childrenOf(tree, declarator).find((part) => tree.kind[part] === NodeKind.Initializer);
    return initializer === undefined ? exactly(0) : this.initializedLength(tree, tree.child[initializer]!);
  }

  private initializedLength(tree: Tree, list: number): SizeInterval {
    if (tree.kind[list] !== NodeKind.InitList) return ANY;
    const items = childrenOf(tree, list);
    const range = rangeOf(tree, list);
    const conditional = conditionalText(this.file.bytes, range.start, range.end);
    const plain = items.every((item) => tree.kind[item] !== NodeKind.Designated && tree.kind[item] !== NodeKind.Call);
    return plain && conditional.ranges.length === 0 ? exactly(items.length) : ANY;
  }
}

function unknownMember(name: string, optional: boolean): Member {
  return { name, type: UNKNOWN_TYPE, bits: undefined, packed: false, aligned: undefined, optional };
}

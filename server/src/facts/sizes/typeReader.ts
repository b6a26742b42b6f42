import { DeclFlag, NodeKind } from '../../syntax/nodes';
import type { Macro, SourceFile } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, rangeOf, type Tree } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import { ChoiceStack } from './choiceStack';
import { holdsConditional } from './conditionalText';
import { type CType, type LayoutItem, type RecordDefinition, recordType, UNKNOWN_TYPE, unknownMember } from './ctype';
import type { DataModel } from './dataModel';
import type { Declarations, DeclaredName } from './declarations';
import { type DefinitionContext, MEMBER_GROUPS } from './definitionText';
import { ANY, exactly, maximum } from './interval';
import { ANY_ALIGNMENT, basicType, integerType, knownType } from './knownTypes';
import type { Layouts } from './typeSize';

/** What other files define, as the includes of one file bring it in. */
export interface TypeLookup extends DefinitionContext {
  /** Definitions of `struct foo` or `union foo`; none when no header has it. */
  record(tag: string): readonly RecordDefinition[];
  typedef(name: string): CType | undefined;
  /** Value of an enumerator or object-like macro. */
  constant(name: string): SizeInterval | undefined;
  /** A function-like macro and the text that its ranges refer to. */
  functionMacro(name: string): ForeignMacro | undefined;
  /** Layouts of records, shared by all files that see the same headers. */
  readonly layouts: Layouts | undefined;
  readonly annotations: ReadonlySet<string> | undefined;
}

export interface ForeignMacro {
  readonly macro: Macro;
  readonly bytes: Uint8Array;
}

/** Asked for array dimensions, bit field widths, alignments and typeof(); breaks the circle between types and values. */
export interface ExpressionReader {
  value(tree: Tree, node: number): SizeInterval;
  type(tree: Tree, node: number): CType;
  /** Alignment that a cache line word (`____cacheline_aligned_in_smp`) asks for. */
  cacheLine(word: string): SizeInterval;
  /** Reads a definition of this file again from its text, with a choice for each `#if` of unknown outcome. */
  recordFromText(text: Uint8Array, tag: string): RecordDefinition | undefined;
  /** Members that a macro with these arguments stands for. */
  membersOfMacro(name: string, args: readonly string[] | undefined): readonly LayoutItem[] | undefined;
}

/** How a reader treats its file. */
export interface ReaderMode {
  readonly data: DataModel;
  /** The file is the text of one definition: read it at once and keep nothing of it; struct tags are looked for outside. */
  readonly aside: boolean;
}

/** Types within types whose reading has begun (`int a[1], b[sizeof(a)], c[sizeof(b)]`); those of the kernel stay below 20. */
const MAX_BEGUN = 100;
const decoder = new TextDecoder();

/** Turns type syntax of one file into {@link CType}s. */
export class TypeReader {
  private readonly definitions = new Map<number, RecordDefinition>();
  private readonly declaredTypes = new Map<number, CType>();
  /** Declarators and records whose reading has begun: `int a[sizeof(a)]` asks for itself, which is not C; the file is being edited. */
  private readonly begun = new Set<number>();

  constructor(
    private readonly file: SourceFile,
    private readonly declarations: Declarations,
    private readonly outer: TypeLookup | undefined,
    private readonly expressions: ExpressionReader,
    private readonly mode: ReaderMode,
  ) {}

  /** The type of a declared variable, parameter or typedef. */
  declared(name: DeclaredName): CType {
    const node = name.declarator === 0 ? name.specifiers : name.declarator;
    const known = this.declaredTypes.get(node);
    if (known !== undefined) return known;
    return this.once(node, UNKNOWN_TYPE, () => {
      const type = this.readDeclared(name);
      this.declaredTypes.set(node, type);
      return type;
    });
  }

  private readDeclared(name: DeclaredName): CType {
    const { tree } = this.file;
    const type = this.derived(tree, this.specifiers(tree, name.specifiers), name.declarator);
    if ((tree.aux[name.specifiers]! & DeclFlag.Typedef) !== 0) return this.realigned(type, name);
    return name.parameter && type.kind === 'array' ? { kind: 'pointer', to: type.of } : type;
  }

  /** What is read of a node; `unknown` where that reading asks for it. */
  private once<T>(node: number, unknown: T, read: () => T): T {
    if (this.begun.has(node) || this.begun.size >= MAX_BEGUN) return unknown;
    this.begun.add(node);
    const value = read();
    this.begun.delete(node);
    return value;
  }

  /** An alignment in a typedef may raise that of its type, and may lower that of a scalar (`compat_u64`). */
  private realigned(type: CType, { specifiers, declarator }: DeclaredName): CType {
    const { tree } = this.file;
    const aligned =
      this.attributes(tree, childrenOf(tree, declarator)).aligned ?? this.attributes(tree, childrenOf(tree, specifiers)).aligned;
    return aligned === undefined || type.kind !== 'scalar' ? type : { ...type, align: aligned };
  }

  /** The type a TypeName node spells. */
  typeName(tree: Tree, node: number): CType {
    const specifiers = tree.child[node]!;
    return this.derived(tree, this.specifiers(tree, specifiers), tree.next[specifiers]!);
  }

  /** A typedef name or `struct tag` that is known from this file, the outer lookup or the kernel's basic types. */
  named(name: string, symbol: number): CType | undefined {
    const own = this.declarations.typedefs.get(symbol);
    if (own !== undefined && own.length === 1) return this.declared(own[0]!);
    const { data } = this.mode;
    return integerType(name, data) ?? this.outer?.typedef(name) ?? knownType(name, data);
  }

  private specifiers(tree: Tree, node: number): CType {
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      switch (tree.kind[child]) {
        case NodeKind.TypeRef:
          return this.typeReference(tree, child);
        case NodeKind.StructSpec:
          return this.record(tree, child);
        case NodeKind.EnumSpec:
          return basicType([], this.mode.data);
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
    return words.length === 0 ? UNKNOWN_TYPE : basicType(words, this.mode.data);
  }

  private record(tree: Tree, node: number): CType {
    const union = (tree.aux[node]! & DeclFlag.Union) !== 0;
    const symbol = tree.tok[node] === 0 ? 0 : tree.tokens.symbol[tree.tok[node]!]!;
    const tag = symbol === 0 ? '' : `${union ? 'union' : 'struct'} ${this.file.interner.text(symbol)}`;
    const body = (tree.aux[node]! & DeclFlag.Body) !== 0;
    // A struct defined inside a macro body has no declarations of its own to keep.
    if (body && tree !== this.file.tree) return UNKNOWN_TYPE;
    if (body) return recordOf(tag, this.definition(node, tag));
    if (symbol === 0) return UNKNOWN_TYPE;
    const own = this.mode.aside ? undefined : this.declarations.records.get(symbol);
    if (own !== undefined) return recordType(tag, () => own.map((each) => this.definition(each, tag)));
    const { outer } = this;
    if (outer !== undefined) return new RecordElsewhere(outer, tag);
    return knownType(tag, this.mode.data) ?? recordType(tag, () => []);
  }

  /** The definition that a StructSpec with a body is. */
  definition(node: number, tag: string): RecordDefinition {
    const known = this.definitions.get(node);
    if (known !== undefined) return known;
    return this.once(node, unreadableRecord(tag), () => {
      const definition = this.conditionalDefinition(node, tag) ?? this.readDefinition(node, tag);
      this.definitions.set(node, definition);
      return definition;
    });
  }

  /** A body with `#if` or a member group is read again from its text: the tree shows one branch of each only, and no group. */
  private conditionalDefinition(node: number, tag: string): RecordDefinition | undefined {
    if (this.mode.aside) return undefined;
    const { bytes, tree } = this.file;
    const { start, end } = rangeOf(tree, node);
    if (!holdsConditional(bytes, start, end) && !this.holdsGroup(node)) return undefined;
    return this.expressions.recordFromText(bytes.subarray(start, end), tag) ?? unreadableRecord(tag);
  }

  private holdsGroup(node: number): boolean {
    const { tree, interner } = this.file;
    const symbols = MEMBER_GROUPS.map((name) => interner.find(name)).filter((symbol) => symbol !== 0);
    if (symbols.length === 0) return false;
    for (let token = tree.first[node]!; token < tree.end[node]!; token++) if (symbols.includes(tree.tokens.symbol[token]!)) return true;
    return false;
  }

  private readDefinition(node: number, tag: string): RecordDefinition {
    const { tree } = this.file;
    const union = (tree.aux[node]! & DeclFlag.Union) !== 0;
    const name = tag === '' ? `anonymous ${union ? 'union' : 'struct'}` : tag;
    const attributes = this.attributes(tree, childrenOf(tree, node));
    if (this.mode.aside) return fixedRecord(name, union, attributes, this.items(node));
    return { name, union, ...attributes, items: this.itemsOnDemand(node) };
  }

  private itemsOnDemand(node: number): () => readonly LayoutItem[] {
    let items: readonly LayoutItem[] | undefined;
    return () => items ?? this.once(node, UNKNOWN_MEMBERS, () => (items = this.items(node)));
  }

  private items(node: number): readonly LayoutItem[] {
    const { tree, interner } = this.file;
    const stack = new ChoiceStack();
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      const kind = tree.kind[child];
      if (kind === NodeKind.Declaration) this.addMembers(stack, child);
      else if (kind === NodeKind.Attribute) continue;
      else if (tree.tok[child] === 0 || !stack.word(interner.text(tree.tokens.symbol[tree.tok[child]!]!)))
        for (const item of this.macroItems(child)) stack.add(item);
    }
    return stack.finish();
  }

  private addMembers(stack: ChoiceStack, declaration: number): void {
    const { tree } = this.file;
    const specifiers = tree.child[declaration]!;
    const base = this.specifiers(tree, specifiers);
    let named = false;
    for (let node = tree.next[specifiers]!; node !== 0; node = tree.next[node]!) {
      if (tree.kind[node] !== NodeKind.Declarator) continue;
      named = true;
      stack.add(this.member(base, specifiers, node));
    }
    if (named || base.kind !== 'record' || base.tag !== '') return;
    const { packed, aligned } = this.attributes(tree, childrenOf(tree, specifiers));
    stack.add({ name: '', type: base, bits: undefined, packed, aligned });
  }

  private member(base: CType, specifiers: number, node: number): LayoutItem {
    const { tree, interner } = this.file;
    const parts = childrenOf(tree, node);
    const width = parts.find((part) => tree.kind[part] === NodeKind.BitWidth);
    const own = this.attributes(tree, parts);
    const shared = this.attributes(tree, childrenOf(tree, specifiers));
    return {
      name: tree.tok[node] === 0 ? '' : interner.text(tree.tokens.symbol[tree.tok[node]!]!),
      type: this.derived(tree, base, node),
      bits: width === undefined ? undefined : this.expressions.value(tree, tree.child[width]!),
      packed: own.packed || shared.packed,
      aligned: this.cacheLineWord(specifiers, node) ?? own.aligned ?? shared.aligned,
    };
  }

  /** `____cacheline_aligned` and its like may be read as annotations that leave no node. */
  private cacheLineWord(specifiers: number, declarator: number): SizeInterval | undefined {
    const { tree, interner } = this.file;
    if (tree.end[declarator]! - tree.first[specifiers]! > 64) return undefined;
    for (let token = tree.first[specifiers]!; token <= tree.end[declarator]!; token++) {
      const symbol = tree.tokens.symbol[token]!;
      if (symbol === 0 || tree.tokens.kind[token] !== TokenKind.Identifier) continue;
      const word = interner.text(symbol);
      if (isCacheLineWord(word)) return this.expressions.cacheLine(word);
    }
    return undefined;
  }

  /** A macro that stands for members: known for the bitmap and flexible array forms, else by its definition, else of any size. */
  private macroItems(node: number): readonly LayoutItem[] {
    const { tree, interner } = this.file;
    if (tree.tok[node] === 0) return [unknownMember('')];
    const call = tree.child[node]!;
    const macro = interner.text(tree.tokens.symbol[tree.tok[node]!]!);
    const isCall = tree.kind[call] === NodeKind.Call;
    const known = isCall ? this.arrayMacro(macro, call) : undefined;
    if (known !== undefined) return [known];
    const args = isCall
      ? childrenOf(tree, call)
          .slice(1)
          .map((argument) => this.text(argument))
      : undefined;
    return this.expressions.membersOfMacro(macro, args) ?? [unknownMember('')];
  }

  private arrayMacro(macro: string, call: number): LayoutItem | undefined {
    const { tree, interner } = this.file;
    const nameOf = (argument: number) =>
      tree.kind[argument] === NodeKind.Identifier ? interner.text(tree.tokens.symbol[tree.tok[argument]!]!) : '';
    const plain = { bits: undefined, packed: false, aligned: undefined };
    if (macro === 'DECLARE_BITMAP') {
      const bits = this.expressions.value(tree, childAt(tree, call, 2));
      const perWord = this.mode.data.word * 8;
      const words = { min: Math.ceil(bits.min / perWord), max: bits.max === undefined ? undefined : Math.ceil(bits.max / perWord) };
      const type: CType = { kind: 'array', of: basicType(['unsigned', 'long'], this.mode.data), count: words };
      return { name: nameOf(childAt(tree, call, 1)), type, ...plain };
    }
    if (macro === 'DECLARE_FLEX_ARRAY' && tree.kind[childAt(tree, call, 1)] === NodeKind.TypeName) {
      const type: CType = { kind: 'array', of: this.typeName(tree, childAt(tree, call, 1)), count: exactly(0) };
      return { name: nameOf(childAt(tree, call, 2)), type, ...plain };
    }
    return undefined;
  }

  private text(node: number): string {
    const { start, end } = rangeOf(this.file.tree, node);
    return decoder.decode(this.file.bytes.subarray(start, end));
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
      } else if (isCacheLineWord(name)) aligned = this.expressions.cacheLine(name);
      else if (name === 'CRYPTO_MINALIGN_ATTR') aligned = this.expressions.cacheLine(name);
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
    const plain = items.every((item) => tree.kind[item] !== NodeKind.Designated && tree.kind[item] !== NodeKind.Call);
    return plain && !holdsConditional(this.file.bytes, range.start, range.end) ? exactly(items.length) : ANY;
  }
}

/** A struct that others define. It is looked for whenever it is asked for, because the answer may rest on who asks. */
class RecordElsewhere {
  readonly kind = 'record';

  constructor(
    private readonly outer: TypeLookup,
    readonly tag: string,
  ) {}

  get definitions(): readonly RecordDefinition[] {
    return this.outer.record(this.tag);
  }
}

function recordOf(tag: string, definition: RecordDefinition): CType {
  const own = [definition];
  return recordType(tag, () => own);
}

/** Members of a record that could not be read. */
const UNKNOWN_MEMBERS: readonly LayoutItem[] = [unknownMember('')];

function isCacheLineWord(word: string): boolean {
  return word.includes('cacheline_') && word.includes('aligned');
}

/** A record that was read completely: nothing keeps the text it came from alive. */
function fixedRecord(
  name: string,
  union: boolean,
  attributes: Pick<RecordDefinition, 'packed' | 'aligned'>,
  items: readonly LayoutItem[],
): RecordDefinition {
  return { name, union, ...attributes, items: () => items };
}

function unreadableRecord(tag: string): RecordDefinition {
  return fixedRecord(tag, false, { packed: false, aligned: undefined }, UNKNOWN_MEMBERS);
}

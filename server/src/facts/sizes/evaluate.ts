import type { Interner } from '../../base/interner';
import type { KernelModel } from '../../kernel/model';
import { expandCall, parseMacroBody } from '../../syntax/macros';
import { NodeKind } from '../../syntax/nodes';
import { parseFile } from '../../syntax/parseFile';
import type { Macro, SourceFile } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, lastChild, rangeOf, type Tree, unparen } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import { cacheLineAlignment } from './cacheLine';
import { boundedConstant, kernelConstant } from './constants';
import { type CType, memberOf, pointee, type RecordDefinition } from './ctype';
import { architectureOf, type DataModel, dataModelOf } from './dataModel';
import { type Declarations, type DeclaredName, declarationsOf } from './declarations';
import { defaultCondition } from './defaultCondition';
import { bodyText, type DefinitionEvaluator, DefinitionReader } from './definitionReader';
import { enumeratorValue } from './enumerators';
import { ExpressionTypes, unsignedBound } from './expressionTypes';
import { characterValue, integerValue } from './integerText';
import * as range from './interval';
import { LocalValues } from './localValues';
import { type SizeMacroCall, sizeMacro } from './sizeMacros';
import type { ForeignMacro, ReaderMode, TypeLookup } from './typeReader';

/** The value of an expression and, in a few words, what it rests on. */
export interface Evaluated {
  readonly interval: SizeInterval;
  /** `sizeof(struct foo) = 832, len is 8 bits wide`; empty when the expression is a plain number or unknown. */
  readonly reason: string;
}

/** Values of local variables at the point of evaluation, by name; undefined for a variable nothing is known of. */
export type ValueEnvironment = (symbolName: string) => SizeInterval | undefined;

/** Evaluates the non-negative integer expressions of one file; never claims more than the source proves (LP64). */
export interface SizeEvaluator {
  readonly model: KernelModel;
  evaluate(tree: Tree, node: number, env?: ValueEnvironment): Evaluated;
  /** Type of an expression of the file, or of a TypeName. */
  typeOf(tree: Tree, node: number): CType;
  /** Type of the variable that a token of a function names. */
  typeOfName(token: number): CType | undefined;
  /** Size in bytes of an expression's type or of a TypeName. */
  sizeOf(tree: Tree, node: number): SizeInterval;
  /** Size of one element of the array member `member` (a name) of what `pointer` points to. */
  elementSize(tree: Tree, pointer: number, member: string): SizeInterval;
  /** Size of one element of an array type. */
  elementSizeOf(array: CType): SizeInterval;
  /** The same for an object instead of a pointer to it. */
  flexibleElement(tree: Tree, object: number, member: string): SizeInterval;
}

export interface SizeOptions {
  /** Types and constants of other files. */
  readonly lookup?: TypeLookup | undefined;
}

interface Setting {
  readonly lookup: TypeLookup | undefined;
  readonly mode: ReaderMode;
}

/** Where an evaluation stands: what names mean there, and how deep it already is. */
interface Frame {
  readonly tree: Tree;
  readonly env: ValueEnvironment | undefined;
  readonly depth: number;
  readonly notes: Set<string>;
  /** Token of the file at which local names are looked up. */
  readonly at: number;
}

const MAX_DEPTH = 40;

/** Creates the evaluator of one file; it remembers types, layouts and declarations, so keep it as long as the file. */
export function createSizeEvaluator(file: SourceFile, model: KernelModel, options: SizeOptions = {}): SizeEvaluator {
  const data = dataModelOf(model, architectureOf(file.path));
  return new FileEvaluator(file, model, { lookup: options.lookup, mode: { data, aside: false } });
}

/** A reader of single definitions that stand in a text where names mean what `around` says. */
export function createDefinitionReader(interner: Interner, model: KernelModel, data: DataModel, around: TypeLookup): DefinitionReader {
  return new DefinitionReader(interner, around, (file) => new FileEvaluator(file, model, { lookup: around, mode: { data, aside: true } }));
}

/** Evaluates macros whose names mean what `around` says. */
export function createMacroEvaluator(interner: Interner, model: KernelModel, data: DataModel, around: TypeLookup): MacroEvaluator {
  const nothing = parseFile('', new Uint8Array(0), { interner });
  return new FileEvaluator(nothing, model, { lookup: around, mode: { data, aside: true } });
}

export interface MacroEvaluator {
  macroValue(macro: Macro, bytes: Uint8Array): SizeInterval;
}

class FileEvaluator implements SizeEvaluator, DefinitionEvaluator {
  private readonly declarations: Declarations;
  private readonly types: ExpressionTypes;
  private readonly locals: LocalValues;
  private readonly busy = new Set<string>();
  /** The text behind each tree: the file's own and those of macro bodies. */
  private readonly bytes: Map<Tree, Uint8Array>;
  private readonly enumerators = new Map<number, SizeInterval>();
  private ownDefinitions: DefinitionReader | undefined;

  constructor(
    private readonly file: SourceFile,
    readonly model: KernelModel,
    private readonly setting: Setting,
  ) {
    this.bytes = new Map([[file.tree, file.bytes]]);
    this.declarations = declarationsOf(file);
    const expressions = {
      value: (tree: Tree, node: number) => this.evaluate(tree, node).interval,
      cacheLine: (word: string) => cacheLineAlignment(word, (name) => this.constantNamed(name), setting.lookup),
      recordFromText: (text: Uint8Array, tag: string) => this.definitions.record(text, tag),
      membersOfMacro: (name: string, args: readonly string[] | undefined) => this.definitions.membersOfMacro(name, args),
    };
    this.types = new ExpressionTypes(file, this.declarations, setting.lookup, expressions, setting.mode);
    this.locals = new LocalValues(file, this.declarations);
  }

  definition(node: number, tag: string): RecordDefinition {
    return this.types.definition(node, tag);
  }

  typedefOf(name: string): CType | undefined {
    const declared = this.declarations.typedefs.get(this.file.interner.find(name));
    return declared?.[0] === undefined ? undefined : this.types.declared(declared[0]);
  }

  enumeratorOf(name: string): SizeInterval | undefined {
    return this.enumerator(this.outside(), this.file.interner.find(name));
  }

  /** Reads definitions of this file from their text. */
  private get definitions(): DefinitionReader {
    const { lookup, mode } = this.setting;
    const around = mode.aside && lookup !== undefined ? lookup : this.seenFromHere();
    this.ownDefinitions ??= createDefinitionReader(this.file.interner, this.model, mode.data, around);
    return this.ownDefinitions;
  }

  /** What names mean at file level: the file's own declarations, then those of its includes. */
  private seenFromHere(): TypeLookup {
    const { lookup } = this.setting;
    const { interner, macros, bytes } = this.file;
    return {
      record: (tag) => {
        const own = this.types.records(interner.find(tag.slice(tag.indexOf(' ') + 1)), tag);
        return own.length > 0 ? own : (lookup?.record(tag) ?? []);
      },
      typedef: (name) => this.types.named(name, interner.find(name)),
      constant: (name) => this.constantNamed(name),
      functionMacro: (name) => {
        const macro = macros.bySymbol(interner.find(name));
        return macro === undefined ? lookup?.functionMacro(name) : { macro, bytes };
      },
      macroText: (name) => {
        const macro = macros.bySymbol(interner.find(name));
        return macro === undefined || macro.takesArguments ? lookup?.macroText(name) : bodyText(bytes, macro.body);
      },
      condition: (text) => (lookup === undefined ? defaultCondition(text) : lookup.condition(text)),
      layouts: lookup?.layouts,
      annotations: lookup?.annotations,
    };
  }

  private constantNamed(name: string): SizeInterval | undefined {
    return this.constant(this.outside(), this.file.interner.find(name), name);
  }

  /** A place outside of all functions. */
  private outside(): Frame {
    return { tree: this.file.tree, env: undefined, depth: 0, notes: new Set(), at: 0 };
  }

  /** The value of the body of a macro of another file, as seen from here. */
  macroValue(macro: Macro, bytes: Uint8Array): SizeInterval {
    return this.once(`macro ${macro.name}`, () =>
      this.bodyValue(this.outside(), parseMacroBody(macro, { bytes, interner: this.file.interner })),
    );
  }

  evaluate(tree: Tree, node: number, env?: ValueEnvironment): Evaluated {
    const notes = new Set<string>();
    const frame: Frame = { tree, env, depth: 0, notes, at: this.position(tree, node) };
    return { interval: this.value(frame, node), reason: [...notes].join(', ') };
  }

  typeOf(tree: Tree, node: number): CType {
    return this.types.of(tree, node, this.position(tree, node));
  }

  typeOfName(token: number): CType | undefined {
    return this.types.variable(this.file.tree.tokens.symbol[token]!, token);
  }

  sizeOf(tree: Tree, node: number): SizeInterval {
    return this.types.sizeOf(this.typeOf(tree, node));
  }

  elementSize(tree: Tree, pointer: number, member: string): SizeInterval {
    return this.types.elementSize(pointee(this.typeOf(tree, pointer)), member);
  }

  elementSizeOf(array: CType): SizeInterval {
    return this.types.sizeOf(pointee(array));
  }

  flexibleElement(tree: Tree, object: number, member: string): SizeInterval {
    return this.types.elementSize(this.typeOf(tree, object), member);
  }

  /** Token of the file where a node stands; macro bodies have trees of their own, with no locals. */
  private position(tree: Tree, node: number): number {
    return tree === this.file.tree ? tree.first[node]! : 0;
  }

  // ── values ─────────────────────────────────────────────────────────────────────────────────

  private value(frame: Frame, node: number): SizeInterval {
    if (node === 0 || frame.depth > MAX_DEPTH) return range.ANY;
    const { tree } = frame;
    const deeper = { ...frame, depth: frame.depth + 1 };
    switch (tree.kind[node]) {
      case NodeKind.Number:
        return this.literal(integerValue(this.text(tree, node)));
      case NodeKind.Char:
        return this.literal(characterValue(this.text(tree, node)));
      case NodeKind.Paren:
        return this.value(deeper, childAt(tree, node, 0));
      case NodeKind.Comma:
        return this.value(deeper, lastChild(tree, node));
      case NodeKind.Assign:
        return tree.tokens.kind[tree.tok[node]!] === TokenKind.Assign ? this.value(deeper, childAt(tree, node, 1)) : range.ANY;
      case NodeKind.Identifier:
        return this.identifier(deeper, node);
      case NodeKind.Binary:
        return this.binary(deeper, node);
      case NodeKind.Logical:
        return this.logical(deeper, node);
      case NodeKind.Unary:
        return this.unary(deeper, node);
      case NodeKind.Conditional:
        return this.conditional(deeper, node);
      case NodeKind.Cast:
        return this.cast(deeper, node);
      case NodeKind.SizeofExpr:
      case NodeKind.SizeofType:
        return this.sizeofValue(deeper, node);
      case NodeKind.Call:
        return this.call(deeper, node);
      case NodeKind.Member:
      case NodeKind.Arrow:
        return this.memberValue(deeper, node);
      default:
        return this.boundByType(deeper, node);
    }
  }

  private memberValue(frame: Frame, node: number): SizeInterval {
    const typed = this.boundByType(frame, node);
    const guarded = frame.tree === this.file.tree ? this.locals.guarded(node, this.reader(frame)) : undefined;
    if (guarded?.max === undefined || (typed.max !== undefined && typed.max <= guarded.max)) return typed;
    frame.notes.add(`${this.text(frame.tree, node)} ${guarded.min === guarded.max ? '=' : '≤'} ${guarded.max} here`);
    return guarded;
  }

  private literal(value: number | undefined): SizeInterval {
    return value === undefined ? range.ANY : range.exactly(value);
  }

  private identifier(frame: Frame, node: number): SizeInterval {
    const symbol = frame.tree.tokens.symbol[frame.tree.tok[node]!]!;
    const name = this.file.interner.text(symbol);
    const local = frame.at === 0 ? undefined : this.types.declaredAt(symbol, frame.at);
    if (local !== undefined) return frame.env?.(name) ?? this.localValue(frame, node, local);
    return this.constant(frame, symbol, name) ?? this.boundByType(frame, node);
  }

  private localValue(frame: Frame, node: number, declared: DeclaredName): SizeInterval {
    const typed = this.boundByType(frame, node);
    if (frame.tree !== this.file.tree) return typed;
    const value = this.locals.of(node, declared, this.reader(frame));
    if (typed.max !== undefined && (value.max === undefined || value.max > typed.max)) return typed;
    if (value.max !== undefined && value.min !== value.max) frame.notes.add(`${this.text(frame.tree, node)} ≤ ${value.max} here`);
    return value;
  }

  /** Evaluates other expressions of the function, each where it stands. */
  private reader(frame: Frame): (node: number) => SizeInterval {
    const { tree } = this.file;
    return (node) => this.value({ ...frame, tree, at: tree.first[node]!, depth: frame.depth + 1, notes: new Set() }, node);
  }

  /** Enumerators and object-like macros of the file, then what the kernel's headers define. */
  private constant(frame: Frame, symbol: number, name: string): SizeInterval | undefined {
    const known =
      this.enumerator(frame, symbol) ??
      this.objectMacro(frame, symbol) ??
      kernelConstant(name, this.model, this.setting.mode.data) ??
      this.setting.lookup?.constant(name) ??
      boundedConstant(name);
    if (known === undefined) return undefined;
    if (known.min === known.max) frame.notes.add(`${name} = ${known.min}`);
    else if (known.max !== undefined) frame.notes.add(`${name} ≤ ${known.max}`);
    return known;
  }

  private enumerator(frame: Frame, symbol: number): SizeInterval | undefined {
    const found = this.declarations.enumerators.get(symbol);
    if (found === undefined) return undefined;
    const { tree, interner } = this.file;
    const nameOf = (item: number) => interner.text(tree.tokens.symbol[tree.tok[item]!]!);
    const valueAt = (node: number) => this.value({ ...frame, tree, at: tree.first[node]!, notes: new Set() }, node);
    let value = this.enumerators.get(symbol);
    if (value === undefined) {
      value = this.once(`enum ${symbol}`, () => enumeratorValue(tree, found.list, found.node, nameOf, valueAt));
      this.enumerators.set(symbol, value);
    }
    return value;
  }

  private objectMacro(frame: Frame, symbol: number): SizeInterval | undefined {
    const macro = this.file.macros.bySymbol(symbol);
    if (macro === undefined || macro.takesArguments) return undefined;
    return this.once(`macro ${macro.name}`, () => this.bodyValue(frame, parseMacroBody(macro, this.file)));
  }

  private functionMacro(frame: Frame, { macro, bytes }: ForeignMacro, args: readonly number[]): SizeInterval {
    const texts = args.map((argument) => this.text(frame.tree, argument));
    const source = { bytes, interner: this.file.interner };
    return this.once(`macro ${macro.name}`, () => this.bodyValue(frame, expandCall(source, macro, texts)));
  }

  private bodyValue(frame: Frame, body: ReturnType<typeof parseMacroBody>): SizeInterval {
    if (body === undefined || body.shape !== 'expression') return range.ANY;
    this.bytes.set(body.source.tree, body.source.bytes);
    return this.value({ ...frame, tree: body.source.tree, depth: frame.depth + 1, notes: new Set() }, body.root);
  }

  /** Stops at names that are defined by themselves. */
  private once(key: string, compute: () => SizeInterval): SizeInterval {
    if (this.busy.has(key)) return range.ANY;
    this.busy.add(key);
    try {
      return compute();
    } finally {
      this.busy.delete(key);
    }
  }

  private binary(frame: Frame, node: number): SizeInterval {
    const { tree } = frame;
    const operator = tree.tokens.kind[tree.tok[node]!];
    const left = this.value(frame, childAt(tree, node, 0));
    const right = childAt(tree, node, 1);
    if (operator === TokenKind.Amp) return this.bitAnd(frame, left, right);
    const operate = OPERATORS.get(operator!);
    return operate === undefined ? compared(operator!, left, this.value(frame, right)) : operate(left, this.value(frame, right));
  }

  private logical(frame: Frame, node: number): SizeInterval {
    const { tree } = frame;
    const [left, right] = [range.truth(this.value(frame, childAt(tree, node, 0))), range.truth(this.value(frame, childAt(tree, node, 1)))];
    return tree.tokens.kind[tree.tok[node]!] === TokenKind.AmpAmp ? range.minimum(left, right) : range.maximum(left, right);
  }

  private bitAnd(frame: Frame, left: SizeInterval, right: number): SizeInterval {
    const { tree } = frame;
    const inner = unparen(tree, right);
    if (tree.kind[inner] === NodeKind.Unary && tree.tokens.kind[tree.tok[inner]!] === TokenKind.Tilde) {
      return range.clearBits(left, this.value(frame, childAt(tree, inner, 0)));
    }
    // PAGE_MASK and its like keep the high bits; as plain numbers they are beyond any size.
    if (this.text(tree, inner) === 'PAGE_MASK') return range.clearBits(left, range.exactly(this.model.limits.pageSize - 1));
    return range.bitAnd(left, this.value(frame, right));
  }

  private unary(frame: Frame, node: number): SizeInterval {
    const operand = childAt(frame.tree, node, 0);
    switch (frame.tree.tokens.kind[frame.tree.tok[node]!]) {
      case TokenKind.Plus:
        return this.value(frame, operand);
      case TokenKind.Minus:
        return range.constantOf(this.value(frame, operand)) === 0 ? range.exactly(0) : NEGATIVE;
      case TokenKind.Not:
        return range.not(this.value(frame, operand));
      case TokenKind.Star:
        return this.boundByType(frame, node);
      default:
        return range.ANY;
    }
  }

  private conditional(frame: Frame, node: number): SizeInterval {
    const { tree } = frame;
    const condition = this.value(frame, childAt(tree, node, 0));
    const middle = childAt(tree, node, 1);
    const then = tree.kind[middle] === NodeKind.Omitted ? condition : this.value(frame, middle);
    if (condition.min > 0) return then;
    const otherwise = this.value(frame, childAt(tree, node, 2));
    return condition.max === 0 ? otherwise : range.join(then, otherwise);
  }

  private cast(frame: Frame, node: number): SizeInterval {
    const type = this.types.typeName(frame.tree, childAt(frame.tree, node, 0));
    const value = this.value(frame, childAt(frame.tree, node, 1));
    const bound = unsignedBound(type, 4);
    if (bound === undefined || (value.max !== undefined && value.max <= bound)) return value;
    return range.interval(0, bound);
  }

  private sizeofValue(frame: Frame, node: number): SizeInterval {
    const { tree } = frame;
    const operand = childAt(tree, node, 0);
    const type = this.types.of(tree, unparen(tree, operand), frame.at);
    if (tree.tokens.kind[tree.tok[node]!] !== TokenKind.Sizeof) return this.types.alignOf(type);
    const size = this.types.sizeOf(type);
    if (size.min === size.max) frame.notes.add(`${this.spelledSizeof(tree, operand, type)} = ${size.min}`);
    else if (size.min > 0) frame.notes.add(`${this.spelledSizeof(tree, operand, type)} is at least ${size.min}`);
    return size;
  }

  private spelledSizeof(tree: Tree, operand: number, type: CType): string {
    const name = type.kind === 'record' && type.tag !== '' ? type.tag : this.text(tree, unparen(tree, operand));
    return `sizeof(${name})`;
  }

  private call(frame: Frame, node: number): SizeInterval {
    const { tree } = frame;
    const [callee, ...args] = childrenOf(tree, node);
    if (callee === undefined || tree.kind[callee] !== NodeKind.Identifier) return this.boundByType(frame, node);
    const symbol = tree.tokens.symbol[tree.tok[callee]!]!;
    const macro = this.file.macros.bySymbol(symbol);
    if (macro?.takesArguments) return this.functionMacro(frame, { macro, bytes: this.file.bytes }, args);
    const name = this.file.interner.text(symbol);
    const helper = sizeMacro(name);
    if (helper !== undefined) return helper(this.macroCall(frame, args));
    const foreign = isMacroName(name) ? this.setting.lookup?.functionMacro(name) : undefined;
    if (foreign !== undefined) return this.functionMacro(frame, foreign, args);
    return this.boundByType(frame, node);
  }

  private macroCall(frame: Frame, args: readonly number[]): SizeMacroCall {
    const { tree } = frame;
    const argument = (index: number) => args[index] ?? 0;
    const type = (index: number) => this.types.of(tree, unparen(tree, argument(index)), frame.at);
    const name = (index: number) => this.text(tree, argument(index));
    return {
      pageSize: this.model.limits.pageSize,
      value: (index) => this.value(frame, argument(index)),
      pointeeSize: (index) => this.types.sizeOf(pointee(type(index))),
      objectSize: (index) => this.types.sizeOf(type(index)),
      arrayLength: (index) => {
        const array = type(index);
        return array.kind === 'array' && array.count.min > 0 ? array.count : range.ANY;
      },
      elementSize: (pointer, member) => {
        const object = type(pointer);
        return this.types.elementSize(object.kind === 'pointer' || object.kind === 'array' ? pointee(object) : object, name(member));
      },
      memberSize: (object, member) => {
        const found = memberOf(type(object), name(member));
        return found === undefined ? range.ANY : this.types.sizeOf(found.type);
      },
      offsetOf: (object, member) => this.types.offsetOf(type(object), name(member)),
      typeBound: (index) => unsignedBound(type(index), 4),
    };
  }

  /** A variable or member of an unsigned type of one or two bytes, and a narrow bit field, cannot be larger than the type holds. */
  private boundByType(frame: Frame, node: number): SizeInterval {
    const { tree } = frame;
    const bound = this.types.bound(tree, node, frame.at);
    if (bound === undefined) return range.ANY;
    frame.notes.add(`${this.text(tree, node)} ≤ ${bound} by its type`);
    return range.interval(0, bound);
  }

  private text(tree: Tree, node: number): string {
    const { start, end } = rangeOf(tree, node);
    return decoder.decode(this.bytes.get(tree)!.subarray(start, end));
  }
}

const decoder = new TextDecoder();

/** What a unary minus gives: unlike other unknown values it takes away from a sum. */
const NEGATIVE: SizeInterval = { min: 0, max: undefined };

/** By convention a macro, or a helper that starts like one. */
function isMacroName(name: string): boolean {
  return !/[a-z]/.test(name);
}

function compared(operator: number, left: SizeInterval, right: SizeInterval): SizeInterval {
  // A negative or wrapped value is any value here, and compares with nothing.
  if (left.max === undefined || right.max === undefined) return range.BOOLEAN;
  const [less, greater] = [left.max < right.min, left.min > right.max];
  const same = left.min === left.max && right.min === right.max && left.min === right.min;
  const decide = (whenTrue: boolean, whenFalse: boolean) => (whenTrue ? range.exactly(1) : whenFalse ? range.exactly(0) : range.BOOLEAN);
  switch (operator) {
    case TokenKind.Equal:
      return decide(same, less || greater);
    case TokenKind.NotEqual:
      return decide(less || greater, same);
    case TokenKind.Less:
      return decide(less, left.min >= right.max);
    case TokenKind.GreaterEqual:
      return decide(left.min >= right.max, less);
    case TokenKind.Greater:
      return decide(greater, left.max <= right.min);
    case TokenKind.LessEqual:
      return decide(left.max <= right.min, greater);
    default:
      return range.BOOLEAN;
  }
}

const OPERATORS: ReadonlyMap<number, (a: SizeInterval, b: SizeInterval) => SizeInterval> = new Map([
  [TokenKind.Plus, (a, b) => (a === NEGATIVE || b === NEGATIVE ? range.ANY : range.add(a, b))],
  [TokenKind.Minus, range.subtract],
  [TokenKind.Star, range.multiply],
  [TokenKind.Slash, range.divide],
  [TokenKind.Percent, range.remainder],
  [TokenKind.ShiftLeft, range.shiftLeft],
  [TokenKind.ShiftRight, range.shiftRight],
  [TokenKind.Pipe, range.bitOr],
  [TokenKind.Caret, range.bitXor],
]);

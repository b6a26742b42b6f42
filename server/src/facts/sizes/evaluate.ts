import type { KernelModel } from '../../kernel/model';
import { expandCall, parseMacroBody } from '../../syntax/macros';
import { NodeKind } from '../../syntax/nodes';
import type { Macro, SourceFile } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, lastChild, rangeOf, type Tree, unparen } from '../../syntax/tree';
import type { SizeInterval } from '../site';
import { type Assignments, assignmentsOf } from './assignments';
import { kernelConstant } from './constants';
import { type CType, memberOf, pointee } from './ctype';
import { type Declarations, type DeclaredName, declarationsOf } from './declarations';
import { type GuardSource, guardedValue } from './guards';
import { characterValue, integerValue } from './integerText';
import * as range from './interval';
import { type SizeMacroCall, sizeMacro } from './sizeMacros';
import { type TypeScope, typeOfExpression } from './typeOf';
import { type TypeLookup, TypeReader } from './typeReader';
import { Layouts } from './typeSize';

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
  /** The same for an object instead of a pointer to it. */
  flexibleElement(tree: Tree, object: number, member: string): SizeInterval;
}

export interface SizeOptions {
  /** Types and constants of other files. */
  readonly lookup?: TypeLookup;
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
  return new FileEvaluator(file, model, options);
}

class FileEvaluator implements SizeEvaluator {
  private readonly layouts = new Layouts();
  private readonly declarations: Declarations;
  private readonly types: TypeReader;
  private readonly busy = new Set<string>();
  private readonly assignments = new Map<number, Assignments>();
  private readonly localValues = new Map<number, SizeInterval>();
  /** The text behind each tree: the file's own and those of macro bodies. */
  private readonly bytes: Map<Tree, Uint8Array>;

  constructor(
    private readonly file: SourceFile,
    readonly model: KernelModel,
    private readonly options: SizeOptions,
  ) {
    this.bytes = new Map([[file.tree, file.bytes]]);
    this.declarations = declarationsOf(file);
    this.types = new TypeReader(file, this.declarations, options.lookup, {
      value: (tree, node) => this.evaluate(tree, node).interval,
      type: (tree, node) => this.typeOf(tree, node),
    });
  }

  evaluate(tree: Tree, node: number, env?: ValueEnvironment): Evaluated {
    const notes = new Set<string>();
    const frame: Frame = { tree, env, depth: 0, notes, at: this.position(tree, node) };
    return { interval: this.value(frame, node), reason: [...notes].join(', ') };
  }

  typeOf(tree: Tree, node: number): CType {
    return typeOfExpression(tree, node, this.scope(this.position(tree, node)));
  }

  typeOfName(token: number): CType | undefined {
    return this.variableType(this.file.tree.tokens.symbol[token]!, token);
  }

  sizeOf(tree: Tree, node: number): SizeInterval {
    return this.layouts.of(this.typeOf(tree, node)).size;
  }

  elementSize(tree: Tree, pointer: number, member: string): SizeInterval {
    return this.elementOf(pointee(this.typeOf(tree, pointer)), member);
  }

  flexibleElement(tree: Tree, object: number, member: string): SizeInterval {
    return this.elementOf(this.typeOf(tree, object), member);
  }

  private elementOf(record: CType, member: string): SizeInterval {
    const type = memberOf(record, member)?.type;
    return type === undefined ? range.ANY : this.layouts.of(pointee(type)).size;
  }

  /** Token of the file where a node stands; macro bodies have trees of their own, with no locals. */
  private position(tree: Tree, node: number): number {
    return tree === this.file.tree ? tree.first[node]! : 0;
  }

  private scope(at: number): TypeScope {
    return {
      variable: (_, symbol) => this.variableType(symbol, at),
      returned: (symbol) => this.returnType(symbol),
      typedef: (name, symbol) => this.types.named(name, symbol),
      typeName: (tree, node) => this.types.typeName(tree, node),
      text: (symbol) => this.file.interner.text(symbol),
    };
  }

  private variableType(symbol: number, at: number): CType | undefined {
    const declared = this.declaredAt(symbol, at);
    return declared === undefined ? undefined : this.types.declared(declared);
  }

  private declaredAt(symbol: number, at: number): DeclaredName | undefined {
    let found: DeclaredName | undefined;
    for (const functionNode of this.declarations.enclosing(at)) {
      for (const local of this.declarations.locals(functionNode)) {
        if (local.symbol === symbol && local.from <= at && at < local.to) found = local;
      }
      if (found !== undefined) return found;
    }
    return this.declarations.globals.get(symbol);
  }

  private returnType(symbol: number): CType | undefined {
    const node = this.declarations.functions.get(symbol);
    if (node === undefined) return undefined;
    const specifiers = childAt(this.file.tree, node, 0);
    if (this.file.tree.kind[specifiers] !== NodeKind.Specifiers) return undefined;
    const type = this.types.declared({
      symbol,
      specifiers,
      declarator: this.file.tree.next[specifiers]!,
      parameter: false,
      from: 0,
      to: 0,
    });
    return type.kind === 'function' ? type.returns : undefined;
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
        return range.BOOLEAN;
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
    const guarded = frame.tree === this.file.tree ? this.guarded(frame, node) : undefined;
    if (guarded?.max === undefined || (typed.max !== undefined && typed.max <= guarded.max)) return typed;
    frame.notes.add(`${this.text(frame.tree, node)} ≤ ${guarded.max} here`);
    return guarded;
  }

  private literal(value: number | undefined): SizeInterval {
    return value === undefined ? range.ANY : range.exactly(value);
  }

  private identifier(frame: Frame, node: number): SizeInterval {
    const symbol = frame.tree.tokens.symbol[frame.tree.tok[node]!]!;
    const name = this.file.interner.text(symbol);
    const local = frame.at === 0 ? undefined : this.declaredAt(symbol, frame.at);
    if (local !== undefined) return frame.env?.(name) ?? this.localValue(frame, node, symbol, local.parameter);
    return this.constant(frame, symbol, name) ?? this.boundByType(frame, node);
  }

  /** What the function's own text says of a local variable: the code before the place, else all values it is ever given. */
  private localValue(frame: Frame, node: number, symbol: number, parameter: boolean): SizeInterval {
    const typed = this.boundByType(frame, node);
    if (frame.tree !== this.file.tree) return typed;
    let value = this.localValues.get(node);
    if (value === undefined) {
      value = this.once(`local ${node}`, () => this.guarded(frame, node) ?? (parameter ? range.ANY : this.everAssigned(frame, symbol)));
      this.localValues.set(node, value);
    }
    if (typed.max !== undefined && (value.max === undefined || value.max > typed.max)) return typed;
    const stated = value.max === undefined || value.min === value.max ? '' : `${this.text(frame.tree, node)} ≤ ${value.max} here`;
    if (stated !== '') frame.notes.add(stated);
    return value;
  }

  /** What tests and assignments before an expression prove of it; undefined when they prove nothing. */
  private guarded(frame: Frame, node: number): SizeInterval | undefined {
    const functionNode = this.declarations.enclosing(frame.tree.first[node]!)[0];
    if (functionNode === undefined) return undefined;
    const value = guardedValue(this.guardSource(frame), functionNode, node, this.compactText(frame.tree, node));
    return value.max === undefined && value.min === 0 ? undefined : value;
  }

  private guardSource(frame: Frame): GuardSource {
    const { tree } = this.file;
    return {
      tree,
      text: (node) => this.compactText(tree, node),
      tokenText: (token) => this.file.interner.text(tree.tokens.symbol[token]!),
      value: (node) => this.value({ ...frame, tree, at: tree.first[node]!, depth: frame.depth + 1, notes: new Set() }, node),
    };
  }

  private everAssigned(frame: Frame, symbol: number): SizeInterval {
    const functionNode = this.declarations.enclosing(frame.at)[0];
    if (functionNode === undefined) return range.ANY;
    let assignments = this.assignments.get(functionNode);
    if (assignments === undefined) {
      assignments = assignmentsOf(this.file.tree, functionNode, (each) => this.file.interner.text(each));
      this.assignments.set(functionNode, assignments);
    }
    const values = assignments.get(symbol);
    if (values === undefined) return range.ANY;
    return this.once(`assigned ${functionNode} ${symbol}`, () =>
      values.map((value) => this.guardSource(frame).value(value)).reduce(range.join),
    );
  }

  /** Enumerators and object-like macros of the file, then what the kernel's headers define. */
  private constant(frame: Frame, symbol: number, name: string): SizeInterval | undefined {
    const known =
      this.enumerator(frame, symbol) ??
      this.objectMacro(frame, symbol) ??
      kernelConstant(name, this.model) ??
      this.options.lookup?.constant(name);
    if (known === undefined) return undefined;
    if (known.min === known.max) frame.notes.add(`${name} = ${known.min}`);
    else if (known.max !== undefined) frame.notes.add(`${name} ≤ ${known.max}`);
    return known;
  }

  private enumerator(frame: Frame, symbol: number): SizeInterval | undefined {
    const found = this.declarations.enumerators.get(symbol);
    if (found === undefined) return undefined;
    return this.once(`enum ${symbol}`, () => {
      const { tree } = this.file;
      let value = range.exactly(0);
      let steps = 0;
      for (let item = tree.child[found.list]!; item !== 0; item = tree.next[item]!) {
        if (tree.kind[item] !== NodeKind.Enumerator) continue;
        if (tree.child[item] !== 0) {
          value = this.value({ ...frame, tree, at: tree.first[item]!, notes: new Set() }, tree.child[item]!);
          steps = 0;
        }
        if (item === found.node) return value === range.ANY ? range.ANY : range.add(value, range.exactly(steps));
        steps++;
      }
      return range.ANY;
    });
  }

  private objectMacro(frame: Frame, symbol: number): SizeInterval | undefined {
    const macro = this.file.macros.bySymbol(symbol);
    if (macro === undefined || macro.parameters !== undefined) return undefined;
    return this.once(`macro ${macro.name}`, () => this.bodyValue(frame, parseMacroBody(macro, this.file)));
  }

  private functionMacro(frame: Frame, macro: Macro, args: readonly number[]): SizeInterval {
    const texts = args.map((argument) => this.text(frame.tree, argument));
    return this.once(`macro ${macro.name}`, () => this.bodyValue(frame, expandCall(this.file, macro, texts)));
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
    return operate === undefined ? range.BOOLEAN : operate(left, this.value(frame, right));
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
        return range.BOOLEAN;
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
    if (tree.tokens.kind[tree.tok[node]!] !== TokenKind.Sizeof) return range.ANY;
    const operand = childAt(tree, node, 0);
    const type = typeOfExpression(tree, unparen(tree, operand), this.scope(frame.at));
    const size = this.layouts.of(type).size;
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
    if (macro?.parameters !== undefined) return this.functionMacro(frame, macro, args);
    const helper = sizeMacro(this.file.interner.text(symbol));
    if (helper !== undefined) return helper(this.macroCall(frame, args));
    return this.boundByType(frame, node);
  }

  private macroCall(frame: Frame, args: readonly number[]): SizeMacroCall {
    const { tree } = frame;
    const argument = (index: number) => args[index] ?? 0;
    const type = (index: number) => typeOfExpression(tree, unparen(tree, argument(index)), this.scope(frame.at));
    const name = (index: number) => this.text(tree, argument(index));
    return {
      pageSize: this.model.limits.pageSize,
      value: (index) => this.value(frame, argument(index)),
      pointeeSize: (index) => this.layouts.of(pointee(type(index))).size,
      objectSize: (index) => this.layouts.of(type(index)).size,
      arrayLength: (index) => {
        const array = type(index);
        return array.kind === 'array' && array.count.min > 0 ? array.count : range.ANY;
      },
      elementSize: (pointer, member) => {
        const object = type(pointer);
        return this.elementOf(object.kind === 'pointer' || object.kind === 'array' ? pointee(object) : object, name(member));
      },
      memberSize: (object, member) => {
        const found = memberOf(type(object), name(member));
        return found === undefined ? range.ANY : this.layouts.of(found.type).size;
      },
      typeBound: (index) => unsignedBound(type(index), 4),
    };
  }

  /** A variable or member of an unsigned type of one or two bytes, and a narrow bit field, cannot be larger than the type holds. */
  private boundByType(frame: Frame, node: number): SizeInterval {
    const { tree } = frame;
    const scope = this.scope(frame.at);
    const bound = this.bitFieldBound(tree, node, scope) ?? unsignedBound(typeOfExpression(tree, node, scope), 2);
    if (bound === undefined) return range.ANY;
    frame.notes.add(`${this.text(tree, node)} ≤ ${bound} by its type`);
    return range.interval(0, bound);
  }

  private bitFieldBound(tree: Tree, node: number, scope: TypeScope): number | undefined {
    const kind = tree.kind[node];
    if (kind !== NodeKind.Member && kind !== NodeKind.Arrow) return undefined;
    const base = typeOfExpression(tree, childAt(tree, node, 0), scope);
    const member = memberOf(kind === NodeKind.Arrow ? pointee(base) : base, scope.text(tree.tokens.symbol[tree.tok[node]!]!));
    const width = member?.bits === undefined ? undefined : range.constantOf(member.bits);
    return width === undefined || width > 31 || member?.type.kind !== 'scalar' || !member.type.unsigned ? undefined : 2 ** width - 1;
  }

  private compactText(tree: Tree, node: number): string {
    return this.text(tree, node).replace(/\s+/g, '');
  }

  private text(tree: Tree, node: number): string {
    const { start, end } = rangeOf(tree, node);
    return decoder.decode(this.bytes.get(tree)!.subarray(start, end));
  }
}

const decoder = new TextDecoder();

/** What a unary minus gives: unlike other unknown values it takes away from a sum. */
const NEGATIVE: SizeInterval = { min: 0, max: undefined };

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

function unsignedBound(type: CType, widest: number): number | undefined {
  if (type.kind !== 'scalar' || !type.unsigned || type.size.min !== type.size.max || type.size.min > widest) return undefined;
  return 2 ** (8 * type.size.min) - 1;
}

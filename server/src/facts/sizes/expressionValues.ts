import type { KernelModel } from '../../kernel/model';
import { NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, lastChild, type Tree, unparen } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import { type CType, memberOf, pointee } from './ctype';
import type { DataModel } from './dataModel';
import type { Declarations, DeclaredName } from './declarations';
import { type ExpressionTypes, unsignedBound } from './expressionTypes';
import { type Frame, TreeTexts } from './frame';
import { characterValue, integerValue } from './integerText';
import * as range from './interval';
import { LocalValues } from './localValues';
import { NamedValues } from './namedValues';
import { NEGATIVE, operate } from './operators';
import { type SizeMacroCall, sizeMacro } from './sizeMacros';
import type { TypeLookup } from './typeReader';

/** Operators in operators that are followed. */
const MAX_DEPTH = 40;

/** The values of the integer expressions of one file. */
export class ExpressionValues {
  readonly names: NamedValues;
  readonly locals: LocalValues;
  private readonly texts: TreeTexts;

  constructor(
    private readonly file: SourceFile,
    private readonly model: KernelModel,
    data: DataModel,
    declarations: Declarations,
    private readonly types: ExpressionTypes,
    private readonly lookup: TypeLookup | undefined,
  ) {
    this.texts = new TreeTexts(file.tree, file.bytes);
    this.locals = new LocalValues(file, declarations);
    this.names = new NamedValues(file, model, data, declarations, lookup, this.texts, (frame, node) => this.value(frame, node));
  }

  value(frame: Frame, node: number): SizeInterval {
    if (node === 0 || frame.depth > MAX_DEPTH) return range.ANY;
    const { tree } = frame;
    const deeper = { ...frame, depth: frame.depth + 1 };
    switch (tree.kind[node]) {
      case NodeKind.Number:
        return this.literal(integerValue(this.texts.of(tree, node)));
      case NodeKind.Char:
        return this.literal(characterValue(this.texts.of(tree, node)));
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
    frame.notes.add(`${this.texts.of(frame.tree, node)} ${guarded.min === guarded.max ? '=' : '≤'} ${guarded.max} here`);
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
    return this.names.constant(frame, symbol, name) ?? this.boundByType(frame, node);
  }

  private localValue(frame: Frame, node: number, declared: DeclaredName): SizeInterval {
    const typed = this.boundByType(frame, node);
    if (frame.tree !== this.file.tree) return typed;
    const value = this.locals.of(node, declared, this.reader(frame));
    if (typed.max !== undefined && (value.max === undefined || value.max > typed.max)) return typed;
    if (value.max !== undefined && value.min !== value.max) frame.notes.add(`${this.texts.of(frame.tree, node)} ≤ ${value.max} here`);
    return value;
  }

  /** Evaluates other expressions of the function, each where it stands. */
  private reader(frame: Frame): (node: number) => SizeInterval {
    const { tree } = this.file;
    return (node) => this.value({ ...frame, tree, at: tree.first[node]!, depth: frame.depth + 1, notes: new Set() }, node);
  }

  private binary(frame: Frame, node: number): SizeInterval {
    const { tree } = frame;
    const operator = tree.tokens.kind[tree.tok[node]!];
    const left = this.value(frame, childAt(tree, node, 0));
    const right = childAt(tree, node, 1);
    if (operator === TokenKind.Amp) return this.bitAnd(frame, left, right);
    return operate(operator!, left, this.value(frame, right));
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
    if (this.texts.of(tree, inner) === 'PAGE_MASK') return range.clearBits(left, range.exactly(this.model.limits.pageSize - 1));
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
    const name = type.kind === 'record' && type.tag !== '' ? type.tag : this.texts.of(tree, unparen(tree, operand));
    return `sizeof(${name})`;
  }

  private call(frame: Frame, node: number): SizeInterval {
    const { tree } = frame;
    const [callee, ...args] = childrenOf(tree, node);
    if (callee === undefined || tree.kind[callee] !== NodeKind.Identifier) return this.boundByType(frame, node);
    const symbol = tree.tokens.symbol[tree.tok[callee]!]!;
    const macro = this.file.macros.bySymbol(symbol);
    if (macro?.takesArguments) return this.names.functionMacro(frame, { macro, bytes: this.file.bytes }, args);
    const name = this.file.interner.text(symbol);
    const helper = sizeMacro(name);
    if (helper !== undefined) return helper(this.macroCall(frame, args));
    const foreign = isMacroName(name) ? this.lookup?.functionMacro(name) : undefined;
    if (foreign !== undefined) return this.names.functionMacro(frame, foreign, args);
    return this.boundByType(frame, node);
  }

  private macroCall(frame: Frame, args: readonly number[]): SizeMacroCall {
    const { tree } = frame;
    const argument = (index: number) => args[index] ?? 0;
    const type = (index: number) => this.types.of(tree, unparen(tree, argument(index)), frame.at);
    const name = (index: number) => this.texts.of(tree, argument(index));
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
    frame.notes.add(`${this.texts.of(tree, node)} ≤ ${bound} by its type`);
    return range.interval(0, bound);
  }
}

/** By convention a macro, or a helper that starts like one. */
function isMacroName(name: string): boolean {
  return !/[a-z]/.test(name);
}

import type { Interner } from '../../base/interner';
import { architectureOf } from '../../kernel/architectureFolders';
import type { KernelModel } from '../../kernel/model';
import { parseFile } from '../../syntax/parseFile';
import type { Macro, SourceFile } from '../../syntax/sourceFile';
import type { Tree } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import { cacheLineAlignment } from './cacheLine';
import { type CType, pointee, type RecordDefinition } from './ctype';
import { type DataModel, dataModelOf } from './dataModel';
import { type Declarations, declarationsOf } from './declarations';
import { defaultCondition } from './defaultCondition';
import { bodyText, type DefinitionEvaluator, DefinitionReader } from './definitionReader';
import { ExpressionTypes } from './expressionTypes';
import { ExpressionValues } from './expressionValues';
import type { Frame, ValueEnvironment } from './frame';
import type { ReaderMode, TypeLookup } from './typeReader';

/** The value of an expression and, in a few words, what it rests on. */
export interface Evaluated {
  readonly interval: SizeInterval;
  /** `sizeof(struct foo) = 832, len is 8 bits wide`; empty when the expression is a plain number or unknown. */
  readonly reason: string;
}

/** Evaluates the non-negative integer expressions of one file; never claims more than the source proves (LP64). */
export interface SizeEvaluator {
  readonly model: KernelModel;
  evaluate(tree: Tree, node: number, env?: ValueEnvironment): Evaluated;
  /** Whether tests before an expression of the file hold it below a limit whose spelling without blanks `counts`, whatever its value; see LocalValues. */
  isHeldBelow(node: number, counts: (limit: string) => boolean): boolean;
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
  private readonly values: ExpressionValues;
  private ownDefinitions: DefinitionReader | undefined;

  constructor(
    private readonly file: SourceFile,
    readonly model: KernelModel,
    private readonly setting: Setting,
  ) {
    this.declarations = declarationsOf(file);
    const expressions = {
      value: (tree: Tree, node: number) => this.evaluate(tree, node).interval,
      cacheLine: (word: string) => cacheLineAlignment(word, (name) => this.constantNamed(name), setting.lookup),
      recordFromText: (text: Uint8Array, tag: string) => this.definitions.record(text, tag),
      membersOfMacro: (name: string, args: readonly string[] | undefined) => this.definitions.membersOfMacro(name, args),
    };
    this.types = new ExpressionTypes(file, this.declarations, setting.lookup, expressions, setting.mode);
    this.values = new ExpressionValues(file, model, setting.mode.data, this.declarations, this.types, setting.lookup);
  }

  definition(node: number, tag: string): RecordDefinition {
    return this.types.definition(node, tag);
  }

  typedefOf(name: string): CType | undefined {
    const declared = this.declarations.typedefs.get(this.file.interner.find(name));
    return declared?.[0] === undefined ? undefined : this.types.declared(declared[0]);
  }

  enumeratorOf(name: string): SizeInterval | undefined {
    return this.values.names.enumerator(this.outside(), this.file.interner.find(name));
  }

  /** Reads definitions of this file from their text. */
  private get definitions(): DefinitionReader {
    const { lookup, mode } = this.setting;
    this.ownDefinitions ??= createDefinitionReader(
      this.file.interner,
      this.model,
      mode.data,
      mode.aside && lookup !== undefined ? lookup : this.seenFromHere(),
    );
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
    return this.values.names.constant(this.outside(), this.file.interner.find(name), name);
  }

  /** A place outside of all functions. */
  private outside(): Frame {
    return { tree: this.file.tree, env: undefined, depth: 0, notes: new Set(), at: 0 };
  }

  /** The value of the body of a macro of another file, as seen from here. */
  macroValue(macro: Macro, bytes: Uint8Array): SizeInterval {
    return this.values.names.macro(this.outside(), macro, bytes);
  }

  evaluate(tree: Tree, node: number, env?: ValueEnvironment): Evaluated {
    const notes = new Set<string>();
    const frame: Frame = { tree, env, depth: 0, notes, at: this.position(tree, node) };
    return { interval: this.values.value(frame, node), reason: [...notes].join(', ') };
  }

  isHeldBelow(node: number, counts: (limit: string) => boolean): boolean {
    return this.values.locals.isHeldBelow(node, counts);
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
}

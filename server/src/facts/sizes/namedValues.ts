import type { KernelModel } from '../../kernel/model';
import { expandCall, parseMacroBody } from '../../syntax/macros';
import type { Macro, SourceFile } from '../../syntax/sourceFile';
import type { SizeInterval } from '../sizeInterval';
import { boundedConstant, kernelConstant } from './constants';
import type { DataModel } from './dataModel';
import type { Declarations } from './declarations';
import { enumeratorValue } from './enumerators';
import type { Frame, TreeTexts } from './frame';
import * as range from './interval';
import type { ForeignMacro, TypeLookup } from './typeReader';

/** What the names of one file mean that are no variables: its enumerators and macros, and those of the headers. */
export class NamedValues {
  private readonly busy = new Set<string>();
  private readonly enumerators = new Map<number, SizeInterval>();

  constructor(
    private readonly file: SourceFile,
    private readonly model: KernelModel,
    private readonly data: DataModel,
    private readonly declarations: Declarations,
    private readonly lookup: TypeLookup | undefined,
    private readonly texts: TreeTexts,
    /** Evaluates an expression. */
    private readonly value: (frame: Frame, node: number) => SizeInterval,
  ) {}

  /** Enumerators and object-like macros of the file, then what the kernel's headers define. */
  constant(frame: Frame, symbol: number, name: string): SizeInterval | undefined {
    const known =
      this.enumerator(frame, symbol) ??
      this.objectMacro(frame, symbol) ??
      kernelConstant(name, this.model, this.data) ??
      this.lookup?.constant(name) ??
      boundedConstant(name);
    if (known === undefined) return undefined;
    if (known.min === known.max) frame.notes.add(`${name} = ${known.min}`);
    else if (known.max !== undefined) frame.notes.add(`${name} ≤ ${known.max}`);
    return known;
  }

  enumerator(frame: Frame, symbol: number): SizeInterval | undefined {
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

  /** The value of the body of a macro. */
  macro(frame: Frame, macro: Macro, bytes: Uint8Array): SizeInterval {
    return this.once(`macro ${macro.name}`, () => this.bodyValue(frame, parseMacroBody(macro, { bytes, interner: this.file.interner })));
  }

  private objectMacro(frame: Frame, symbol: number): SizeInterval | undefined {
    const macro = this.file.macros.bySymbol(symbol);
    if (macro === undefined || macro.takesArguments) return undefined;
    return this.macro(frame, macro, this.file.bytes);
  }

  functionMacro(frame: Frame, { macro, bytes }: ForeignMacro, args: readonly number[]): SizeInterval {
    const texts = args.map((argument) => this.texts.of(frame.tree, argument));
    const source = { bytes, interner: this.file.interner };
    return this.once(`macro ${macro.name}`, () => this.bodyValue(frame, expandCall(source, macro, texts)));
  }

  private bodyValue(frame: Frame, body: ReturnType<typeof parseMacroBody>): SizeInterval {
    if (body === undefined || body.shape !== 'expression') return range.ANY;
    this.texts.add(body.source.tree, body.source.bytes);
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
}

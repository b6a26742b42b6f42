import type { Interner } from '../../base/interner';
import { substitute } from '../../syntax/macroSubstitution';
import { DeclFlag, NodeKind } from '../../syntax/nodes';
import { parseFile } from '../../syntax/parseFile';
import type { SourceFile } from '../../syntax/sourceFile';
import type { Tree } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import type { CType, LayoutItem, RecordDefinition } from './ctype';
import { definitionText } from './definitionText';
import { expandMacros } from './expandMacros';
import type { TypeLookup } from './typeReader';

/** The evaluator of a file that holds the text of one definition. */
export interface DefinitionEvaluator {
  /** The definition that a StructSpec with a body is. */
  definition(node: number, tag: string): RecordDefinition;
  typedefOf(name: string): CType | undefined;
  enumeratorOf(name: string): SizeInterval | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Reads single definitions out of the text of a file or header; keeps nothing of the text. */
export class DefinitionReader {
  private readonly expanding = new Set<string>();

  constructor(
    private readonly interner: Interner,
    /** What names mean where the text stands. */
    private readonly around: TypeLookup,
    private readonly evaluatorOf: (file: SourceFile) => DefinitionEvaluator,
  ) {}

  /** A struct or union; undefined when the text cannot be read. */
  record(text: Uint8Array, tag: string): RecordDefinition | undefined {
    const prepared = definitionText(text, this.interner, 'members', this.around);
    return prepared === undefined ? undefined : this.recordOf(`${prepared};`, tag);
  }

  /** The type that a typedef declaration gives a name. */
  typedef(text: Uint8Array, name: string): CType | undefined {
    const prepared = definitionText(text, this.interner, 'members', this.around);
    return prepared === undefined ? undefined : this.evaluatorOf(this.parse(`${prepared};`)).typedefOf(name);
  }

  /** The type that an object-like macro stands for. */
  macroType(text: string, name: string): CType | undefined {
    return /^[\w\s*]+$/.test(text) ? this.evaluatorOf(this.parse(`typedef ${text} ${name};`)).typedefOf(name) : undefined;
  }

  /** The value of an enumerator in the text of its enum. */
  enumerator(text: Uint8Array, name: string): SizeInterval | undefined {
    const prepared = definitionText(text, this.interner, 'enumerators', this.around);
    return prepared === undefined ? undefined : this.evaluatorOf(this.parse(`${prepared};`)).enumeratorOf(name);
  }

  /** The members that a macro stands for inside a struct; undefined for an unknown macro. */
  membersOfMacro(name: string, args: readonly string[] | undefined): readonly LayoutItem[] | undefined {
    if (this.expanding.has(name) || this.expanding.size > 8) return undefined;
    const text = this.expansion(name, args);
    if (text === undefined) return undefined;
    this.expanding.add(name);
    try {
      const items = this.record(encoder.encode(`struct {\n${expandMacros(text, this.interner, this.around)};\n}`), '')?.items();
      return items?.length === 0 && text !== '' ? undefined : items;
    } finally {
      this.expanding.delete(name);
    }
  }

  private expansion(name: string, args: readonly string[] | undefined): string | undefined {
    if (args === undefined) return this.around.macroText(name);
    const found = this.around.functionMacro(name);
    return found === undefined ? undefined : substitute({ bytes: found.bytes, interner: this.interner }, found.macro, args);
  }

  private recordOf(text: string, tag: string): RecordDefinition | undefined {
    const file = this.parse(text);
    const node = file.damage.length > 0 ? 0 : firstRecord(file.tree);
    return node === 0 ? undefined : this.evaluatorOf(file).definition(node, tag);
  }

  private parse(text: string): SourceFile {
    const { annotations } = this.around;
    return parseFile('definition', encoder.encode(text), { interner: this.interner, ...(annotations && { annotations }) });
  }
}

function firstRecord(tree: Tree): number {
  let best = 0;
  for (let node = 1; node < tree.count; node++) {
    if (tree.kind[node] !== NodeKind.StructSpec || (tree.aux[node]! & DeclFlag.Body) === 0) continue;
    if (best === 0 || tree.first[node]! < tree.first[best]!) best = node;
  }
  return best;
}

/** The text of a macro's body. */
export function bodyText(bytes: Uint8Array, body: { readonly start: number; readonly end: number }): string {
  return decoder.decode(bytes.subarray(body.start, body.end)).replace(/\\\r?\n/g, ' ');
}

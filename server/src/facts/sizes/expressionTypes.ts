import { NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { childAt, type Tree } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import { type CType, memberOf, pointee, type RecordDefinition } from './ctype';
import type { Declarations, DeclaredName } from './declarations';
import { ANY, constantOf } from './interval';
import { type TypeScope, typeOfExpression } from './typeOf';
import { type ExpressionReader, type ReaderMode, type TypeLookup, TypeReader } from './typeReader';
import { Layouts } from './typeSize';

/** Variables and members of unsigned types up to this many bytes have a useful bound. */
const NARROW_BYTES = 2;
const NARROW_BITS = 31;

/** Types of the expressions of one file, and their sizes. Places are given as tokens of the file (0: outside of functions). */
export class ExpressionTypes {
  private readonly ownLayouts: Layouts;
  private readonly reader: TypeReader;

  constructor(
    private readonly file: SourceFile,
    private readonly declarations: Declarations,
    private readonly lookup: TypeLookup | undefined,
    expressions: Omit<ExpressionReader, 'type'>,
    mode: ReaderMode,
  ) {
    this.ownLayouts = new Layouts(mode.data);
    const type: ExpressionReader['type'] = (tree, node) => this.of(tree, node, tree === file.tree ? tree.first[node]! : 0);
    this.reader = new TypeReader(file, declarations, lookup, { type, ...expressions }, mode);
  }

  /** Asked for anew each time: the headers must hear which file asks. */
  private get layouts(): Layouts {
    return this.lookup?.layouts ?? this.ownLayouts;
  }

  /** Definitions of a struct or union that the file has (`own`) or sees. */
  records(symbol: number, tag: string): readonly RecordDefinition[] {
    return (this.declarations.records.get(symbol) ?? []).map((node) => this.reader.definition(node, tag));
  }

  /** The definition that a StructSpec node with a body is. */
  definition(node: number, tag: string): RecordDefinition {
    return this.reader.definition(node, tag);
  }

  named(name: string, symbol: number): CType | undefined {
    return this.reader.named(name, symbol);
  }

  declared(name: DeclaredName): CType {
    return this.reader.declared(name);
  }

  of(tree: Tree, node: number, at: number): CType {
    return typeOfExpression(tree, node, this.scope(at));
  }

  typeName(tree: Tree, node: number): CType {
    return this.reader.typeName(tree, node);
  }

  sizeOf(type: CType): SizeInterval {
    return this.layouts.of(type).size;
  }

  alignOf(type: CType): SizeInterval {
    return this.layouts.of(type).align;
  }

  offsetOf(record: CType, member: string): SizeInterval {
    return this.layouts.offsetOf(record, member) ?? ANY;
  }

  /** Size of one element of an array member. */
  elementSize(record: CType, member: string): SizeInterval {
    const type = memberOf(record, member)?.type;
    return type === undefined ? ANY : this.sizeOf(pointee(type));
  }

  variable(symbol: number, at: number): CType | undefined {
    const declared = this.declaredAt(symbol, at);
    return declared === undefined ? undefined : this.reader.declared(declared);
  }

  /** The innermost variable of a name that is visible at a token, else the file's. */
  declaredAt(symbol: number, at: number): DeclaredName | undefined {
    let found: DeclaredName | undefined;
    for (const functionNode of this.declarations.enclosing(at)) {
      for (const local of this.declarations.locals(functionNode)) {
        if (local.symbol === symbol && local.from <= at && at < local.to) found = local;
      }
      if (found !== undefined) return found;
    }
    return this.declarations.globals.get(symbol);
  }

  /** Largest value of a variable or member of a narrow unsigned type, or of a bit field. */
  bound(tree: Tree, node: number, at: number): number | undefined {
    const scope = this.scope(at);
    return bitFieldBound(tree, node, scope) ?? unsignedBound(typeOfExpression(tree, node, scope), NARROW_BYTES);
  }

  private scope(at: number): TypeScope {
    return {
      variable: (_, symbol) => this.variable(symbol, at),
      returned: (symbol) => this.returnType(symbol),
      typedef: (name, symbol) => this.reader.named(name, symbol),
      typeName: (tree, node) => this.reader.typeName(tree, node),
      text: (symbol) => this.file.interner.text(symbol),
    };
  }

  private returnType(symbol: number): CType | undefined {
    const { tree } = this.file;
    const node = this.declarations.functions.get(symbol);
    const specifiers = node === undefined ? 0 : childAt(tree, node, 0);
    if (tree.kind[specifiers] !== NodeKind.Specifiers) return undefined;
    const type = this.reader.declared({ symbol, specifiers, declarator: tree.next[specifiers]!, parameter: false, from: 0, to: 0 });
    return type.kind === 'function' ? type.returns : undefined;
  }
}

function bitFieldBound(tree: Tree, node: number, scope: TypeScope): number | undefined {
  const kind = tree.kind[node];
  if (kind !== NodeKind.Member && kind !== NodeKind.Arrow) return undefined;
  const base = typeOfExpression(tree, childAt(tree, node, 0), scope);
  const member = memberOf(kind === NodeKind.Arrow ? pointee(base) : base, scope.text(tree.tokens.symbol[tree.tok[node]!]!));
  const width = member?.bits === undefined ? undefined : constantOf(member.bits);
  if (width === undefined || width > NARROW_BITS || member?.type.kind !== 'scalar' || !member.type.unsigned) return undefined;
  return 2 ** width - 1;
}

/** Largest value of an unsigned integer type of at most `widest` bytes. */
export function unsignedBound(type: CType, widest: number): number | undefined {
  if (type.kind !== 'scalar' || !type.unsigned || type.size.min !== type.size.max || type.size.min > widest) return undefined;
  return 2 ** (8 * type.size.min) - 1;
}

import { NodeKind } from './nodes';
import type { SourceFile } from './sourceFile';
import type { Tokens } from './tokens';
import type { Tree } from './tree';

/** What {@link printTree} needs of a file; a fragment of a macro has it too. */
export type Printable = Pick<SourceFile, 'bytes'> & { readonly tokens: Tokens; readonly tree: Tree };

const NAMES: Readonly<Record<number, string>> = {
  [NodeKind.Identifier]: 'id',
  [NodeKind.Number]: 'num',
  [NodeKind.Char]: 'char',
  [NodeKind.String]: 'str',
  [NodeKind.Paren]: 'paren',
  [NodeKind.Call]: 'call',
  [NodeKind.Index]: 'index',
  [NodeKind.Member]: 'member',
  [NodeKind.Arrow]: 'arrow',
  [NodeKind.Unary]: 'unary',
  [NodeKind.Postfix]: 'postfix',
  [NodeKind.Binary]: 'binary',
  [NodeKind.Logical]: 'logical',
  [NodeKind.Assign]: 'assign',
  [NodeKind.Conditional]: 'cond',
  [NodeKind.Comma]: 'comma',
  [NodeKind.Cast]: 'cast',
  [NodeKind.SizeofExpr]: 'sizeof-expr',
  [NodeKind.SizeofType]: 'sizeof-type',
  [NodeKind.CompoundLiteral]: 'literal',
  [NodeKind.InitList]: 'list',
  [NodeKind.Designated]: 'designated',
  [NodeKind.FieldDesignator]: 'field',
  [NodeKind.IndexDesignator]: 'at',
  [NodeKind.StatementExpr]: 'stmt-expr',
  [NodeKind.TypeName]: 'type',
  [NodeKind.Omitted]: 'omitted',
  [NodeKind.Block]: 'block',
  [NodeKind.ExprStatement]: 'expr',
  [NodeKind.If]: 'if',
  [NodeKind.While]: 'while',
  [NodeKind.DoWhile]: 'do',
  [NodeKind.For]: 'for',
  [NodeKind.ForEach]: 'for-each',
  [NodeKind.ScopedGuard]: 'guard',
  [NodeKind.Switch]: 'switch',
  [NodeKind.Case]: 'case',
  [NodeKind.Default]: 'default',
  [NodeKind.Label]: 'label',
  [NodeKind.Goto]: 'goto',
  [NodeKind.ComputedGoto]: 'computed-goto',
  [NodeKind.Return]: 'return',
  [NodeKind.Break]: 'break',
  [NodeKind.Continue]: 'continue',
  [NodeKind.Asm]: 'asm',
  [NodeKind.Empty]: 'empty',
  [NodeKind.Damaged]: 'damaged',
  [NodeKind.Declaration]: 'decl',
  [NodeKind.Function]: 'function',
  [NodeKind.Specifiers]: 'spec',
  [NodeKind.TypeRef]: 'ref',
  [NodeKind.StructSpec]: 'struct',
  [NodeKind.EnumSpec]: 'enum',
  [NodeKind.Enumerator]: 'enumerator',
  [NodeKind.TypeofSpec]: 'typeof',
  [NodeKind.Declarator]: 'name',
  [NodeKind.Pointer]: 'pointer',
  [NodeKind.ArrayDim]: 'array',
  [NodeKind.FunctionParams]: 'params',
  [NodeKind.Parameter]: 'param',
  [NodeKind.BitWidth]: 'width',
  [NodeKind.Initializer]: 'init',
  [NodeKind.Attribute]: 'attribute',
  [NodeKind.MacroDeclaration]: 'macro',
  [NodeKind.TranslationUnit]: 'unit',
};

/** Kinds whose naming token says nothing that the kind does not say. */
const UNNAMED: ReadonlySet<number> = new Set([
  NodeKind.Paren,
  NodeKind.Call,
  NodeKind.Index,
  NodeKind.Conditional,
  NodeKind.Comma,
  NodeKind.Cast,
  NodeKind.SizeofExpr,
  NodeKind.SizeofType,
  NodeKind.CompoundLiteral,
  NodeKind.InitList,
  NodeKind.Designated,
  NodeKind.IndexDesignator,
  NodeKind.StatementExpr,
  NodeKind.TypeName,
  NodeKind.Omitted,
  NodeKind.Block,
  NodeKind.ExprStatement,
  NodeKind.If,
  NodeKind.While,
  NodeKind.DoWhile,
  NodeKind.For,
  NodeKind.Switch,
  NodeKind.Case,
  NodeKind.Default,
  NodeKind.ComputedGoto,
  NodeKind.Return,
  NodeKind.Break,
  NodeKind.Continue,
  NodeKind.Asm,
  NodeKind.Empty,
  NodeKind.Damaged,
  NodeKind.Declaration,
  NodeKind.TypeofSpec,
  NodeKind.Pointer,
  NodeKind.ArrayDim,
  NodeKind.FunctionParams,
  NodeKind.Parameter,
  NodeKind.BitWidth,
  NodeKind.Initializer,
  NodeKind.TranslationUnit,
]);

const decoder = new TextDecoder();

/** A node as an S-expression on one line, for tests and debugging: `(call (id kfree) (id p))`. */
export function printTree(file: Printable, node: number): string {
  const { tree, tokens, bytes } = file;
  const kind = tree.kind[node]!;
  const parts = [NAMES[kind] ?? `?${kind}`];
  const token = tree.tok[node]!;
  if (token !== 0 && !UNNAMED.has(kind)) parts.push(decoder.decode(bytes.subarray(tokens.start[token], tokens.end[token])));
  for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) parts.push(printTree(file, child));
  return `(${parts.join(' ')})`;
}

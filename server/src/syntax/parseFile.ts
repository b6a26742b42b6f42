import type { Interner } from '../base/interner';
import { LineIndex } from '../base/lineIndex';
import { BranchReader } from './branches';
import type { Directives } from './directives';
import { lex } from './lexer';
import { NodeKind } from './nodes';
import { LazyMacroTable, readIncludes } from './preprocessorTables';
import { type Readings, readAlternatives } from './readings';
import type { Damage, FunctionEntry, Include, MacroTable, ParseOptions, SourceFile } from './sourceFile';
import { TokenStream } from './tokenStream';
import type { Tokens } from './tokens';
import type { Tree } from './tree';
import { TreeBuilder } from './treeBuilder';
import { UnitParser } from './unitParser';
import { type Vocabulary, vocabularyOf } from './vocabulary';

/** Larger files are listed as damage and not read. */
const MAX_BYTES = 32 << 20;
/** A NUL in the first bytes marks a binary file, as git and grep judge it. */
const BINARY_PROBE = 8 << 10;

/**
 * Parses one C file. Never throws and always ends, whatever the bytes are; what could not be read is listed in `damage`.
 *
 * The first reading takes the branches of `#if` that are known to hold, or else the first one; where an `#else` or `#elif` part
 * offers something else, functions and file-level declarations are read again with it (see {@link BranchReader}).
 */
export function parseFile(path: string, bytes: Uint8Array, options: ParseOptions): SourceFile {
  const refusal = refuse(bytes);
  const { interner } = options;
  const over = options.over instanceof ParsedFile ? options.over : undefined;
  const vocabulary = vocabularyOf(interner, options.annotations);
  const { tokens, directives } = lex(refusal === undefined ? bytes : NO_BYTES, interner, vocabulary, false, over);
  const damage: Damage[] = refusal === undefined ? [] : [refusal];
  const branches = new BranchReader(bytes, directives, tokens.count, options.branches);
  builder.reset();

  const first = branches.choose(0);
  const root = parseStream(TokenStream.of(bytes, tokens, first), interner, vocabulary, damage);
  const readings: Readings = {
    branches,
    first,
    root,
    builder,
    tokens,
    parse: (ranges, found) => parseStream(TokenStream.of(bytes, tokens, ranges), interner, vocabulary, found),
  };
  const alternatives = branches.rounds > 1 ? readAlternatives(readings) : NO_ALTERNATIVES;
  for (const one of alternatives.damage) damage.push(one);
  const tree = builder.take(tokens, over?.tree);
  const functions = listFunctions(tree, root, alternatives.functions, interner);
  return new ParsedFile(path, bytes, interner, tokens, tree, root, functions, alternatives.items, directives, damage);
}

const NO_BYTES = new Uint8Array(0);
const NO_ALTERNATIVES = { items: [], functions: [], damage: [] };
const builder = new TreeBuilder();

function refuse(bytes: Uint8Array): Damage | undefined {
  const range = { start: 0, end: bytes.length };
  if (bytes.length > MAX_BYTES) return { range, reason: 'too-large', function: '' };
  if (bytes.subarray(0, BINARY_PROBE).indexOf(0) >= 0) return { range, reason: 'binary', function: '' };
  return undefined;
}

function parseStream(stream: TokenStream, interner: Interner, vocabulary: Vocabulary, damage: Damage[]): number {
  const from = builder.count;
  const parser = new UnitParser(stream, builder, vocabulary, damage, (symbol) => interner.text(symbol));
  const root = parser.parseUnit();
  builder.settle(from, stream);
  return root;
}

function listFunctions(tree: Tree, root: number, others: readonly number[], interner: Interner): readonly FunctionEntry[] {
  const entries: FunctionEntry[] = [];
  const entry = (node: number, view: number): FunctionEntry => ({ node, name: interner.text(tree.tokens.symbol[tree.tok[node]!]!), view });
  for (let item = tree.child[root]!; item !== 0; item = tree.next[item]!) {
    if (tree.kind[item] === NodeKind.Function) entries.push(entry(item, 0));
  }
  if (others.length === 0) return entries;
  for (const node of others) entries.push(entry(node, 1));
  return entries.sort((a, b) => tree.first[a.node]! - tree.first[b.node]! || a.view - b.view);
}

class ParsedFile implements SourceFile {
  readonly macros: MacroTable;
  private includeList: readonly Include[] | undefined;
  private lineIndex: LineIndex | undefined;

  constructor(
    readonly path: string,
    readonly bytes: Uint8Array,
    readonly interner: Interner,
    readonly tokens: Tokens,
    readonly tree: Tree,
    readonly root: number,
    readonly functions: readonly FunctionEntry[],
    readonly alternates: readonly number[],
    readonly directives: Directives,
    readonly damage: readonly Damage[],
  ) {
    this.macros = new LazyMacroTable(bytes, directives, interner);
  }

  get includes(): readonly Include[] {
    this.includeList ??= readIncludes(this.bytes, this.directives);
    return this.includeList;
  }

  get lines(): LineIndex {
    this.lineIndex ??= new LineIndex(this.bytes);
    return this.lineIndex;
  }
}

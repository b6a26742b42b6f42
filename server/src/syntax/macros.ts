import type { Interner } from '../base/interner';
import { lex } from './lexer';
import { substitute } from './macroSubstitution';
import type { Damage, Macro, SourceFile } from './sourceFile';
import { TokenStream } from './tokenStream';
import type { Tokens } from './tokens';
import type { Tree } from './tree';
import { TreeBuilder } from './treeBuilder';
import { UnitParser } from './unitParser';
import { vocabularyOf } from './vocabulary';

/** What a fragment's nodes refer to; the part of a SourceFile that reading a tree takes. */
export interface FragmentSource {
  readonly bytes: Uint8Array;
  readonly interner: Interner;
  readonly tokens: Tokens;
  readonly tree: Tree;
}

/** A macro's text as a tree of its own. */
export interface Fragment {
  readonly source: FragmentSource;
  /** The expression, or a Block with the statements. */
  readonly root: number;
  readonly shape: 'expression' | 'statements';
}

/** Longer bodies and expansions (bytes) are not read. */
const MAX_BODY = 32 << 10;
const MAX_EXPANSION = 128 << 10;

const builder = new TreeBuilder();

/**
 * The body of a macro as a tree; parameters of a function-like macro stand in it as plain names. Undefined for empty, very long and
 * unreadable bodies. Offsets are those of the file.
 */
export function parseMacroBody(macro: Macro, file: Pick<SourceFile, 'bytes' | 'interner'>): Fragment | undefined {
  const { start, end } = macro.body;
  if (end <= start || end - start > MAX_BODY) return undefined;
  const { tokens } = lex(file.bytes.subarray(start, end), file.interner, undefined, true);
  for (let token = 1; token < tokens.count; token++) {
    tokens.start[token]! += start;
    tokens.end[token]! += start;
  }
  return parseFragment(file.bytes, file.interner, tokens);
}

/**
 * The text a call of a function-like macro stands for, as a tree of its own: the arguments' texts put in place of the parameters
 * (with `#`, `##`, `...` and `__VA_OPT__`), parsed as an expression if it is one and as statements otherwise. Undefined when the
 * numbers of arguments and parameters differ, and for empty, very long and unreadable results. Names in the result are not expanded further.
 */
export function expandCall(
  file: Pick<SourceFile, 'bytes' | 'interner'>,
  macro: Macro,
  argumentTexts: readonly string[],
): Fragment | undefined {
  if (macro.parameters === undefined || macro.body.end - macro.body.start > MAX_BODY) return undefined;
  const text = substitute(file, macro, argumentTexts);
  if (text === undefined || text.length > MAX_EXPANSION) return undefined;
  const bytes = new TextEncoder().encode(text);
  return parseFragment(bytes, file.interner, lex(bytes, file.interner, undefined, true).tokens);
}

function parseFragment(bytes: Uint8Array, interner: Interner, tokens: Tokens): Fragment | undefined {
  if (tokens.count <= 2) return undefined;
  const vocabulary = vocabularyOf(interner);
  const stream = TokenStream.of(bytes, tokens, [1, tokens.count]);
  const nameOf = (symbol: number): string => interner.text(symbol);
  builder.reset();
  const expression = new UnitParser(stream, builder, vocabulary, [], nameOf).parseWholeExpression();
  if (expression !== 0) return fragment(bytes, interner, tokens, expression, 'expression');
  builder.reset();
  const damage: Damage[] = [];
  const block = new UnitParser(stream, builder, vocabulary, damage, nameOf).parseWholeBlock();
  return damage.length > 0 ? undefined : fragment(bytes, interner, tokens, block, 'statements');
}

function fragment(bytes: Uint8Array, interner: Interner, tokens: Tokens, root: number, shape: Fragment['shape']): Fragment {
  return { source: { bytes, interner, tokens, tree: builder.take(tokens) }, root, shape };
}

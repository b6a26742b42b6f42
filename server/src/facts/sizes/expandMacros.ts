import type { Interner } from '../../base/interner';
import { lex } from '../../syntax/lexer';
import { substitute } from '../../syntax/macroSubstitution';
import { TokenKind, type Tokens } from '../../syntax/tokens';
import type { TypeLookup } from './typeReader';

/** Macros inside macros are followed this deep, and the text may grow to this length. */
const MAX_ROUNDS = 6;
const MAX_TEXT = 20_000;

/** A text with its calls of function-like macros expanded, as the preprocessor would do it. */
export function expandMacros(text: string, interner: Interner, around: Pick<TypeLookup, 'functionMacro'>): string {
  let current = text;
  for (let round = 0; round < MAX_ROUNDS && current.length < MAX_TEXT; round++) {
    const next = expandOnce(current, interner, around);
    if (next === current) break;
    current = next;
  }
  return current;
}

function expandOnce(text: string, interner: Interner, around: Pick<TypeLookup, 'functionMacro'>): string {
  const bytes = new TextEncoder().encode(text);
  const { tokens } = lex(bytes, interner, undefined, true);
  const slice = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  let out = '';
  let copied = 0;
  for (let token = 1; token < tokens.count - 1; token++) {
    if (tokens.kind[token] !== TokenKind.Identifier || tokens.kind[token + 1] !== TokenKind.LParen) continue;
    const found = around.functionMacro(interner.text(tokens.symbol[token]!));
    const args = found === undefined ? undefined : argumentsOf(tokens, token + 1);
    if (found === undefined || args === undefined) continue;
    const texts = args.list.map(({ from, to }) => (from >= to ? '' : slice(tokens.start[from]!, tokens.end[to - 1]!)));
    const expansion = substitute({ bytes: found.bytes, interner }, found.macro, texts);
    if (expansion === undefined) continue;
    out += slice(copied, tokens.start[token]!) + expansion;
    copied = tokens.end[args.close]!;
    token = args.close;
  }
  return out + slice(copied, bytes.length);
}

interface Arguments {
  /** Token ranges between the commas. */
  readonly list: readonly { readonly from: number; readonly to: number }[];
  readonly close: number;
}

function argumentsOf(tokens: Tokens, open: number): Arguments | undefined {
  const list: { from: number; to: number }[] = [];
  let from = open + 1;
  let depth = 0;
  for (let at = open; at < tokens.count; at++) {
    const kind = tokens.kind[at];
    if (kind === TokenKind.LParen || kind === TokenKind.LBrace || kind === TokenKind.LBracket) depth++;
    else if (kind === TokenKind.RBrace || kind === TokenKind.RBracket) depth--;
    else if (kind === TokenKind.Comma && depth === 1) {
      list.push({ from, to: at });
      from = at + 1;
    } else if (kind === TokenKind.RParen && --depth === 0) {
      list.push({ from, to: at });
      return { list, close: at };
    }
  }
  return undefined;
}

import { Role, TOKEN_ROLE } from './tokenClasses';
import type { TokenStream } from './tokenStream';
import { TokenKind } from './tokens';

/** Where the text that belongs to a `{` ends. */
export interface BraceLimit {
  /** Position of the matching `}`; 0 when it is missing. */
  readonly close: number;
  /** Position of the first token that does not belong to the braces. */
  readonly end: number;
  /** The braces in between do not match. */
  readonly unbalanced: boolean;
}

/** Counting braces may visit each token this often on average; beyond it the layout alone decides. */
const VISITS_PER_TOKEN = 8;

/**
 * Finds the end of a brace at file level before its inside is read, so that broken code never reaches into the next definition.
 * Braces are counted; where the count contradicts the layout (a `}` or a definition in column 0 too early, or text behind the last
 * `}`), the layout of the kernel's coding style wins: a function ends at the first `}` in column 0 or in front of the next definition there.
 */
export class BraceLimits {
  private visits: number;

  constructor(private readonly stream: TokenStream) {
    this.visits = stream.kind.length * VISITS_PER_TOKEN + 1000;
  }

  /** The limit of the `{` at a position. */
  find(open: number): BraceLimit {
    const { stream } = this;
    const { kind } = stream;
    const stop = open + this.visits;
    let depth = 0;
    let at = open;
    for (; at < stop; at++) {
      const token = kind[at];
      if (token === TokenKind.LBrace) {
        if (depth > 0 && kind[at - 1] === TokenKind.RParen && stream.atColumnZero(at)) break;
        depth++;
      } else if (token === TokenKind.RBrace) {
        depth--;
        if (depth === 0) {
          if (!closesWell(stream, open, at)) break;
          this.visits -= at - open;
          return { close: at, end: at + 1, unbalanced: false };
        }
        if (stream.atColumnZero(at) && definitionFollows(stream, at + 1)) break;
      } else if (token === TokenKind.Eof) break;
    }
    this.visits -= at - open;
    return limitByLayout(stream, open);
  }
}

/** Whether the `}` that matches by count looks like the end of what begins at `open`. */
function closesWell(stream: TokenStream, open: number, close: number): boolean {
  const following = close + 1;
  const token = stream.kind[following];
  if (token === TokenKind.Eof || token === TokenKind.Semicolon || token === TokenKind.Comma) return true;
  if (token === TokenKind.RBrace && stream.atColumnZero(following)) return false;
  if (stream.atColumnZero(close) || stream.atColumnZero(following)) return true;
  return !stream.startsLine(following) || !stream.onDifferentLines(open, close) || stream.indentation(open) > 0;
}

function definitionFollows(stream: TokenStream, position: number): boolean {
  return stream.kind[position] === TokenKind.Eof || startsDefinition(stream, position);
}

/** True for a token in column 0 that can begin a declaration, definition or macro at file level. */
export function startsDefinition(stream: TokenStream, position: number): boolean {
  const token = stream.kind[position]!;
  const role = TOKEN_ROLE[token]!;
  const possible =
    token === TokenKind.Identifier ? stream.kind[position + 1] !== TokenKind.Colon : (role & (Role.Type | Role.Storage)) !== 0;
  return possible && stream.atColumnZero(position);
}

function limitByLayout(stream: TokenStream, open: number): BraceLimit {
  const { kind } = stream;
  for (let at = open + 1; ; at++) {
    const token = kind[at];
    if (token === TokenKind.Eof) return { close: 0, end: at, unbalanced: true };
    if (token === TokenKind.RBrace && stream.atColumnZero(at)) return { close: at, end: at + 1, unbalanced: true };
    if (startsDefinition(stream, at)) return { close: 0, end: at, unbalanced: true };
  }
}

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

/**
 * Finds the end of a brace at file level before its inside is read, so that broken code never reaches into the next definition.
 * Braces are counted; where the count contradicts the layout (a `}` or a definition in column 0 too early, or text behind the last
 * `}`), the layout of the kernel's coding style wins: a function ends at the first `}` in column 0 or in front of the next definition there.
 */
export function findBraceLimit(stream: TokenStream, open: number): BraceLimit {
  const { kind } = stream;
  let depth = 0;
  for (let at = open; ; at++) {
    const token = kind[at];
    if (token === TokenKind.LBrace) {
      if (depth > 0 && kind[at - 1] === TokenKind.RParen && stream.atColumnZero(at)) return limitByLayout(stream, open);
      depth++;
    } else if (token === TokenKind.RBrace) {
      depth--;
      if (depth === 0) return closesWell(stream, open, at) ? { close: at, end: at + 1, unbalanced: false } : limitByLayout(stream, open);
      if (stream.atColumnZero(at) && definitionFollows(stream, at + 1)) return limitByLayout(stream, open);
    } else if (token === TokenKind.Eof) {
      return limitByLayout(stream, open);
    }
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
  const possible = token === TokenKind.Identifier ? stream.kind[position + 1] !== TokenKind.Colon : (role & (Role.Type | Role.Storage)) !== 0;
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

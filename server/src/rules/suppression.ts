import type { TextRange } from '../base/range';
import { firstThat } from '../base/search';
import type { SourceFile } from '../syntax/sourceFile';
import { TokenKind, type Tokens } from '../syntax/tokens';

/** A comment `gfp-lens: allow(rule-id[, rule-id]) reason` or `gfp-lens: allow-file(…) reason`. */
export interface Suppression {
  /** The whole comment, delimiters included. */
  readonly range: TextRange;
  readonly rules: readonly string[];
  /** Why the finding is acceptable; empty when the author gives none. */
  readonly reason: string;
  /** Findings that start in this range are meant; undefined: in the whole file. */
  readonly covers: TextRange | undefined;
  /** The words behind `gfp-lens:` are not the form above; nothing is suppressed. */
  readonly malformed: boolean;
}

/**
 * The suppressions of a file, in source order. A comment that shares its line with code covers the statements on that
 * line; one that stands alone covers the statement behind it. Words inside string literals are not comments.
 */
export function findSuppressions(file: SourceFile): readonly Suppression[] {
  const found: Suppression[] = [];
  for (let colon = nextMarker(file.bytes, 0); colon >= 0; colon = nextMarker(file.bytes, colon + 1)) {
    const comment = commentAround(file, colon - MARKER.length);
    if (comment !== undefined) found.push(read(file, comment, colon + 1));
  }
  return found;
}

/** Whether a finding of `rule` that starts at `offset` is meant by a suppression. */
export function suppresses(suppression: Suppression, rule: string, offset: number): boolean {
  if (suppression.malformed || !suppression.rules.includes(rule)) return false;
  const { covers } = suppression;
  return covers === undefined || (covers.start <= offset && offset < covers.end);
}

/** The word that every suppression begins with, without its colon. */
const MARKER = 'gfp-lens';
const LF = 10;
const COLON = 58;
const SLASH = 47;
const STAR = 42;
const BACKSLASH = 92;
const QUOTE = 34;
const APOSTROPHE = 39;
const HASH = 35;

/** Offset of the colon of the next `gfp-lens:`, or -1. Colons are rare in C, so the search looks for them first. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let colon = bytes.indexOf(COLON, from); colon >= 0; colon = bytes.indexOf(COLON, colon + 1)) {
    let i = MARKER.length;
    while (i > 0 && bytes[colon - MARKER.length - 1 + i] === MARKER.charCodeAt(i - 1)) i--;
    if (i === 0) return colon;
  }
  return -1;
}

/** The comment whose text begins with the marker at `start`, or undefined when something else holds the word. */
function commentAround(file: SourceFile, start: number): TextRange | undefined {
  const { bytes } = file;
  let before = start;
  while (before > 0 && (isBlank(bytes[before - 1]!) || bytes[before - 1] === STAR)) before--;
  if (before === 0 || bytes[before - 1] !== SLASH) return undefined;
  const block = bytes[before] === STAR;
  const opener = block ? before - 1 : before - 2;
  if (opener < 0 || bytes[opener] !== SLASH) return undefined;
  const line = file.lines.lineOf(opener);
  if (!isCode(bytes, file.lines.lineStart(line), opener)) return undefined;
  if (!block) return { start: opener, end: file.lines.lineEnd(file.lines.lineOf(start)) };
  const closer = endOfBlockComment(bytes, start);
  return closer < 0 ? undefined : { start: opener, end: closer };
}

function endOfBlockComment(bytes: Uint8Array, from: number): number {
  for (let star = bytes.indexOf(STAR, from); star >= 0; star = bytes.indexOf(STAR, star + 1))
    if (bytes[star + 1] === SLASH) return star + 2;
  return -1;
}

/** Whether `at`, on the line that begins at `lineStart`, is outside of literals. */
function isCode(bytes: Uint8Array, lineStart: number, at: number): boolean {
  let quote = 0;
  for (let i = lineStart; i < at; i++) {
    const byte = bytes[i]!;
    if (quote !== 0 && byte === BACKSLASH) i++;
    else if (quote !== 0 && byte === quote) quote = 0;
    else if (quote === 0 && byte === SLASH && bytes[i + 1] === STAR) i = skipComment(bytes, i, at);
    else if (quote === 0 && (byte === QUOTE || byte === APOSTROPHE)) quote = byte;
  }
  return quote === 0;
}

function skipComment(bytes: Uint8Array, from: number, at: number): number {
  const end = endOfBlockComment(bytes, from + 2);
  return end < 0 || end > at ? from + 1 : end - 1;
}

const FORM = /^\s*(allow|allow-file)\s*\(([^()]*)\)\s*[-:]?([\s\S]*)$/;
const decoder = new TextDecoder('utf-8');

function read(file: SourceFile, comment: TextRange, from: number): Suppression {
  const block = file.bytes[comment.start + 1] === STAR;
  const text = decoder.decode(file.bytes.subarray(from, block ? comment.end - 2 : comment.end));
  const match = FORM.exec(text);
  const rules = (match?.[2] ?? '').split(',').flatMap((id) => (id.trim() === '' ? [] : [id.trim()]));
  const malformed = rules.length === 0;
  const reason = (match?.[3] ?? '')
    .replace(/\n\s*\*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return { range: comment, rules, reason, malformed, covers: match?.[1] === 'allow-file' ? undefined : covered(file, comment) };
}

/** The statements a comment speaks about. */
function covered(file: SourceFile, comment: TextRange): TextRange {
  const { bytes, lines, tokens } = file;
  const firstLine = lines.lineOf(comment.start);
  const lastLine = lines.lineOf(comment.end);
  const alone = isBlankRange(bytes, lines.lineStart(firstLine), comment.start) && isBlankRange(bytes, comment.end, lines.lineEnd(lastLine));
  if (!alone) return onLine(file, firstLine, lastLine);
  const directive = directiveBehind(file, lastLine + 1);
  if (directive !== undefined) return directive;
  const token = tokenAtOrAfter(tokens, comment.end);
  const start = tokens.start[token]!;
  return { start, end: tokens.end[endOfStatement(tokens, token, start, false)]! };
}

/** From the start of the first statement that touches the lines to the end of the last one. */
function onLine(file: SourceFile, firstLine: number, lastLine: number): TextRange {
  const { tokens, lines } = file;
  const from = lines.lineStart(firstLine);
  const to = lines.lineEnd(lastLine);
  const first = tokenAtOrAfter(tokens, from);
  if (first >= tokens.count - 1 || tokens.start[first]! >= to) return { start: from, end: to };
  const begin = startOfStatement(tokens, first);
  return { start: Math.min(from, tokens.start[begin]!), end: Math.max(to, tokens.end[endOfStatement(tokens, begin, to, true)]!) };
}

/** Walks back from a token to the first one of its statement; in an initialiser or declaration list, of its item. */
function startOfStatement(tokens: Tokens, token: number): number {
  let item = 0;
  let depth = 0;
  let at = token - 1;
  for (; at > 0 && !endsStatement(tokens.kind[at]!); at--) {
    const kind = tokens.kind[at]!;
    if (kind === TokenKind.RParen) depth++;
    else if (kind === TokenKind.LParen && depth > 0) depth--;
    else if (kind === TokenKind.LParen) item = 0;
    else if (kind === TokenKind.Comma && depth === 0 && item === 0) item = at + 1;
  }
  return item !== 0 ? item : at + 1;
}

/** The token that ends the statement begun at `from`, at or behind offset `reach`; with `items`, a comma ends it too. */
function endOfStatement(tokens: Tokens, from: number, reach: number, items: boolean): number {
  const last = tokens.count - 1;
  let depth = 0;
  let previous = from;
  for (let at = from; at < last; at++) {
    if (tokens.start[at]! >= reach && depth === 0 && items && endsItem(tokens.kind[previous]!)) return previous;
    const kind = tokens.kind[at]!;
    if (kind === TokenKind.LParen) depth++;
    else if (kind === TokenKind.RParen && depth > 0) depth--;
    else if (tokens.start[at]! >= reach && depth === 0 && (endsStatement(kind) || (items && kind === TokenKind.Comma))) return at;
    previous = at;
  }
  return previous;
}

function endsStatement(kind: number): boolean {
  return kind === TokenKind.Semicolon || kind === TokenKind.LBrace || kind === TokenKind.RBrace;
}

function endsItem(kind: number): boolean {
  return kind === TokenKind.Comma || endsStatement(kind);
}

/** The preprocessor directive, continuation lines included, that is the next line with text; undefined when that is code. */
function directiveBehind(file: SourceFile, from: number): TextRange | undefined {
  const { bytes, lines } = file;
  let line = from;
  while (line < lines.lineCount && isBlankRange(bytes, lines.lineStart(line), lines.lineEnd(line))) line++;
  let at = lines.lineStart(line);
  while (at < bytes.length && isBlank(bytes[at]!)) at++;
  if (bytes[at] !== HASH) return undefined;
  while (line + 1 < lines.lineCount && bytes[lines.lineEnd(line) - 1] === BACKSLASH) line++;
  return { start: at, end: lines.lineEnd(line) };
}

/** The first token that ends behind `offset`; the Eof token when there is none. */
function tokenAtOrAfter(tokens: Tokens, offset: number): number {
  return firstThat(1, tokens.count - 1, (token) => tokens.end[token]! > offset);
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 13 || byte === LF;
}

function isBlankRange(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isBlank(bytes[at]!)) return false;
  return true;
}

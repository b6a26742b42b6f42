import { hashStep } from './interner';

/** Letters, digits and the underscore: what names and numbers of C are made of. */
export function isWordByte(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 48 && byte <= 57);
}

const SLASH = 47;
const STAR = 42;
const QUOTE = 34;
const BACKSLASH = 92;
const LF = 10;

/**
 * Calls `visit` with each word of the code in `bytes[start, end)` and its hash (as the interner folds it) until it answers false. Words of
 * comments and of strings are no code.
 */
export function eachWord(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (first: number, behind: number, hash: number) => boolean,
): void {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (!isWordByte(byte)) {
      if (byte === SLASH) at = behindComment(bytes, at, end) - 1;
      else if (byte === QUOTE) at = behindString(bytes, at, end) - 1;
      continue;
    }
    const first = at;
    let hash = 0;
    for (; at < end && isWordByte(bytes[at]!); at++) hash = hashStep(hash, bytes[at]!);
    if (!visit(first, at, hash)) return;
    at--;
  }
}

/** Behind the comment that begins at a slash; behind the slash when none does. */
function behindComment(bytes: Uint8Array, slash: number, end: number): number {
  let at = slash + 2;
  if (bytes[slash + 1] === STAR) {
    while (at < end && !(bytes[at - 1] === STAR && bytes[at] === SLASH && at > slash + 2)) at++;
    return Math.min(at + 1, end);
  }
  if (bytes[slash + 1] !== SLASH) return slash + 1;
  while (at < end && (bytes[at] !== LF || bytes[at - 1] === BACKSLASH)) at++;
  return at;
}

function behindString(bytes: Uint8Array, quote: number, end: number): number {
  let at = quote + 1;
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at + 1, end);
}

/** The last word of a text; undefined when there is none. Costs what stands behind the word, and the word. */
export function lastWord(text: string): string | undefined {
  let end = text.length;
  while (end > 0 && !isWordByte(text.charCodeAt(end - 1))) end--;
  return wordBefore(text, end);
}

/** The word that a text ends with; undefined when something else stands at its end. */
export function wordAtEnd(text: string): string | undefined {
  return wordBefore(text, text.length);
}

function wordBefore(text: string, end: number): string | undefined {
  let start = end;
  while (start > 0 && isWordByte(text.charCodeAt(start - 1))) start--;
  return start === end ? undefined : text.slice(start, end);
}

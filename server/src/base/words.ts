import { hashStep } from './interner';

/** Letters, digits and the underscore: what names and numbers of C are made of. */
export function isWordByte(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 48 && byte <= 57);
}

/** Calls `visit` with each word of `bytes[start, end)` and its hash (as the interner folds it) until it answers false. */
export function eachWord(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (first: number, behind: number, hash: number) => boolean,
): void {
  for (let at = start; at < end; at++) {
    if (!isWordByte(bytes[at]!)) continue;
    const first = at;
    let hash = 0;
    for (; at < end && isWordByte(bytes[at]!); at++) hash = hashStep(hash, bytes[at]!);
    if (!visit(first, at, hash)) return;
  }
}

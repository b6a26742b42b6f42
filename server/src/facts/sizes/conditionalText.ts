const HASH = 0x23;

/** Whether a conditional directive stands between two offsets. */
export function holdsConditional(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = bytes.indexOf(HASH, start); at >= 0 && at < end; at = bytes.indexOf(HASH, at + 1)) {
    if (startsLine(bytes, at, start) && CONDITIONAL.has(wordAt(bytes, at + 1, end))) return true;
  }
  return false;
}

const CONDITIONAL = new Set(['if', 'ifdef', 'ifndef', 'else', 'elif', 'endif']);

function startsLine(bytes: Uint8Array, at: number, start: number): boolean {
  for (let i = at - 1; i >= start; i--) {
    const byte = bytes[i]!;
    if (byte === 0x0a) return true;
    if (byte !== 0x20 && byte !== 0x09) return false;
  }
  return true;
}

function wordAt(bytes: Uint8Array, at: number, end: number): string {
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  let word = '';
  for (; at < end && bytes[at]! >= 0x61 && bytes[at]! <= 0x7a; at++) word += String.fromCharCode(bytes[at]!);
  return word;
}

import type { TextRange } from '../../base/range';

/** The parts of a text that stand inside `#if … #endif`, and whether one of them has an `#else` or `#elif`. */
export interface ConditionalText {
  readonly ranges: readonly TextRange[];
  readonly alternatives: boolean;
}

const HASH = 0x23;
const NONE: ConditionalText = { ranges: [], alternatives: false };

/** Reads the conditional directives between two offsets; the text must not start inside one. */
export function conditionalText(bytes: Uint8Array, start: number, end: number): ConditionalText {
  const first = bytes.indexOf(HASH, start);
  if (first < 0 || first >= end) return NONE;
  const ranges: TextRange[] = [];
  let alternatives = false;
  let depth = 0;
  let opened = 0;
  for (let at = first; at >= 0 && at < end; at = bytes.indexOf(HASH, at + 1)) {
    if (!startsLine(bytes, at, start)) continue;
    const word = wordAt(bytes, at + 1, end);
    if (word === 'if' || word === 'ifdef' || word === 'ifndef') {
      if (depth++ === 0) opened = at;
    } else if (word === 'else' || word === 'elif') {
      alternatives = true;
    } else if (word === 'endif' && depth > 0 && --depth === 0) {
      ranges.push({ start: opened, end: at });
    }
  }
  if (depth > 0) ranges.push({ start: opened, end });
  return { ranges, alternatives };
}

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

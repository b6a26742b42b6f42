import type { SourceFile } from '../syntax/sourceFile';

/** What a fingerprint is made of: nothing that changes when code elsewhere in the file does. */
export interface FingerprintParts {
  readonly rule: string;
  /** Relative to the kernel tree. */
  readonly path: string;
  readonly function: string;
  /** The text of the line, see {@link normalisedLine}. */
  readonly line: string;
  /** How many findings with the same other parts stand before this one in the file. */
  readonly occurrence: number;
}

/** Bytes of a line that count; a line without end may hold thousands of findings. */
const MAX_LINE = 4096;

/** The text of the line that holds `offset`, runs of white space as one blank, so that re-indenting changes nothing. */
export function normalisedLine({ lines, bytes }: Pick<SourceFile, 'lines' | 'bytes'>, offset: number): string {
  const line = lines.lineOf(offset);
  const start = lines.lineStart(line);
  const text = bytes.subarray(start, Math.min(lines.lineEnd(line), start + MAX_LINE));
  return decoder.decode(text).replace(/\s+/g, ' ').trim();
}

/** 16 hexadecimal digits. Two different findings share one with a chance of about 1 in 2^53 per pair. */
export function fingerprint(parts: FingerprintParts): string {
  return hash64(`${parts.rule}\0${parts.path}\0${parts.function}\0${parts.line}\0${parts.occurrence}`);
}

const decoder = new TextDecoder('utf-8');

/** Two multiplicative 32-bit hashes over the UTF-16 units, mixed at the end (no cryptography: it only has to spread). */
function hash64(text: string): string {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

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

/** The text of the line that holds `offset`, runs of white space as one blank, so that re-indenting changes nothing. */
export function normalisedLine(file: SourceFile, offset: number): string {
  const { bytes } = file;
  const start = offset <= 0 ? 0 : bytes.lastIndexOf(LF, offset - 1) + 1;
  const end = bytes.indexOf(LF, offset);
  const line = bytes.subarray(start, end < 0 ? bytes.length : end);
  return decoder.decode(line).replace(/\s+/g, ' ').trim();
}

/** 16 hexadecimal digits. Two different findings share one with a chance of about 1 in 2^53 per pair. */
export function fingerprint(parts: FingerprintParts): string {
  return hash64(`${parts.rule}\0${parts.path}\0${parts.function}\0${parts.line}\0${parts.occurrence}`);
}

const LF = 10;
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

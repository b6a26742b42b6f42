import type { Range } from 'vscode-languageserver';
import type { TextRange } from '../base/range';
import type { ByteDocument } from './byteDocument';

/** A client's range as byte offsets, whatever it contains: numbers out of range mean the nearest place, ends are put in order. */
export function toTextRange(range: Range, document: ByteDocument): TextRange {
  const a = document.offsetAt(range.start);
  const b = document.offsetAt(range.end);
  return a <= b ? { start: a, end: b } : { start: b, end: a };
}

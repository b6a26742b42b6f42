/** Zero-based line, and column in UTF-16 code units, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const LF = 10;

/** Converts between byte offsets of a UTF-8 text and line/column positions. Lines end at LF; a CR before it belongs to the line. */
export class LineIndex {
  private readonly starts: Uint32Array;

  constructor(private readonly bytes: Uint8Array) {
    let count = 1;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count++;
    this.starts = new Uint32Array(count);
    let line = 1;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) this.starts[line++] = at + 1;
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Offset of the first byte of a line; past the last line, the end of the text. */
  lineStart(line: number): number {
    return line < this.starts.length ? this.starts[line]! : this.bytes.length;
  }

  /** Offset behind the last byte of a line, its line feed not included. */
  lineEnd(line: number): number {
    return line + 1 < this.starts.length ? this.starts[line + 1]! - 1 : this.bytes.length;
  }

  /** The zero-based line that holds an offset; offsets behind the text belong to the last line. */
  lineOf(offset: number): number {
    return lineAt(this.starts, offset);
  }

  position(offset: number): Position {
    const line = this.lineOf(offset);
    return { line, column: utf16Length(this.bytes, this.starts[line]!, Math.min(offset, this.bytes.length)) };
  }

  /** The byte offset of a position; columns past the end of a line mean its end. */
  offset(position: Position): number {
    const end = this.lineEnd(position.line);
    let at = this.lineStart(position.line);
    for (let column = 0; column < position.column && at < end; ) {
      const width = sequenceLength(this.bytes[at]!);
      column += width === 4 ? 2 : 1;
      at = Math.min(end, at + width);
    }
    return at;
  }
}

/** UTF-16 code units of the UTF-8 bytes in [start, end). */
export function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if ((byte & 0xc0) !== 0x80) length += byte >= 0xf0 ? 2 : 1;
  }
  return length;
}

/** Bytes of the UTF-8 sequence that a lead byte begins. */
export function sequenceLength(lead: number): number {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The line that holds an offset, given the offsets at which lines start (ascending, the first is 0). */
export function lineAt(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

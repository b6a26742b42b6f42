import type { Position, Range, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { lineAt, sequenceLength, utf16Length } from '../base/lineIndex';

/** What the `character` of a protocol position counts, as agreed with the client. */
export type PositionEncoding = 'utf-8' | 'utf-16' | 'utf-32';

const LF = 10;
const NOT_OPEN = Number.NEGATIVE_INFINITY;
const encoder = new TextEncoder();

/**
 * An open document as UTF-8 bytes with its line starts. Immutable: an edit gives a new document that shares nothing
 * mutable with the old one, so a document can be the key of a cache and the value of a snapshot.
 *
 * The chain works on bytes; keeping bytes here means that a keystroke copies the text once and encodes only what was typed.
 */
export class ByteDocument {
  private constructor(
    readonly uri: string,
    readonly path: string,
    readonly languageId: string,
    readonly version: number,
    readonly bytes: Uint8Array,
    private readonly starts: Uint32Array,
    private readonly encoding: PositionEncoding,
  ) {}

  static open(uri: string, path: string, languageId: string, version: number, text: string, encoding: PositionEncoding): ByteDocument {
    const bytes = encoder.encode(text);
    return new ByteDocument(uri, path, languageId, version, bytes, lineStarts(bytes), encoding);
  }

  /** A file as it is on disk. */
  static ofFile(uri: string, path: string, bytes: Uint8Array, encoding: PositionEncoding): ByteDocument {
    return new ByteDocument(uri, path, 'c', NOT_OPEN, bytes, lineStarts(bytes), encoding);
  }

  get isOpen(): boolean {
    return this.version !== NOT_OPEN;
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** The document after the client's changes, each of which refers to the text the one before it left. */
  edited(changes: readonly TextDocumentContentChangeEvent[], version: number): ByteDocument {
    let document: ByteDocument = this;
    for (const change of changes) {
      document =
        'range' in change
          ? document.spliced(change.range, encoder.encode(change.text))
          : ByteDocument.open(this.uri, this.path, this.languageId, version, change.text, this.encoding);
    }
    return new ByteDocument(this.uri, this.path, this.languageId, version, document.bytes, document.starts, this.encoding);
  }

  /** The byte offset of a position; lines and characters out of range mean the nearest place that exists. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.starts.length) return this.bytes.length;
    const start = this.starts[position.line]!;
    const end = this.lineEnd(position.line);
    const character = Math.max(0, position.character);
    return this.encoding === 'utf-8' ? Math.min(end, start + character) : this.offsetBehind(start, end, character);
  }

  positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.bytes.length));
    const line = this.lineOf(at);
    const start = this.starts[line]!;
    return { line, character: this.encoding === 'utf-8' ? at - start : this.unitsBetween(start, at) };
  }

  rangeAt(start: number, end: number): Range {
    return { start: this.positionAt(start), end: this.positionAt(Math.max(start, end)) };
  }

  private spliced(range: Range, insert: Uint8Array): ByteDocument {
    const a = this.offsetAt(range.start);
    const b = this.offsetAt(range.end);
    const from = Math.min(a, b);
    const to = Math.max(a, b);
    const bytes = new Uint8Array(this.bytes.length - (to - from) + insert.length);
    bytes.set(this.bytes.subarray(0, from));
    bytes.set(insert, from);
    bytes.set(this.bytes.subarray(to), from + insert.length);
    const starts = splicedStarts(this.starts, this.lineOf(from), this.lineOf(to), from, insert, bytes.length - this.bytes.length);
    return new ByteDocument(this.uri, this.path, this.languageId, this.version, bytes, starts, this.encoding);
  }

  /** Behind the last byte of a line; its line feed and the carriage return before it are not part of it. */
  private lineEnd(line: number): number {
    if (line + 1 >= this.starts.length) return this.bytes.length;
    const end = this.starts[line + 1]! - 1;
    return end > this.starts[line]! && this.bytes[end - 1] === 13 ? end - 1 : end;
  }

  private lineOf(offset: number): number {
    return lineAt(this.starts, offset);
  }

  /** The offset behind so many units of UTF-16 or UTF-32. */
  private offsetBehind(start: number, end: number, character: number): number {
    const astral = this.encoding === 'utf-32' ? 1 : 2;
    let at = start;
    for (let units = 0; units < character && at < end; ) {
      const width = sequenceLength(this.bytes[at]!);
      units += width === 4 ? astral : 1;
      at = Math.min(end, at + width);
    }
    return at;
  }

  private unitsBetween(start: number, end: number): number {
    if (this.encoding === 'utf-16') return utf16Length(this.bytes, start, end);
    let count = 0;
    for (let at = start; at < end; at++) if ((this.bytes[at]! & 0xc0) !== 0x80) count++;
    return count;
  }
}

function lineStarts(bytes: Uint8Array): Uint32Array {
  let count = 1;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count++;
  const starts = new Uint32Array(count);
  let line = 1;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) starts[line++] = at + 1;
  return starts;
}

/** The line starts after `insert` replaced the text from `from` (in `firstLine`) up to a place in `lastLine`; `delta` is the growth in bytes. */
function splicedStarts(
  starts: Uint32Array,
  firstLine: number,
  lastLine: number,
  from: number,
  insert: Uint8Array,
  delta: number,
): Uint32Array {
  const inserted = lineStarts(insert);
  const kept = starts.length - lastLine - 1;
  const result = new Uint32Array(firstLine + inserted.length + kept);
  result.set(starts.subarray(0, firstLine + 1));
  for (let i = 1; i < inserted.length; i++) result[firstLine + i] = from + inserted[i]!;
  for (let i = 0, to = firstLine + inserted.length; i < kept; i++) result[to + i] = starts[lastLine + 1 + i]! + delta;
  return result;
}

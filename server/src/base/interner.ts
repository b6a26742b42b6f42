import { grown } from './grown';

const INITIAL_BITS = 14;
const RECENT_BITS = 12;
/** Longer spellings are left to the decoder: letters are handed over as arguments of a call. */
const MAX_LETTERS = 128;
/** 2^32 divided by the golden ratio (Knuth's multiplicative hashing). */
const GOLDEN = 0x9e3779b1 | 0;

/**
 * Maps identifier spellings to small integers, so that the hot paths compare numbers.
 *
 * Ids are dense, start at 1 and are never reused; 0 means "no name". One interner lives as long as its worker; values
 * that leave the worker carry spellings, never ids.
 */
export class Interner {
  private readonly decoder = new TextDecoder('utf-8');
  private readonly encoder = new TextEncoder();
  private readonly ascii = new Uint8Array(128);
  /** The letters of a spelling that is being decoded. */
  private readonly letters: number[] = [];
  private spelledLength = 0;
  private spelledHash = 0;
  /** Open addressing: hash and id in turn, so that a probe touches one cache line. An id of 0 marks a free slot. */
  private table = new Int32Array(2 << INITIAL_BITS);
  /** Takes the upper bits of a 32-bit product: names that differ in their last letters spread over the whole table. */
  private shift = 32 - INITIAL_BITS;
  /** Hash and id of names seen lately: a file uses few names, while the table of a whole tree does not fit the processor's caches. */
  private readonly recent = new Int32Array(2 << RECENT_BITS);
  private starts = new Uint32Array((1 << 13) + 1);
  private bytes = new Uint8Array(1 << 17);
  /** Spellings that have been asked for. */
  private readonly texts: (string | undefined)[] = [''];
  private count = 1;

  /** Number of ids given out, 0 included: every valid id is below it. */
  get size(): number {
    return this.count;
  }

  /** The id of a spelling, given out on first sight. */
  intern(text: string): number {
    const bytes = this.spelled(text);
    return this.internBytes(bytes, 0, this.spelledLength, this.spelledHash);
  }

  /** The id of a spelling if it has been seen, otherwise 0. */
  find(text: string): number {
    const bytes = this.spelled(text);
    return this.findBytes(bytes, 0, this.spelledLength, this.spelledHash);
  }

  /** The bytes of a text, valid until the next call; `spelledLength` and `spelledHash` say how many they are and what they fold to. */
  private spelled(text: string): Uint8Array {
    const { ascii } = this;
    const length = Math.min(text.length, ascii.length);
    let hash = 0;
    let at = 0;
    for (let unit = 0; at < length; at++) {
      unit = text.charCodeAt(at);
      if (unit >= 0x80) break;
      ascii[at] = unit;
      hash = hashStep(hash, unit);
    }
    // Names are short and ASCII but for the odd one.
    const bytes = at === text.length ? ascii : this.encoder.encode(text);
    this.spelledLength = bytes === ascii ? at : bytes.length;
    this.spelledHash = bytes === ascii ? hash : bytes.reduce(hashStep, 0);
    return bytes;
  }

  /** The id of `source[start, end)`; `hash` is the fold of {@link hashStep} over those bytes, starting at 0. */
  internBytes(source: Uint8Array, start: number, end: number, hash: number): number {
    const { recent } = this;
    const index = (Math.imul(hash, GOLDEN) >>> (32 - RECENT_BITS)) << 1;
    if (recent[index] === hash && this.spells(recent[index + 1]!, source, start, end)) return recent[index + 1]!;
    const slot = this.slot(source, start, end, hash);
    const known = this.table[slot + 1]!;
    const id = known !== 0 ? known : this.add(source, start, end, hash, slot);
    recent[index] = hash;
    recent[index + 1] = id;
    return id;
  }

  /** As {@link internBytes}, but gives 0 for a spelling not seen yet. */
  findBytes(source: Uint8Array, start: number, end: number, hash: number): number {
    return this.table[this.slot(source, start, end, hash) + 1]!;
  }

  /** The spelling of an id; the empty string for 0, and for an id that was not given out yet. */
  text(id: number): string {
    const known = this.texts[id];
    if (known !== undefined) return known;
    // Kept, it would be the spelling of the name that gets this id later.
    if (id >= this.count) return '';
    const text = this.decode(this.starts[id]!, this.starts[id + 1]!);
    this.texts[id] = text;
    return text;
  }

  /** Bytes of a spelling. */
  lengthOf(id: number): number {
    return this.starts[id + 1]! - this.starts[id]!;
  }

  /** The n-th byte of a spelling. */
  byteOf(id: number, n: number): number {
    return this.bytes[this.starts[id]! + n]!;
  }

  /** The bytes of a spelling, folded by {@link hashStep}. */
  hashOf(id: number): number {
    let hash = 0;
    for (let at = this.starts[id]!; at < this.starts[id + 1]!; at++) hash = hashStep(hash, this.bytes[at]!);
    return hash;
  }

  /** Writes a spelling into `target` from an offset on; returns the offset behind it. */
  copySpelling(id: number, target: Uint8Array, offset: number): number {
    for (let at = this.starts[id]!; at < this.starts[id + 1]!; at++) target[offset++] = this.bytes[at]!;
    return offset;
  }

  /** Names are ASCII but for the odd one, and short: made of their letters at once they are quicker than a decoder, and unlike sums of letters one string. */
  private decode(start: number, end: number): string {
    const { bytes, letters } = this;
    const length = end - start;
    if (length > MAX_LETTERS) return this.decoder.decode(bytes.subarray(start, end));
    letters.length = length;
    for (let at = 0; at < length; at++) {
      const byte = bytes[start + at]!;
      if (byte >= 0x80) return this.decoder.decode(bytes.subarray(start, end));
      letters[at] = byte;
    }
    return String.fromCharCode(...letters);
  }

  /** Whether the spelling of `id` begins with `prefix`; decodes nothing. */
  startsWith(id: number, prefix: Uint8Array): boolean {
    const at = this.starts[id]!;
    if (this.starts[id + 1]! - at < prefix.length) return false;
    for (let i = 0; i < prefix.length; i++) if (this.bytes[at + i] !== prefix[i]) return false;
    return true;
  }

  /** Whether the spelling of `id` ends with `suffix`; decodes nothing. */
  endsWith(id: number, suffix: Uint8Array): boolean {
    const at = this.starts[id + 1]! - suffix.length;
    if (at < this.starts[id]!) return false;
    for (let i = 0; i < suffix.length; i++) if (this.bytes[at + i] !== suffix[i]) return false;
    return true;
  }

  /** Whether the spelling of `id` holds `part` (at least one byte); decodes nothing. */
  includes(id: number, part: Uint8Array): boolean {
    const last = this.starts[id + 1]! - part.length;
    for (let at = this.starts[id]!; at <= last; at++) {
      let i = 0;
      while (i < part.length && this.bytes[at + i] === part[i]) i++;
      if (i === part.length) return true;
    }
    return false;
  }

  /** Index of the slot that holds a spelling or would take it. */
  private slot(source: Uint8Array, start: number, end: number, hash: number): number {
    const { table } = this;
    const mask = table.length - 1;
    for (let slot = (Math.imul(hash, GOLDEN) >>> this.shift) << 1; ; slot = (slot + 2) & mask) {
      const id = table[slot + 1]!;
      if (id === 0 || (table[slot] === hash && this.spells(id, source, start, end))) return slot;
    }
  }

  private spells(id: number, source: Uint8Array, start: number, end: number): boolean {
    const { starts, bytes } = this;
    let at = starts[id]!;
    if (starts[id + 1]! - at !== end - start) return false;
    for (let from = start; from < end; from++, at++) if (bytes[at] !== source[from]) return false;
    return true;
  }

  private add(source: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const id = this.count++;
    if (id + 1 >= this.starts.length) this.starts = grown(this.starts, this.starts.length * 2);
    // A fresh interner has starts[1] = 0: id 1 begins at byte 0.
    const at = this.starts[id]!;
    const stop = at + end - start;
    if (stop > this.bytes.length) this.bytes = grown(this.bytes, Math.max(stop, this.bytes.length * 2));
    for (let i = start, to = at; i < end; i++, to++) this.bytes[to] = source[i]!;
    this.starts[id + 1] = stop;
    this.table[slot] = hash;
    this.table[slot + 1] = id;
    this.texts.push(undefined);
    if (this.count * 4 > this.table.length) this.growTable();
    return id;
  }

  private growTable(): void {
    const old = this.table;
    const table = new Int32Array(old.length * 2);
    const mask = table.length - 1;
    this.shift--;
    for (let from = 0; from < old.length; from += 2) {
      const id = old[from + 1]!;
      if (id === 0) continue;
      const hash = old[from]!;
      let slot = (Math.imul(hash, GOLDEN) >>> this.shift) << 1;
      while (table[slot + 1] !== 0) slot = (slot + 2) & mask;
      table[slot] = hash;
      table[slot + 1] = id;
    }
    this.table = table;
  }
}

/** What numbers the names of a text while it is scanned. */
export type NameSource = Pick<Interner, 'intern' | 'internBytes'>;

/** One step of the identifier hash; the lexer folds it while it scans, so that no byte is read twice. */
export function hashStep(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/**
 * Maps identifier spellings to small integers, so that the hot paths compare numbers.
 *
 * Ids are dense, start at 1 and are never reused; 0 means "no name". One interner lives as long as its worker; values
 * that leave the worker carry spellings, never ids.
 */
export class Interner {
  private readonly decoder = new TextDecoder('utf-8');
  private readonly encoder = new TextEncoder();
  private table = new Int32Array(1 << 14);
  private mask = (1 << 14) - 1;
  private hashes = new Int32Array(1 << 13);
  private starts = new Uint32Array((1 << 13) + 1);
  private bytes = new Uint8Array(1 << 17);
  private texts: (string | undefined)[] = [''];
  private count = 1;

  /** Number of ids given out, 0 included: every valid id is below it. */
  get size(): number {
    return this.count;
  }

  /** The id of a spelling, given out on first sight. */
  intern(text: string): number {
    const bytes = this.encoder.encode(text);
    let hash = 0;
    for (let i = 0; i < bytes.length; i++) hash = hashStep(hash, bytes[i]!);
    return this.internBytes(bytes, 0, bytes.length, hash);
  }

  /** The id of a spelling if it has been seen, otherwise 0. */
  find(text: string): number {
    const bytes = this.encoder.encode(text);
    let hash = 0;
    for (let i = 0; i < bytes.length; i++) hash = hashStep(hash, bytes[i]!);
    return this.table[this.slot(bytes, 0, bytes.length, hash)]!;
  }

  /** The id of `source[start, end)`; `hash` is the fold of {@link hashStep} over those bytes, starting at 0. */
  internBytes(source: Uint8Array, start: number, end: number, hash: number): number {
    const slot = this.slot(source, start, end, hash);
    const known = this.table[slot]!;
    if (known !== 0) return known;
    return this.add(source, start, end, hash, slot);
  }

  /** The spelling of an id; the empty string for 0. */
  text(id: number): string {
    const known = this.texts[id];
    if (known !== undefined) return known;
    const text = this.decoder.decode(this.bytes.subarray(this.starts[id]!, this.starts[id + 1]!));
    this.texts[id] = text;
    return text;
  }

  /** Whether the spelling of `id` begins with `prefix`; decodes nothing. */
  startsWith(id: number, prefix: Uint8Array): boolean {
    const at = this.starts[id]!;
    if (this.starts[id + 1]! - at < prefix.length) return false;
    for (let i = 0; i < prefix.length; i++) if (this.bytes[at + i] !== prefix[i]) return false;
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

  private slot(source: Uint8Array, start: number, end: number, hash: number): number {
    const { table, mask, hashes, starts, bytes } = this;
    const length = end - start;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const id = table[slot]!;
      if (id === 0) return slot;
      if (hashes[id] !== hash) continue;
      const at = starts[id]!;
      if (starts[id + 1]! - at !== length) continue;
      let i = 0;
      while (i < length && bytes[at + i] === source[start + i]) i++;
      if (i === length) return slot;
    }
  }

  private add(source: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const id = this.count++;
    if (id + 1 >= this.starts.length) this.growIds();
    const at = this.starts[id]!;
    const stop = at + end - start;
    if (stop > this.bytes.length) this.growBytes(stop);
    for (let i = start, to = at; i < end; i++, to++) this.bytes[to] = source[i]!;
    this.starts[id + 1] = stop;
    this.hashes[id] = hash;
    this.table[slot] = id;
    this.texts.push(undefined);
    if (this.count * 2 > this.table.length) this.growTable();
    return id;
  }

  private growIds(): void {
    const starts = new Uint32Array(this.starts.length * 2);
    starts.set(this.starts);
    this.starts = starts;
    const hashes = new Int32Array(this.hashes.length * 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
    // A fresh interner has starts[1] = 0: id 1 begins at byte 0.
  }

  private growBytes(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes);
    this.bytes = bytes;
  }

  private growTable(): void {
    const table = new Int32Array(this.table.length * 2);
    const mask = table.length - 1;
    for (let id = 1; id < this.count; id++) {
      const hash = this.hashes[id]!;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = id;
    }
    this.table = table;
    this.mask = mask;
  }
}

/** One step of the identifier hash; the lexer folds it while it scans, so that no byte is read twice. */
export function hashStep(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

import { grown } from '../../base/grown';
import type { TextRange } from '../../base/range';

/** Where a header defines a name. */
export interface Definition extends TextRange {
  /** Its id. */
  readonly header: number;
}

/** Odd multipliers of two independent folds: names that agree in both are the same name for all that can be told. */
const FACTOR = 0x01000193;
const OTHER_FACTOR = 0x2c1b3c6d;
const INITIAL_SLOTS = 1 << 12;
/** Two folds of the name, header, start, end, number of the entry of the same name that was added before plus one. */
const ENTRY = 6;

/**
 * Where names are defined: for each name the headers and byte ranges of its definitions, in the order they were added. The headers of a tree
 * define a million names of which a run asks for a few, so 64 bits stand for each and no spelling is kept.
 */
export class DefinitionTable {
  /** Number of the entry of a name that was added last, plus one; 0: free. */
  private slots = new Int32Array(INITIAL_SLOTS);
  private names = 0;
  private entries = new Int32Array(ENTRY << 10);
  private count = 0;

  /** Adds a definition of the name at `bytes[from, to)`. */
  add(bytes: Uint8Array, from: number, to: number, header: number, start: number, end: number): void {
    if ((this.names + 1) * 2 > this.slots.length) this.growSlots();
    const at = this.count * ENTRY;
    if (at === this.entries.length) this.entries = grown(this.entries, at + ENTRY * (this.count >> 1));
    const { entries, slots } = this;
    const [one, other] = [fold(bytes, from, to, FACTOR), fold(bytes, from, to, OTHER_FACTOR)];
    const slot = this.slotOf(one, other);
    const before = slots[slot]!;
    entries[at] = one;
    entries[at + 1] = other;
    entries[at + 2] = header;
    entries[at + 3] = start;
    entries[at + 4] = end;
    entries[at + 5] = before;
    slots[slot] = ++this.count;
    if (before === 0) this.names++;
  }

  /** The definitions of a name; none of one that is not ASCII. */
  of(name: string): readonly Definition[] {
    const { slots, entries } = this;
    const found: Definition[] = [];
    for (let entry = slots[this.slotOf(foldText(name, FACTOR), foldText(name, OTHER_FACTOR))]!; entry !== 0; ) {
      const at = entry * ENTRY - ENTRY;
      found.push({ header: entries[at + 2]!, start: entries[at + 3]!, end: entries[at + 4]! });
      entry = entries[at + 5]!;
    }
    return found.reverse();
  }

  /** Where a name stands in the slots, or would stand. */
  private slotOf(one: number, other: number): number {
    const { slots, entries } = this;
    const mask = slots.length - 1;
    for (let slot = Math.imul(one ^ (one >>> 15), FACTOR) & mask; ; slot = (slot + 1) & mask) {
      const at = slots[slot]! * ENTRY - ENTRY;
      if (at < 0 || (entries[at] === one && entries[at + 1] === other)) return slot;
    }
  }

  private growSlots(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    for (const entry of old) {
      if (entry !== 0) this.slots[this.slotOf(this.entries[entry * ENTRY - ENTRY]!, this.entries[entry * ENTRY - ENTRY + 1]!)] = entry;
    }
  }
}

function fold(bytes: Uint8Array, from: number, to: number, factor: number): number {
  let hash = to - from;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, factor) + bytes[at]!) | 0;
  return hash;
}

/** As {@link fold} of the same letters as bytes. */
function foldText(name: string, factor: number): number {
  let hash = name.length;
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, factor) + name.charCodeAt(at)) | 0;
  return hash;
}

import { grown } from '../../base/grown';

/** Odd multipliers of two independent folds: names that agree in both are the same name for all that can be told. */
const FACTOR = 0x01000193;
const OTHER_FACTOR = 0x2c1b3c6d;
const INITIAL_SLOTS = 1 << 12;
/** Two folds of a name, number of its first and of its last entry plus one; 0: free. */
const SLOT = 4;
/** Header, start, end, number of the next entry of the same name plus one. */
const ENTRY = 4;

/**
 * Where names are defined: for each name the headers and byte ranges of its definitions, in the order they were added. The headers of a tree
 * define hundreds of thousands of names of which a run asks for a few, so 64 bits stand for each and no spelling is kept.
 */
export class DefinitionTable {
  private slots = new Int32Array(INITIAL_SLOTS * SLOT);
  private names = 0;
  private entries = new Int32Array(1 << 12);
  private count = 0;

  /** Adds a definition of the name at `bytes[from, to)`. */
  add(bytes: Uint8Array, from: number, to: number, header: number, start: number, end: number): void {
    if ((this.names + 1) * 2 * SLOT > this.slots.length) this.growSlots();
    if ((this.count + 1) * ENTRY > this.entries.length) this.entries = grown(this.entries, this.entries.length * 2);
    this.entries[this.count * ENTRY] = header;
    this.entries[this.count * ENTRY + 1] = start;
    this.entries[this.count * ENTRY + 2] = end;
    const entry = ++this.count;
    const [one, other] = [fold(bytes, from, to, FACTOR), fold(bytes, from, to, OTHER_FACTOR)];
    const { slots } = this;
    const slot = slotOf(slots, one, other);
    if (slots[slot + 2] === 0) {
      slots[slot] = one;
      slots[slot + 1] = other;
      slots[slot + 2] = entry;
      this.names++;
    } else this.entries[slots[slot + 3]! * ENTRY - 1] = entry;
    slots[slot + 3] = entry;
  }

  /** Calls back for each definition of a name; of none whose name is not ASCII. */
  each(name: string, visit: (header: number, start: number, end: number) => void): void {
    const slot = slotOf(this.slots, foldText(name, FACTOR), foldText(name, OTHER_FACTOR));
    for (let entry = this.slots[slot + 2]!; entry !== 0; entry = this.entries[entry * ENTRY - 1]!) {
      const at = entry * ENTRY - ENTRY;
      visit(this.entries[at]!, this.entries[at + 1]!, this.entries[at + 2]!);
    }
  }

  private growSlots(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 2);
    for (let from = 0; from < old.length; from += SLOT) {
      if (old[from + 2] !== 0) slots.set(old.subarray(from, from + SLOT), slotOf(slots, old[from]!, old[from + 1]!));
    }
    this.slots = slots;
  }
}

/** Where a name stands in the slots, or would stand. */
function slotOf(slots: Int32Array, one: number, other: number): number {
  const mask = slots.length - 1;
  for (let slot = (Math.imul(one ^ (one >>> 15), FACTOR) & (mask >> 2)) * SLOT; ; slot = (slot + SLOT) & mask) {
    if (slots[slot + 2] === 0 || (slots[slot] === one && slots[slot + 1] === other)) return slot;
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

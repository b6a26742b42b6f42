import type { Shard } from './shard';

/**
 * Bytes of a block. The C library asks the system for a piece of memory this large and gives it back when it is freed; of the many small ones that
 * came from threads it would keep whatever lies around them.
 */
const BLOCK = 8 << 20;

/** Keeps shards that came from other threads, few to a block, so that nothing of those threads' memory stays in use. */
export class ShardBlocks {
  private block = new ArrayBuffer(0);
  private used = 0;

  /** A copy of a shard. */
  keep(shard: Shard): Shard {
    const { data, names } = shard;
    const numbers = new Int32Array(this.place(data.byteLength), this.used, data.length);
    numbers.set(data);
    this.used += data.byteLength;
    const spellings = new Uint8Array(this.place(names.length), this.used, names.length);
    spellings.set(names);
    // Numbers begin at multiples of four.
    this.used += (names.length + 3) & ~3;
    return { ...shard, data: numbers, names: spellings };
  }

  /** The block with room for so many bytes at {@link used}. */
  private place(bytes: number): ArrayBuffer {
    if (this.used + bytes > this.block.byteLength) {
      this.block = new ArrayBuffer(Math.max(BLOCK, bytes));
      this.used = 0;
    }
    return this.block;
  }
}

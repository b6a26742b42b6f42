import type { Output } from './output';

const SIZE = 1 << 18;
/** UTF-8 takes at most three bytes for one unit of a string. */
const MOST_BYTES = 3;
const PLAIN = 'latin1';

/**
 * Lines on their way out, as bytes: a text made of many pieces goes into memory once, where joining texts first would collect it twice.
 */
export class LineBuffer {
  private readonly bytes = Buffer.allocUnsafe(SIZE);
  private used = 0;

  constructor(private readonly output: Output) {}

  /** Whether a line of this length still fits; if not, {@link flush} first. */
  fits(line: string): boolean {
    return this.used + line.length * MOST_BYTES + 1 <= SIZE;
  }

  /** Adds a line that fits. `ascii`: it has no other characters, which is faster. */
  add(line: string, ascii: boolean): void {
    this.used += this.bytes.write(line, this.used, ascii ? PLAIN : 'utf8');
    this.bytes[this.used++] = 10;
  }

  /** Writes what was added, and after it a line that is too long for the buffer, if any. */
  async flush(long?: string): Promise<void> {
    const used = this.used;
    this.used = 0;
    await this.output.writeBytes(this.bytes.subarray(0, used));
    if (long !== undefined) await this.output.write(`${long}\n`);
  }
}

/** What a run costs beside its input, in bytes. */
const OVERHEAD = 2048;
/** So many inputs before anything is called slow: until then the engine compiles. */
const WARM = 3000;
const SAMPLES = 2001;
/** Shorter runs are noise, ms. */
const NOISE = 8;
/** So many times the usual time per byte is a finding. */
const SLOW = 10;
/** Bytes of a token of kernel C with what stands around it. A text of brackets has more to be read in a byte than any that people write. */
const TOKEN_BYTES = 8;

const LF = 10;

/** The usual processor time per byte, as the median of the newest inputs. */
export class UsualTime {
  private readonly samples = new Float64Array(SAMPLES);
  private count = 0;
  private median = Number.POSITIVE_INFINITY;

  add(input: Uint8Array, elapsed: number): void {
    this.samples[this.count++ % SAMPLES] = elapsed / weightOf(input);
    if (this.count >= WARM && this.count % SAMPLES === 0) this.median = this.samples.toSorted()[SAMPLES >> 1]!;
  }

  times(input: Uint8Array, elapsed: number): number {
    return elapsed / weightOf(input) / this.median;
  }

  isSlow(input: Uint8Array, elapsed: number): boolean {
    return elapsed > NOISE && this.times(input, elapsed) > SLOW;
  }
}

/** The bytes of an input, or more where its tokens and lines are shorter than usual. */
function weightOf(input: Uint8Array): number {
  let tokens = 0;
  let inWord = false;
  for (const byte of input) {
    const isWord = isWordByte(byte);
    if (isWord ? !inWord : byte > 0x20 || byte === LF) tokens++;
    inWord = isWord;
  }
  return OVERHEAD + Math.max(input.length, TOKEN_BYTES * tokens);
}

function isWordByte(byte: number): boolean {
  const lower = byte | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte >= 0x80;
}

/** What a run costs beside its input, in bytes. */
const OVERHEAD = 2048;
/** So many inputs before anything is called slow: until then the engine compiles. */
const WARM = 3000;
const SAMPLES = 2001;
/** Shorter runs are noise, ms. */
const NOISE = 8;
/** So many times the usual time per byte is a finding. */
const SLOW = 10;

/** The usual time per byte, as the median of the newest inputs. */
export class UsualTime {
  private readonly samples = new Float64Array(SAMPLES);
  private count = 0;
  private median = Number.POSITIVE_INFINITY;

  add(bytes: number, elapsed: number): void {
    this.samples[this.count++ % SAMPLES] = elapsed / (bytes + OVERHEAD);
    if (this.count >= WARM && this.count % SAMPLES === 0) this.median = this.samples.toSorted()[SAMPLES >> 1]!;
  }

  times(bytes: number, elapsed: number): number {
    return elapsed / (bytes + OVERHEAD) / this.median;
  }

  isSlow(bytes: number, elapsed: number): boolean {
    return elapsed > NOISE && this.times(bytes, elapsed) > SLOW;
  }
}

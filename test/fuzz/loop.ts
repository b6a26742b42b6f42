import { createHash } from 'node:crypto';
import { Coverage } from './coverage';
import { MAX_INPUT, mutate } from './mutate';
import { Random } from './random';
import type { FuzzTarget } from './target';
import { UsualTime } from './usualTime';

/** An input that breaks a promise. */
export interface FuzzFinding {
  readonly kind: 'throws' | 'slow';
  readonly input: Uint8Array;
  readonly message: string;
}

export interface LoopOptions {
  readonly target: FuzzTarget;
  readonly seed: number;
  /** First inputs. */
  readonly corpus: readonly Uint8Array[];
  /** Counters that the instrumented program raises; undefined runs blindly. */
  readonly hits: Uint8Array | undefined;
  /** Told before each input, so that one that never ends is known. */
  readonly starting: (input: Uint8Array) => void;
  readonly found: (finding: FuzzFinding) => void;
  /** An input that reached code that none before it did. */
  readonly kept: (input: Uint8Array) => void;
  /** Whether to go on after so many inputs. */
  readonly proceed: (inputs: number) => boolean;
  /** Times say nothing on a busy machine with a few inputs. */
  readonly timed: boolean;
}

export interface LoopResult {
  readonly inputs: number;
  readonly bytes: number;
  readonly covered: number;
  readonly corpus: number;
}

/** Mutated inputs, one after the other; what reaches new code is kept and mutated further. */
export async function fuzz(options: LoopOptions): Promise<LoopResult> {
  const loop = new Loop(options);
  for (const input of options.corpus) await loop.one(input);
  while (options.proceed(loop.inputs)) await loop.one(loop.next());
  return { inputs: loop.inputs, bytes: loop.bytes, covered: loop.coverage?.covered ?? 0, corpus: loop.corpus.length };
}

/** So often a slow input is looked at again: the machine may have been busy. */
const RETRIES = 4;

class Loop {
  readonly corpus: string[] = [];
  readonly coverage: Coverage | undefined;
  inputs = 0;
  bytes = 0;
  private readonly random: Random;
  private readonly usual = new UsualTime();
  private readonly told = new Set<string>();

  constructor(private readonly options: LoopOptions) {
    this.random = new Random(options.seed);
    this.coverage = options.hits && new Coverage(options.hits);
    if (!this.coverage) this.corpus.push(...options.corpus.map(latin1));
  }

  /** The newest inputs are likeliest to lead further. */
  next(): Uint8Array {
    const { corpus, random, options } = this;
    const recent = random.once(3) ? Math.max(0, corpus.length - 20) : 0;
    const text = corpus.length === 0 ? '' : corpus[recent + random.below(corpus.length - recent)]!;
    const material = { words: options.target.words, corpus, json: options.target.json === true };
    return Buffer.from(mutate(text, random, material), 'latin1');
  }

  async one(input: Uint8Array): Promise<void> {
    this.inputs++;
    this.bytes += input.length;
    this.options.starting(input);
    this.coverage?.begin();
    const seed = this.random.below(2 ** 31);
    let elapsed: number;
    try {
      elapsed = await this.time(input, seed);
    } catch (error) {
      this.tell('throws', input, error instanceof Error ? (error.stack ?? error.message) : String(error));
      return;
    }
    if (this.options.timed && this.usual.isSlow(input.length, elapsed)) {
      await this.lookAgain(input, seed, elapsed);
      return;
    }
    this.usual.add(input.length, elapsed);
    if (this.coverage?.isNew() !== true) return;
    if (input.length <= MAX_INPUT) this.corpus.push(latin1(input));
    this.options.kept(input);
  }

  private async lookAgain(input: Uint8Array, seed: number, first: number): Promise<void> {
    let best = first;
    for (let again = 0; again < RETRIES; again++) {
      this.options.starting(input);
      best = Math.min(best, await this.time(input, seed));
    }
    if (this.usual.isSlow(input.length, best))
      this.tell(
        'slow',
        input,
        `${best.toFixed(1)} ms for ${input.length} bytes, ${this.usual.times(input.length, best).toFixed(0)} times the usual`,
      );
  }

  /** Milliseconds. */
  private async time(input: Uint8Array, seed: number): Promise<number> {
    const begin = performance.now();
    const done = this.options.target.run(input, new Random(seed));
    if (done !== undefined) await done;
    return performance.now() - begin;
  }

  /** The same fault is told once: by its place in the program, or for slow inputs by their beginning. */
  private tell(kind: FuzzFinding['kind'], input: Uint8Array, message: string): void {
    const place =
      message
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 3)
        .join() || createHash('sha1').update(input.subarray(0, 40)).digest('hex');
    if (this.told.has(`${kind} ${place}`)) return;
    this.told.add(`${kind} ${place}`);
    this.options.found({ kind, input, message });
  }
}

function latin1(input: Uint8Array): string {
  return Buffer.from(input).toString('latin1');
}

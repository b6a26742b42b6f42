import { createHash } from 'node:crypto';
import { Corpus } from './corpus';
import { Coverage, News } from './coverage';
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
  /** Words beside those of the target. */
  readonly words: readonly string[];
  /** Counters that the instrumented program raises; undefined runs blindly. */
  readonly hits: Uint8Array | undefined;
  /** Told before each input, so that one that never ends is known. */
  readonly starting: (input: Uint8Array) => void;
  readonly found: (finding: FuzzFinding) => void;
  /** An input that reached code that none before it did. */
  readonly kept: (input: Uint8Array) => void;
  /** Whether to go on after so many inputs. */
  readonly proceed: (inputs: number) => boolean;
  /** Times say nothing with a few inputs. */
  readonly timed: boolean;
}

export interface LoopResult {
  readonly inputs: number;
  readonly bytes: number;
  /** Blocks that were entered by the first inputs, and by all. */
  readonly coveredFirst: number;
  readonly covered: number;
  readonly blocks: readonly number[];
  readonly corpus: number;
}

/** Mutated inputs, one after the other; what reaches new code is kept and mutated further. */
export async function fuzz(options: LoopOptions): Promise<LoopResult> {
  const loop = new Loop(options);
  for (const input of options.corpus) await loop.one(input);
  const coveredFirst = loop.coverage?.covered ?? 0;
  while (options.proceed(loop.inputs)) await loop.one(loop.next());
  const { inputs, bytes, coverage, corpus } = loop;
  return {
    inputs,
    bytes,
    coveredFirst,
    covered: coverage?.covered ?? 0,
    blocks: coverage?.blocks() ?? [],
    corpus: corpus.texts.length,
  };
}

/** So often a slow input is looked at again: the engine may have collected garbage or compiled. */
const RETRIES = 4;

class Loop {
  readonly corpus: Corpus;
  readonly coverage: Coverage | undefined;
  inputs = 0;
  bytes = 0;
  private readonly random: Random;
  private readonly words: readonly string[];
  private readonly usual = new UsualTime();
  private readonly told = new Set<string>();

  constructor(private readonly options: LoopOptions) {
    this.random = new Random(options.seed);
    this.words = [...options.target.words, ...options.words];
    this.coverage = options.hits && new Coverage(options.hits);
    this.corpus = new Corpus(this.coverage);
    if (!this.coverage) for (const input of options.corpus) this.corpus.add(latin1(input), 0);
  }

  next(): Uint8Array {
    const { corpus, random, options, words } = this;
    // What the target's author wrote down says more than any word of the program.
    const drawn = random.once(2) ? options.target.words : words;
    const material = { words: drawn, corpus: corpus.texts, json: options.target.json === true };
    return Buffer.from(mutate(corpus.pick(random), random, material), 'latin1');
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
    const news = this.coverage?.end() ?? News.None;
    if (this.options.timed && this.usual.isSlow(input, elapsed)) {
      await this.lookAgain(input, seed, elapsed);
      return;
    }
    this.usual.add(input, elapsed);
    if (news === News.None) return;
    if (input.length <= MAX_INPUT) this.corpus.add(latin1(input), elapsed);
    this.options.kept(input);
  }

  private async lookAgain(input: Uint8Array, seed: number, first: number): Promise<void> {
    let best = first;
    for (let again = 0; again < RETRIES; again++) {
      this.options.starting(input);
      best = Math.min(best, await this.time(input, seed));
    }
    if (this.usual.isSlow(input, best))
      this.tell(
        'slow',
        input,
        `${best.toFixed(1)} ms for ${input.length} bytes, ${this.usual.times(input, best).toFixed(0)} times the usual`,
      );
  }

  /** Processor time in milliseconds: other programs on the machine do not count. */
  private async time(input: Uint8Array, seed: number): Promise<number> {
    const begin = process.cpuUsage();
    const done = this.options.target.run(input, new Random(seed));
    if (done !== undefined) await done;
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
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

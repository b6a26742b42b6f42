import type { Coverage } from './coverage';
import type { Random } from './random';

/** An input worth changing further. */
interface Entry {
  /** As latin-1: a character is a byte. */
  readonly text: string;
  /** The blocks it enters that the fewest others do. */
  readonly rare: readonly number[];
  /** Processor time, ms. */
  readonly cost: number;
}

const RARE = 6;
/** So many entries compete for being the next one. */
const RIVALS = 5;
/** An input that costs less than this is cheap enough, ms. */
const CHEAP = 0.3;

/** The inputs that reached something new, of which those that go where few go, quickly, are taken most often. */
export class Corpus {
  readonly texts: string[] = [];
  private readonly entries: Entry[] = [];

  constructor(private readonly coverage: Coverage | undefined) {}

  add(text: string, cost: number): void {
    this.texts.push(text);
    this.entries.push({ text, cost, rare: this.coverage?.rarest(RARE) ?? [] });
  }

  pick(random: Random): string {
    if (this.entries.length === 0) return '';
    let best = random.pick(this.entries);
    // Now and then anything, so that nothing is forgotten.
    if (this.coverage === undefined || random.once(6)) return best.text;
    let value = this.valueOf(best);
    for (let rival = 1; rival < RIVALS; rival++) {
      const other = random.pick(this.entries);
      const worth = this.valueOf(other);
      if (worth > value) [best, value] = [other, worth];
    }
    return best.text;
  }

  private valueOf({ rare, cost }: Entry): number {
    let value = 0;
    for (const block of rare) value += 1 / (1 + this.coverage!.inputsAt(block));
    return value / Math.max(CHEAP, cost);
  }
}

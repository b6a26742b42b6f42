/** What an input reached that none before it did. */
export const enum News {
  None = 0,
  /** Known blocks, but another number of times: two rounds of a loop are another way than one. */
  Count = 1,
  /** A block that no input before it entered. */
  Block = 2,
}

/** Which blocks of the program inputs reached, roughly how often, and how many inputs came by each. */
export class Coverage {
  /** For each block the classes of counts that were seen, a bit each. */
  private readonly seen: Uint8Array;
  private readonly inputs: Uint32Array;
  private readonly words: Uint32Array;
  covered = 0;

  /** The length of `hits` is a multiple of four. */
  constructor(private readonly hits: Uint8Array) {
    this.seen = new Uint8Array(hits.length);
    this.inputs = new Uint32Array(hits.length);
    this.words = new Uint32Array(hits.buffer, hits.byteOffset, hits.length / 4);
  }

  begin(): void {
    this.hits.fill(0);
  }

  /** What is new in the run since `begin`; it counts as seen from now on. */
  end(): News {
    const { words, hits, seen, inputs } = this;
    let news = News.None;
    for (let word = 0; word < words.length; word++) {
      if (words[word] === 0) continue;
      for (let block = word * 4; block < word * 4 + 4; block++) {
        const kind = classOf(hits[block]!);
        if (kind === 0) continue;
        inputs[block]!++;
        if ((seen[block]! & kind) === kind) continue;
        if (seen[block] === 0) {
          this.covered++;
          news = News.Block;
        } else if (news === News.None) news = News.Count;
        seen[block]! |= kind;
      }
    }
    return news;
  }

  /** The blocks of the run that `end` has just looked at which the fewest inputs came by. */
  rarest(count: number): readonly number[] {
    const blocks: number[] = [];
    for (let block = 0; block < this.hits.length; block++) if (this.hits[block] !== 0) blocks.push(block);
    return blocks.sort((a, b) => this.inputs[a]! - this.inputs[b]!).slice(0, count);
  }

  /** How many inputs came by a block. */
  inputsAt(block: number): number {
    return this.inputs[block]!;
  }

  /** The numbers of all blocks that were entered. */
  blocks(): readonly number[] {
    const blocks: number[] = [];
    for (let block = 0; block < this.seen.length; block++) if (this.seen[block] !== 0) blocks.push(block);
    return blocks;
  }
}

function classOf(count: number): number {
  if (count < 4) return count === 3 ? 4 : count;
  if (count < 8) return 8;
  if (count < 16) return 16;
  return count < 64 ? 32 : 64;
}

/** Which blocks of the program inputs reached, and roughly how often: two rounds of a loop are another way than one. */
export class Coverage {
  /** For each block the classes of counts that were seen, a bit each. */
  private readonly seen: Uint8Array;
  private readonly words: BigUint64Array;
  covered = 0;

  /** The length of `hits` is a multiple of eight. */
  constructor(private readonly hits: Uint8Array) {
    this.seen = new Uint8Array(hits.length);
    this.words = new BigUint64Array(hits.buffer, hits.byteOffset, hits.length / 8);
  }

  begin(): void {
    this.hits.fill(0);
  }

  /** Whether the run since `begin` went where no run before it did; it counts as seen from now on. */
  isNew(): boolean {
    let found = false;
    for (let word = 0; word < this.words.length; word++) {
      if (this.words[word] === 0n) continue;
      for (let block = word * 8; block < word * 8 + 8; block++) {
        const kind = classOf(this.hits[block]!);
        if ((this.seen[block]! & kind) === kind) continue;
        if (this.seen[block] === 0) this.covered++;
        this.seen[block]! |= kind;
        found = true;
      }
    }
    return found;
  }
}

function classOf(count: number): number {
  if (count < 4) return count === 3 ? 4 : count;
  if (count < 8) return 8;
  if (count < 16) return 16;
  return count < 64 ? 32 : 64;
}

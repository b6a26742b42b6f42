/**
 * Numbered things in lists by a numbered key, each list in ascending order: two arrays, where hundreds of thousands of lists of one or two
 * numbers would be an object each.
 */
export class Chains {
  private readonly heads: Int32Array;
  private readonly rest: Int32Array;

  /** `keyOf`: below `keys`, or negative for things that are in no list. */
  constructor(keys: number, things: number, keyOf: (thing: number) => number) {
    this.heads = new Int32Array(keys).fill(-1);
    this.rest = new Int32Array(things);
    for (let thing = things - 1; thing >= 0; thing--) {
      const key = keyOf(thing);
      if (key < 0) continue;
      this.rest[thing] = this.heads[key]!;
      this.heads[key] = thing;
    }
  }

  /** The first thing of a key, to be followed with {@link next}; -1 for a key that has none. */
  first(key: number): number {
    return this.heads[key] ?? -1;
  }

  /** The next thing of the same key; -1 behind the last. */
  next(thing: number): number {
    return this.rest[thing]!;
  }

  /** All things of a key. */
  *of(key: number): Generator<number, void> {
    for (let thing = this.first(key); thing >= 0; thing = this.next(thing)) yield thing;
  }
}

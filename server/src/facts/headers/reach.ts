import { grown } from '../../base/grown';

/** A header in reach: twice its id, plus one where an option of unknown state decides whether it is included. */
export type Reached = number;

export function reachedHeader(id: number, unsure: boolean): Reached {
  return id * 2 + (unsure ? 1 : 0);
}

/** The id of the header. */
export function idOf(reached: Reached): number {
  return reached >> 1;
}

export function isUnsure(reached: Reached): boolean {
  return (reached & 1) === 1;
}

const INITIAL = 1 << 10;

/** Walks over what headers include, breadth first. A file leads to some two thousand headers, so all is numbers here. */
export class IncludeWalk {
  private queue = new Int32Array(INITIAL);
  private count = 0;
  /** The walk in which a header was met last, by its id. */
  private met = new Uint32Array(INITIAL);
  private walks = 0;

  /** `includesOf`: what a header includes itself, by its id. It must not walk. */
  constructor(private readonly includesOf: (id: number) => Int32Array) {}

  /** Visits the headers in reach, nearest first, until `visit` says that it has enough. */
  run(roots: Int32Array, visit: (reached: Reached) => boolean): void {
    this.walks++;
    this.count = 0;
    this.enqueue(roots, 0);
    for (let at = 0; at < this.count; at++) {
      const reached = this.queue[at]!;
      if (visit(reached)) return;
      this.enqueue(this.includesOf(idOf(reached)), reached & 1);
    }
  }

  /** All headers in reach, nearest first; overwritten by the next walk. */
  all(roots: Int32Array): Int32Array {
    this.run(roots, () => false);
    return this.queue.subarray(0, this.count);
  }

  /** `unsure`: 1 where they are only included by what may not be included. */
  private enqueue(included: Int32Array, unsure: number): void {
    if (this.count + included.length > this.queue.length) this.queue = grown(this.queue, this.queue.length * 2 + included.length);
    const { queue, walks } = this;
    for (let i = 0; i < included.length; i++) {
      const id = idOf(included[i]!);
      if (id >= this.met.length) this.met = grown(this.met, id * 2);
      if (this.met[id] === walks) continue;
      this.met[id] = walks;
      queue[this.count++] = included[i]! | unsure;
    }
  }
}

/** The headers that the includes of one file lead to. */
export class Reach {
  private order = new Int32Array(INITIAL);
  private count = 0;
  /** Where a header stands in the order, by its id; what is left of other files stands elsewhere. */
  private rank = new Uint32Array(INITIAL);

  /** Takes the headers in reach of another file, nearest first. */
  fill(headers: Int32Array): void {
    if (headers.length > this.order.length) this.order = new Int32Array(headers.length * 2);
    this.order.set(headers);
    this.count = headers.length;
    for (let rank = 0; rank < headers.length; rank++) {
      const id = idOf(headers[rank]!);
      if (id >= this.rank.length) this.rank = grown(this.rank, id * 2);
      this.rank[id] = rank;
    }
  }

  hasAll(headers: Int32Array): boolean {
    return headers.every((header) => this.has(idOf(header)));
  }

  /** Those of them that have one of these ids, nearest first. */
  among(ids: ReadonlyMap<number, unknown>): readonly Reached[] {
    const ranks: number[] = [];
    for (const id of ids.keys()) if (this.has(id)) ranks.push(this.rank[id]!);
    return ranks.sort((a, b) => a - b).map((rank) => this.order[rank]!);
  }

  private has(id: number): boolean {
    const rank = this.rank[id];
    return rank !== undefined && rank < this.count && idOf(this.order[rank]!) === id;
  }
}

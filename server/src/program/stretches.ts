/** Work that lies still ahead of one worker: what is numbered from `next` up to but not `end`. */
interface Stretch {
  next: number;
  end: number;
}

/**
 * Hands a row of work out to workers side by side. Each goes through a stretch of its own from the front, because neighbours have much in common;
 * one that is done takes from the end of the longest stretch of the others.
 */
export class Stretches<Work> {
  private readonly stretches: readonly Stretch[];

  constructor(
    private readonly row: readonly Work[],
    workers: number,
  ) {
    const start = (worker: number): number => Math.floor((worker * row.length) / workers);
    this.stretches = Array.from({ length: workers }, (_, worker) => ({ next: start(worker), end: start(worker + 1) }));
  }

  get isEmpty(): boolean {
    return this.stretches.every(({ next, end }) => next === end);
  }

  /** What a worker, numbered from 0, does next; undefined when nothing is left. */
  take(worker: number): Work | undefined {
    const own = this.stretches[worker]!;
    if (own.next < own.end) return this.row[own.next++];
    const longest = this.stretches.reduce((a, b) => (b.end - b.next > a.end - a.next ? b : a));
    return longest.next < longest.end ? this.row[--longest.end] : undefined;
  }

  /** All that is left; nothing is left then. */
  takeAll(): readonly Work[] {
    return this.stretches.flatMap((stretch) => this.row.slice(stretch.next, (stretch.next = stretch.end)));
  }
}

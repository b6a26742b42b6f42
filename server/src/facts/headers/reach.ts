import type { Header } from './headerFiles';

/** A header in reach; `unsure`: an option of unknown state decides whether it is included. */
export interface Reached {
  readonly header: Header;
  readonly unsure: boolean;
}

/** The headers that the includes of a file lead to, nearest first. */
export class Reach {
  private readonly rank = new Map<number, number>();

  constructor(private readonly headers: readonly Reached[]) {
    for (const [rank, { header }] of headers.entries()) this.rank.set(header.id, rank);
  }

  /** Those of them that have one of these ids, nearest first. */
  among(ids: ReadonlyMap<number, unknown>): readonly Reached[] {
    const ranks: number[] = [];
    for (const id of ids.keys()) {
      const rank = this.rank.get(id);
      if (rank !== undefined) ranks.push(rank);
    }
    return ranks.sort((a, b) => a - b).map((rank) => this.headers[rank]!);
  }
}

import type { BuddyCell, Read, ZoneReport } from '../record';

interface ZoneId {
  readonly node: number;
  readonly name: string;
}

interface Row extends ZoneId {
  readonly line: number;
  readonly pages: Map<string, number>;
  protection: readonly number[] | undefined;
  /** Free blocks by order: all, and by the letter of their list. */
  counts: readonly number[] | undefined;
  readonly typed: Map<string, readonly number[]>;
}

/** The letters of the kernel's failure reports for the names of migration types in pagetypeinfo. */
const LETTERS: Readonly<Record<string, string>> = {
  Unmovable: 'U',
  Movable: 'M',
  Reclaimable: 'E',
  Reserve: 'R',
  HighAtomic: 'H',
  CMA: 'C',
  Isolate: 'I',
};

/** Names of zoneinfo under those of failure reports. */
const FIELDS: Readonly<Record<string, string>> = { nr_free_cma: 'free_cma', nr_free_highatomic: 'free_highatomic' };

/** Zones as buddyinfo, pagetypeinfo and zoneinfo describe them, put together. */
export class ZoneTable {
  private readonly rows: Row[] = [];
  private current: Row | undefined;

  open(id: ZoneId, line: number): 'zones' {
    this.current = this.row(id, line);
    return 'zones';
  }

  blocks(id: ZoneId, counts: readonly number[], line: number): 'zones' {
    const row = this.row(id, line);
    row.counts ??= counts;
    return 'zones';
  }

  typedBlocks(id: ZoneId, type: string, counts: readonly number[], line: number): 'zones' {
    const row = this.row(id, line);
    const letter = LETTERS[type];
    if (letter !== undefined && !row.typed.has(letter)) row.typed.set(letter, counts);
    return 'zones';
  }

  field(name: string, pages: number): 'zones' {
    const field = FIELDS[name] ?? name;
    const values = this.current?.pages;
    if (values !== undefined && !values.has(field)) values.set(field, pages);
    return 'zones';
  }

  protection(pages: readonly number[]): 'zones' {
    if (this.current !== undefined) this.current.protection ??= pages;
    return 'zones';
  }

  /** Of all zones; undefined when no zone tells. */
  freePages(): number | undefined {
    const known = this.rows.filter((row) => row.pages.has('free'));
    return known.length === 0 ? undefined : known.reduce((sum, row) => sum + row.pages.get('free')!, 0);
  }

  report(pageKb: number): readonly ZoneReport[] {
    return this.rows.map((row) => {
      const { node, name, line, protection } = row;
      const fields = new Map<string, Read<number>>();
      for (const [field, pages] of row.pages) fields.set(field, { value: pages * pageKb, line });
      const cells = cellsOf(row, pageKb);
      return {
        node,
        name,
        line,
        fields,
        ...(protection === undefined ? {} : { lowmemReserve: { value: protection, line } }),
        ...(cells.length === 0
          ? {}
          : { buddy: { line, cells, total: { value: cells.reduce((sum, cell) => sum + cell.count * cell.blockKb, 0), line } } }),
      };
    });
  }

  private row({ node, name }: ZoneId, line: number): Row {
    const known = this.rows.find((row) => row.node === node && row.name === name);
    if (known !== undefined) return known;
    const row: Row = { node, name, line, pages: new Map(), protection: undefined, counts: undefined, typed: new Map() };
    this.rows.push(row);
    return row;
  }
}

function cellsOf({ counts, typed, line }: Row, pageKb: number): readonly BuddyCell[] {
  const lists = [...typed];
  const orders = Math.max(counts?.length ?? 0, ...lists.map(([, list]) => list.length));
  return Array.from({ length: orders }, (_, order) => {
    const letters = lists.filter(([, list]) => (list[order] ?? 0) > 0).map(([letter]) => letter);
    const count = counts?.[order] ?? lists.reduce((sum, [, list]) => sum + (list[order] ?? 0), 0);
    return { count, blockKb: pageKb * 2 ** order, line, ...(lists.length === 0 || count === 0 ? {} : { types: letters.join('') }) };
  });
}

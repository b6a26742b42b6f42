/** Where names are defined: for each name (interner id) the headers and byte ranges of its definitions, in the order they were added. */
export class DefinitionTable {
  /** Number of the first and of the last entry of a name, plus one; 0: none. */
  private first = new Int32Array(1 << 14);
  private last = new Int32Array(1 << 14);
  /** Header, start, end, number of the next entry of the same name plus one. */
  private entries = new Int32Array(1 << 14);
  private count = 0;

  add(symbol: number, header: number, start: number, end: number): void {
    if (symbol >= this.first.length) this.growNames(symbol);
    if ((this.count + 1) * 4 > this.entries.length) this.entries = grown(this.entries, this.entries.length * 2);
    this.entries.set([header, start, end, 0], this.count * 4);
    const entry = ++this.count;
    const before = this.last[symbol]!;
    if (before === 0) this.first[symbol] = entry;
    else this.entries[before * 4 - 1] = entry;
    this.last[symbol] = entry;
  }

  has(symbol: number): boolean {
    return (this.first[symbol] ?? 0) !== 0;
  }

  /** Calls back for each definition of a name. */
  each(symbol: number, visit: (header: number, start: number, end: number) => void): void {
    for (let entry = this.first[symbol] ?? 0; entry !== 0; entry = this.entries[entry * 4 - 1]!) {
      const at = entry * 4 - 4;
      visit(this.entries[at]!, this.entries[at + 1]!, this.entries[at + 2]!);
    }
  }

  private growNames(symbol: number): void {
    let size = this.first.length;
    while (size <= symbol) size *= 2;
    this.first = grown(this.first, size);
    this.last = grown(this.last, size);
  }
}

function grown(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}

import type { Interner } from '../../base/interner';
import type { SourceFile } from '../../syntax/sourceFile';
import { type NameTable, Role } from '../names';
import type { ScanNames } from './callScan';

/** The names of one file, as the scan for calls asks for them. */
export class LinkNames implements ScanNames {
  readonly init: ReadonlySet<number>;
  private readonly zero: ReadonlySet<number>;
  private readonly nonzero: number;
  private readonly functions = new Set<number>();
  private readonly bytes: Uint8Array;

  constructor(
    file: SourceFile,
    private readonly table: NameTable,
  ) {
    const { interner } = file;
    this.init = ids(interner, ['__init', '__meminit', '__net_init', '__cpuinit', '__devinit']);
    this.zero = ids(interner, ['NULL', 'false', 'FALSE']);
    this.nonzero = interner.intern('true');
    this.bytes = file.bytes;
    for (const entry of file.functions) this.functions.add(file.tree.tokens.symbol[file.tree.tok[entry.node]!]!);
  }

  isFunction(symbol: number): boolean {
    return this.functions.has(symbol);
  }

  isZero(symbol: number): boolean {
    return this.zero.has(symbol);
  }

  isNonzero(symbol: number): boolean {
    return symbol === this.nonzero;
  }

  isZeroDigit(offset: number): boolean {
    return this.bytes[offset] === 0x30;
  }

  speaksOfSleeping(symbol: number): boolean {
    return (this.table.role(symbol) & Role.SpeaksOfSleeping) !== 0;
  }
}

function ids(interner: Interner, words: readonly string[]): ReadonlySet<number> {
  return new Set(words.map((word) => interner.intern(word)));
}

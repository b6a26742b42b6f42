import type { Interner } from '../../base/interner';
import type { KernelModel } from '../../kernel/model';
import type { SourceFile } from '../../syntax/sourceFile';
import { type NameTable, Role } from '../names';
import type { ScanNames } from './callScan';

/** The names of one file, as the scan for calls asks for them. */
export class LinkNames implements ScanNames {
  readonly init: ReadonlySet<number>;
  private readonly zero: ReadonlySet<number>;
  private readonly waits: ReadonlySet<number>;
  private readonly nonzero: number;
  private readonly functions = new Set<number>();
  private readonly carriers = new Map<number, number>();
  readonly carrying: ReadonlySet<number>;
  private readonly bytes: Uint8Array;

  private excused: ReadonlySet<number> | undefined;

  constructor(
    private readonly file: SourceFile,
    private readonly table: NameTable,
  ) {
    const { interner } = file;
    this.init = ids(interner, ['__init', '__meminit', '__net_init', '__cpuinit', '__devinit']);
    this.carrying = ids(interner, ['notifier_call']);
    this.zero = ids(interner, ['NULL', 'false', 'FALSE']);
    this.waits = ids(interner, [
      'wait_event_lock_irq',
      'wait_event_lock_irq_cmd',
      'wait_event_interruptible_lock_irq',
      'wait_event_interruptible_lock_irq_cmd',
      'wait_event_lock_irq_timeout',
      'wait_event_interruptible_lock_irq_timeout',
      'wait_event_barrier',
      'wait_event_barrier_cmd',
      'wait_event_cmd',
    ]);
    this.nonzero = interner.intern('true');
    this.bytes = file.bytes;
    for (const entry of file.functions) this.functions.add(file.tree.tokens.symbol[file.tree.tok[entry.node]!]!);
  }

  isFunction(symbol: number): boolean {
    return this.functions.has(symbol) || this.carriers.has(symbol);
  }

  /** A variable that stands for a function wherever it is registered: `struct notifier_block nb = { .notifier_call = f }`. */
  addCarrier(variable: number, fn: number): void {
    this.carriers.set(variable, fn);
  }

  /** The function that a mentioned name stands for. */
  functionOf(symbol: number): number {
    return this.carriers.get(symbol) ?? symbol;
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

  isWait(symbol: number): boolean {
    return this.waits.has(symbol);
  }

  /** Whether the file itself says that a callback of this member's name may sleep. */
  isExcused(member: number): boolean {
    this.excused ??= excusedMembers(this.file, this.table.model);
    return this.excused.has(member);
  }

  speaksOfSleeping(symbol: number): boolean {
    return (this.table.role(symbol) & Role.SpeaksOfSleeping) !== 0;
  }
}

function excusedMembers(file: SourceFile, model: KernelModel): ReadonlySet<number> {
  const { interner, tokens } = file;
  const wanted = new Map<number, number[]>();
  for (const row of model.contexts.callbacks) {
    const word = row.excusedBy === undefined ? 0 : interner.find(row.excusedBy);
    if (word !== 0) wanted.set(word, [...(wanted.get(word) ?? []), interner.find(String(row.slot))]);
  }
  const found = new Set<number>();
  for (let token = 1; wanted.size > 0 && token < tokens.count; token++)
    for (const member of wanted.get(tokens.symbol[token]!) ?? []) found.add(member);
  return found;
}

function ids(interner: Interner, words: readonly string[]): ReadonlySet<number> {
  return new Set(words.map((word) => interner.intern(word)));
}

import type { Interner } from '../../base/interner';
import { NameMarks } from '../../base/nameMarks';
import { ATTRIBUTE_MACROS } from '../../kernel/contexts/attributeMacros';
import { NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { type NameTable, Role } from '../names';
import { declarationsOf } from '../sizes/declarations';
import type { ScanNames } from './callScan';

/** Words that mean the same in every file, as ids of one interner; made once, because interning text is slow. */
class LinkWords {
  readonly init: ReadonlySet<number>;
  readonly carrying: ReadonlySet<number>;
  readonly zero: ReadonlySet<number>;
  readonly waits: ReadonlySet<number>;
  readonly truthful: ReadonlySet<number>;
  readonly reads: ReadonlySet<number>;
  readonly lockingMacro: number;
  /** Functions that register the elements of a table which they get. */
  readonly tableTakers: ReadonlySet<number>;
  /** Structs that are filled by position, with the one member that holds a callback. */
  readonly records: ReadonlyMap<number, number>;
  /** Ends of the names of functions, by the macro that makes an attribute of them. */
  readonly attributes: ReadonlyMap<number, readonly string[]>;
  /** Members of structures in which the catalogue knows callbacks. */
  readonly callbacks = new Set<number>();
  /** Names of types and members, with whether these are functions. */
  readonly functionNames = new Map<number, boolean>();
  /** Names of members, with whether they say what kind an object is of. */
  readonly kindNames = new Map<number, boolean>();
  readonly nonzero: number;
  /** Members of operation tables and registering macros, with the words that make what is known of them void in a file. */
  readonly excuses = new Map<number, readonly number[]>();
  /** Those whose word stands where the table is registered, not in the table (`queuecommand_may_block`). */
  readonly excusedElsewhere = new Set<number>();
  /** Names of functions of the file at hand. */
  readonly functions = new NameMarks();
  /** Names of its variables. */
  readonly variables = new NameMarks();

  constructor({ interner, model }: NameTable) {
    this.init = ids(interner, '__init __meminit __net_init __cpuinit __devinit');
    this.carrying = ids(interner, 'notifier_call');
    this.zero = ids(interner, 'NULL false FALSE');
    // They drop a lock, or take none, while they evaluate their arguments.
    this.waits = ids(
      interner,
      'wait_event_lock_irq wait_event_lock_irq_cmd wait_event_interruptible_lock_irq wait_event_interruptible_lock_irq_cmd ' +
        'wait_event_lock_irq_timeout wait_event_interruptible_lock_irq_timeout wait_event_barrier wait_event_barrier_cmd wait_event_cmd',
    );
    this.truthful = ids(interner, 'likely unlikely WARN_ON WARN_ON_ONCE');
    this.reads = ids(interner, 'READ_ONCE rcu_dereference rcu_dereference_bh rcu_dereference_raw smp_load_acquire');
    this.lockingMacro = interner.intern('DEF_SCSI_QCMD');
    // drivers/virtio: up to 6.10 an array of functions, since then one of struct virtqueue_info
    this.tableTakers = ids(interner, 'virtio_find_vqs virtio_find_vqs_ctx');
    this.records = new Map([[interner.intern('virtqueue_info'), interner.intern('callback')]]);
    this.attributes = new Map(ATTRIBUTE_MACROS.map(({ macro, suffixes }) => [interner.intern(macro), suffixes]));
    this.nonzero = interner.intern('true');
    for (const { kind, owner, slot, excusedBy } of model.contexts.callbacks) {
      if (kind === 'field') this.callbacks.add(interner.intern(String(slot)));
      if (excusedBy === undefined) continue;
      if (kind === 'register') {
        this.excuses.set(interner.intern(owner), [...ids(interner, excusedBy)]);
        continue;
      }
      const member = interner.intern(String(slot));
      this.excuses.set(member, [...ids(interner, excusedBy)]);
      if (!excusedBy.startsWith(String(slot))) this.excusedElsewhere.add(member);
    }
  }
}

/** `work_func_t`, `usb_complete_t`, `dm_kcopyd_notify_fn`, `irq_handler_t`, `read_bulk_callback`: by their names, as headers are not read here. */
const OF_FUNCTIONS = /(_|^)(fn|func|function|cb|callback|handler|hook|proc|complete|completion|done|isr)(_|$)/;

/** Members that say what an object is, and keep their value while it lives. */
const OF_KINDS = /(_|^)(type|kind|family|class|proto|protocol)$/;

/** What these do is in the catalogue, or nothing. */
const SAYS_NOTHING = Role.Harmless | Role.Frees | Role.Context | Role.Test | Role.MaskFunction;

const known = new WeakMap<NameTable, LinkWords>();

/** The names of one file, as the scan for calls asks for them. One file at a time: the next one takes the place of this. */
export class LinkNames implements ScanNames {
  private readonly words: LinkWords;
  private readonly carriers = new Map<number, number>();
  private readonly excused = new Map<number, boolean>();

  constructor(
    private readonly file: SourceFile,
    private readonly table: NameTable,
  ) {
    let words = known.get(table);
    if (!words) known.set(table, (words = new LinkWords(table)));
    this.words = words;
    words.functions.clear();
    words.variables.clear();
    for (const entry of file.functions) words.functions.add(file.tree.tokens.symbol[file.tree.tok[entry.node]!]!);
  }

  isFunction(symbol: number): boolean {
    return this.words.functions.has(symbol);
  }

  noteVariable(symbol: number): void {
    this.words.variables.add(symbol);
  }

  isVariable(symbol: number): boolean {
    return this.words.variables.has(symbol) && !this.isFunction(symbol);
  }

  /** Names of functions begin with a small letter, with very few exceptions; names of constants do not. */
  mayBeForeign(symbol: number): boolean {
    if (this.words.variables.has(symbol) || (this.table.role(symbol) & SAYS_NOTHING) !== 0) return false;
    return !isCapital(this.table.interner.byteOf(symbol, 0)) && !this.words.zero.has(symbol) && symbol !== this.words.nonzero;
  }

  /** A variable that stands for a function wherever it is registered: `struct notifier_block nb = { .notifier_call = f }`. */
  addCarrier(variable: number, fn: number): void {
    this.carriers.set(variable, fn);
    this.words.functions.add(variable);
  }

  /** The function that a mentioned name stands for. */
  functionOf(symbol: number): number {
    return this.carriers.get(symbol) ?? symbol;
  }

  /** The function that a macro of the file's level makes something of: `DEF_SCSI_QCMD(x)` defines x, which calls x_lck (include/scsi/scsi_host.h). */
  functionGivenTo(macro: number, symbol: number): number {
    const { interner } = this.table;
    return macro === this.words.lockingMacro ? interner.intern(`${interner.text(symbol)}_lck`) : this.functionOf(symbol);
  }

  /** The functions of the file that `DEVICE_ATTR_RW(x)` registers, x_show() and x_store(); undefined for macros that make no attribute. */
  attributeFunctions(macro: number, symbol: number): readonly number[] | undefined {
    const { interner } = this.table;
    const suffixes = this.words.attributes.get(macro);
    return suffixes?.map((suffix) => interner.find(interner.text(symbol) + suffix)).filter((fn) => fn !== 0 && this.isFunction(fn));
  }

  /** Whether a member makes its variable stand for the function it holds. */
  isCarrying(member: number): boolean {
    return this.words.carrying.has(member);
  }

  /** Whether a function registers the elements of the table that it gets. */
  takesTable(symbol: number): boolean {
    return this.words.tableTakers.has(symbol);
  }

  /** The only callback in a struct that is filled by position. */
  onlyCallbackOf(struct: number): number | undefined {
    return this.words.records.get(struct);
  }

  isInit(symbol: number): boolean {
    return this.words.init.has(symbol);
  }

  isZero(symbol: number): boolean {
    return this.words.zero.has(symbol);
  }

  blocks(symbol: number): boolean | undefined {
    if ((this.table.role(symbol) & Role.Flag) === 0) return undefined;
    const [bits, blocking] = [this.table.flagBits(symbol), this.table.model.flags.bits('__GFP_DIRECT_RECLAIM')];
    // A lone flag (`__GFP_ZERO`) says nothing of the mask it is part of.
    return bits === undefined || blocking === undefined || this.table.interner.byteOf(symbol, 0) === UNDERSCORE
      ? undefined
      : (bits & blocking) === blocking;
  }

  /** Two capitals at the beginning: macros and enumerators. Masks are followed by themselves. */
  isConstant(symbol: number): boolean {
    const { interner } = this.table;
    if (interner.lengthOf(symbol) < 2 || !isCapital(interner.byteOf(symbol, 0)) || isSmall(interner.byteOf(symbol, 1))) return false;
    return (this.table.role(symbol) & Role.Flag) === 0;
  }

  /** Also `lbmSYNC`, two capitals at the end. */
  isFlag(symbol: number): boolean {
    if (this.isConstant(symbol)) return true;
    const { interner } = this.table;
    const length = interner.lengthOf(symbol);
    const ends = length > 2 && isCapital(interner.byteOf(symbol, length - 1)) && isCapital(interner.byteOf(symbol, length - 2));
    return ends && (this.table.role(symbol) & Role.Flag) === 0;
  }

  isKind(member: number): boolean {
    const { kindNames } = this.words;
    let answer = kindNames.get(member);
    if (answer === undefined) kindNames.set(member, (answer = OF_KINDS.test(this.table.interner.text(member))));
    return answer;
  }

  takerOf(symbol: number): number {
    const { interner } = this.table;
    const length = interner.lengthOf(symbol);
    const isPut = (at: number) => PUT.every((byte, index) => interner.byteOf(symbol, at + index) === byte);
    if (length <= 4) return 0;
    if (interner.byteOf(symbol, length - 4) === UNDERSCORE && isPut(length - 3))
      return interner.find(interner.text(symbol).replace(/put$/, 'get'));
    return interner.byteOf(symbol, 3) === UNDERSCORE && isPut(0) ? interner.find(interner.text(symbol).replace(/^put/, 'get')) : 0;
  }

  isArrayOfFile(symbol: number): boolean {
    if (this.isConstant(symbol)) return false;
    const { tree } = this.file;
    const declared = declarationsOf(this.file).globals.get(symbol);
    return declared !== undefined && tree.kind[tree.child[declared.declarator]!] === NodeKind.ArrayDim;
  }

  isNonzero(symbol: number): boolean {
    return symbol === this.words.nonzero;
  }

  isZeroDigit(offset: number): boolean {
    return this.file.bytes[offset] === 0x30;
  }

  isWait(symbol: number): boolean {
    return this.words.waits.has(symbol);
  }

  holdsCallback(member: number): boolean {
    return this.words.callbacks.has(member);
  }

  speaksOfFunctions(symbol: number): boolean {
    if (symbol === 0) return false;
    const { functionNames } = this.words;
    let answer = functionNames.get(symbol);
    if (answer === undefined) functionNames.set(symbol, (answer = OF_FUNCTIONS.test(this.table.interner.text(symbol))));
    return answer;
  }

  readonly readsOnce = (symbol: number): boolean => this.words.reads.has(symbol);

  keepsTruth(symbol: number): boolean {
    return this.words.truthful.has(symbol);
  }

  /** Whether a callback of this member's name may sleep where the code that registers it says so. */
  isExcusable(member: number): boolean {
    return this.words.excusedElsewhere.has(member);
  }

  /** Whether the file itself says that what is known of callbacks of this member's or macro's name does not hold for its own. */
  isExcused(member: number): boolean {
    const excuses = this.words.excuses.get(member);
    return excuses?.some((word) => this.holdsExcuse(word)) === true;
  }

  private holdsExcuse(word: number): boolean {
    let answer = this.excused.get(word);
    if (answer === undefined) this.excused.set(word, (answer = this.mentions(word)));
    return answer;
  }

  /** A function of the kernel that sleeps whatever it is passed. */
  sleeps(symbol: number): boolean {
    return (this.table.role(symbol) & Role.Sleeps) !== 0 && !this.isFunction(symbol);
  }

  saysNothing(symbol: number): boolean {
    const role = this.table.role(symbol);
    return (role & SAYS_NOTHING) !== 0 && (role & Role.Allocates) === 0 && !this.isFunction(symbol);
  }

  speaksOfSleeping(symbol: number): boolean {
    return (this.table.role(symbol) & Role.SpeaksOfSleeping) !== 0;
  }

  private mentions(word: number): boolean {
    const { symbol, count } = this.file.tokens;
    for (let token = 1; token < count; token++) if (symbol[token] === word) return true;
    return false;
  }
}

const UNDERSCORE = 95;
const PUT = [112, 117, 116];

function isCapital(byte: number): boolean {
  return byte >= 65 && byte <= 90;
}

function isSmall(byte: number): boolean {
  return byte >= 97 && byte <= 122;
}

function ids(interner: Interner, words: string): ReadonlySet<number> {
  return new Set(words.split(' ').map((word) => interner.intern(word)));
}

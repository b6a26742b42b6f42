import { grown } from '../base/grown';
import type { Interner } from '../base/interner';
import { NameMarks } from '../base/nameMarks';
import type { ContextFunction, ContextTest, KernelFunction, KernelModel } from '../kernel/model';
import { HARMLESS } from './linkage/harmless';

/** What a name means to the analysis; bits, because `idr_preload` both takes a mask and changes the context. */
export const enum Role {
  /** A flag, composite, raw flag, or a name that looks like one. */
  Flag = 1,
  /** Takes a mask, allocates, or always sleeps. */
  Allocates = 2,
  Frees = 4,
  /** Takes or releases a lock, enters or leaves a scope. */
  Context = 8,
  Test = 16,
  /** `guard`, `scoped_guard` and their kin. */
  Guard = 32,
  /** The type name gfp_t. */
  GfpType = 64,
  /** Not in the catalogue, but its name says that it unlocks something. */
  MayUnlock = 128,
  /** Computes a mask from a mask (`gfp_nested_mask`). */
  MaskFunction = 256,
  /** Called, and defined in the file. Given by {@link FileScope}, never by a {@link NameTable}. */
  LocalCall = 512,
  /** A macro of the file whose body holds one of the above. Given by {@link FileScope}. */
  LocalMacro = 1024,
  /** Ends like a name that says whether sleeping is allowed (`can_sleep`, `is_atomic`, `nowait`): a condition on it decides for its branch. */
  SpeaksOfSleeping = 2048,
  /** Not in the catalogue, but its name says that it locks something. */
  MayLock = 4096,
  /** Says nothing about contexts: {@link HARMLESS}. */
  Harmless = 8192,
  /** Sleeps whatever it is passed (`msleep`, `wait_for_completion`). */
  Sleeps = 16384,
  /** Says in which context a function is entered: `__must_hold`, `lockdep_assert_held`. */
  States = 32768,
}

/** Names whose presence makes a function worth analysing. */
export const INTERESTING = Role.Flag | Role.Allocates | Role.Frees;

/** `gfp_t f(..., gfp_t mask)`: how the result follows from the argument at `argument`. */
export type MaskFunction =
  | { readonly kind: 'keeps-some'; readonly argument: number }
  | { readonly kind: 'adds-some'; readonly argument: number; readonly flags: readonly string[] }
  | { readonly kind: 'removes-some'; readonly argument: number; readonly flags: readonly string[] }
  | { readonly kind: 'one-of'; readonly names: readonly string[] }
  | { readonly kind: 'unknown' };

/** Functions that return masks, with their source (checked in 6.1 and 6.12). */
const MASK_FUNCTIONS: Readonly<Record<string, MaskFunction>> = {
  // include/linux/gfp.h: clears everything but a fixed set, keeps what the caller allows
  gfp_nested_mask: { kind: 'keeps-some', argument: 0 },
  // include/linux/pagemap.h: mapping_gfp_mask(mapping) & mask
  mapping_gfp_constraint: { kind: 'keeps-some', argument: 1 },
  mapping_gfp_mask: { kind: 'unknown' },
  readahead_gfp_mask: { kind: 'unknown' },
  // include/linux/sched/mm.h: scopes of the task may take IO, FS, MOVABLE away
  current_gfp_context: { kind: 'removes-some', argument: 0, flags: ['__GFP_IO', '__GFP_FS', '__GFP_MOVABLE', '__GFP_DIRECT_RECLAIM'] },
  // include/net/sock.h: mask | (sk->sk_allocation & __GFP_MEMALLOC)
  sk_gfp_mask: { kind: 'adds-some', argument: 1, flags: ['__GFP_MEMALLOC'] },
  // include/net/sock.h: in_softirq() ? GFP_ATOMIC : GFP_KERNEL
  gfp_any: { kind: 'one-of', names: ['GFP_ATOMIC', 'GFP_KERNEL'] },
  // include/linux/xarray.h, radix-tree internals
  root_gfp_mask: { kind: 'unknown' },
};

const GUARDS = ['guard', 'scoped_guard', 'scoped_cond_guard', 'CLASS'];
const STATES =
  '__must_hold __must_hold_shared __releases __releases_shared lockdep_assert_held lockdep_assert_held_write lockdep_assert_held_read ' +
  'lockdep_assert_held_once assert_spin_locked assert_raw_spin_locked lockdep_assert_irqs_disabled lockdep_assert_preemption_disabled ' +
  'lockdep_assert_in_irq lockdep_assert_in_softirq';
const FLAG_PREFIXES = ['GFP_', '__GFP_', '___GFP_'].map((text) => new TextEncoder().encode(text));
const LOCK = new TextEncoder().encode('lock');
/** Words that hold `lock` and mean something else; a condition on `locked` is judged as speaking of sleeping. */
const NO_LOCK_TEXTS = ['block', 'clock', 'flock', 'locked', 'lock_held', 'lockdep', '_lock_init', 'lock_class'];
const NO_LOCK = NO_LOCK_TEXTS.map((text) => new TextEncoder().encode(text));
const UNLOCK = new TextEncoder().encode('unlock');
/** Ends of names that speak of sleeping. */
const SLEEP_WORDS = [
  'atomic',
  'sleep',
  'nosleep',
  'sleepable',
  'block',
  'nonblock',
  'blocking',
  'wait',
  'nowait',
  'in_irq',
  'interrupt',
  'preemptible',
  'locked',
  'lock_held',
  'async',
  'sync',
  'polling',
  'poll',
].map((text) => new TextEncoder().encode(text));
/** `pm_runtime_get_sync()` and its kin wait for the device, whoever calls them (drivers/base/power/runtime.c): what they return says nothing of sleeping. */
const RUNTIME_PM = new TextEncoder().encode('pm_runtime_');

/**
 * Looks names up by interned id. Names of the model are interned when the table is made; other names are judged by their
 * spelling on first sight. One table serves one model and one interner.
 */
export class NameTable {
  private roles: Uint16Array;
  private judged: number;
  private readonly functions = new Map<number, KernelFunction>();
  private readonly contexts = new Map<number, ContextFunction>();
  private readonly tests = new Map<number, ContextTest>();
  private readonly flags = new Map<number, number>();
  /** A set of names for whoever needs one for the length of a call that asks nobody else for it. */
  readonly marks = new NameMarks();

  constructor(
    readonly model: KernelModel,
    readonly interner: Interner,
  ) {
    this.roles = new Uint16Array(interner.size + 4096);
    this.judged = 1;
    for (const row of model.functions.all) {
      const id = interner.intern(row.name);
      this.functions.set(id, row);
      this.mark(id, (takesMemory(row) ? Role.Allocates : 0) | (row.frees ? Role.Frees : 0) | (row.sleeps === 'always' ? Role.Sleeps : 0));
    }
    for (const row of model.contexts.functions) this.contexts.set(this.add(row.name, Role.Context), row);
    for (const row of model.contexts.tests) this.tests.set(this.add(row.name, Role.Test), row);
    for (const name of [...model.flags.names, ...model.flags.composites.map((composite) => composite.name)]) {
      this.flags.set(this.add(name, Role.Flag), model.flags.bits(name)!);
    }
    for (const names of HARMLESS) for (const name of names.split(' ')) this.add(name, Role.Harmless);
    for (const name of STATES.split(' ')) this.add(name, Role.States | Role.Harmless);
    for (const name of GUARDS) this.add(name, Role.Guard);
    for (const name of Object.keys(MASK_FUNCTIONS)) this.add(name, Role.MaskFunction);
    this.add('gfp_t', Role.GfpType);
    this.add('gfpflags_allow_blocking', Role.Test);
  }

  role(id: number): number {
    if (id >= this.judged) this.judgeUpTo(id);
    return this.roles[id]!;
  }

  kernelFunction(id: number): KernelFunction | undefined {
    return this.functions.get(id);
  }

  contextFunction(id: number): ContextFunction | undefined {
    return this.contexts.get(id);
  }

  test(id: number): ContextTest | undefined {
    return this.tests.get(id);
  }

  maskFunction(id: number): MaskFunction | undefined {
    const name = this.interner.text(id);
    return Object.hasOwn(MASK_FUNCTIONS, name) ? MASK_FUNCTIONS[name] : undefined;
  }

  /** Lattice bits of a flag or composite of the model. */
  flagBits(id: number): number | undefined {
    return this.flags.get(id);
  }

  private isNoLock(name: number): boolean {
    return NO_LOCK.some((word) => this.interner.includes(name, word));
  }

  private add(name: string, role: Role): number {
    const id = this.interner.intern(name);
    this.mark(id, role);
    return id;
  }

  private mark(id: number, role: number): void {
    this.reserve(id);
    this.roles[id]! |= role;
  }

  private reserve(id: number): void {
    if (id >= this.roles.length) this.roles = grown(this.roles, Math.max(id + 1, this.roles.length * 2));
  }

  /** Judges the names that came up since the last look by their spelling. */
  private judgeUpTo(id: number): void {
    const size = Math.max(id + 1, this.interner.size);
    this.reserve(size - 1);
    for (let name = this.judged; name < size; name++) {
      if (this.roles[name] === 0) this.roles[name] = this.roleBySpelling(name);
    }
    this.judged = size;
  }

  private roleBySpelling(name: number): number {
    const { interner } = this;
    if (FLAG_PREFIXES.some((prefix) => interner.startsWith(name, prefix))) return Role.Flag;
    if (interner.includes(name, LOCK)) {
      if (interner.includes(name, UNLOCK)) return Role.MayUnlock;
      if (!this.isNoLock(name)) return Role.MayLock;
    }
    if (interner.startsWith(name, RUNTIME_PM)) return 0;
    return SLEEP_WORDS.some((word) => interner.endsWith(name, word)) ? Role.SpeaksOfSleeping : 0;
  }
}

/** Whether a name that is in no catalogue says that its function unlocks something. */
export function namesUnlock(name: string): boolean {
  return name.includes('unlock');
}

/** The same for locking. */
export function namesLock(name: string): boolean {
  return name.includes('lock') && !namesUnlock(name) && !NO_LOCK_TEXTS.some((text) => name.includes(text));
}

function takesMemory(row: KernelFunction): boolean {
  return row.gfp !== undefined || row.gfpOptional === true || row.allocates !== undefined || row.fixedMask !== undefined;
}

/**
 * What the analysis knows of one kernel: the argument of every stage from facts on, never a global. A model is made by
 * `loadModel` (tables of a release) or `modelOfTree` (the tree's own headers over the tables); both are immutable.
 */
export interface KernelModel {
  readonly release: Release;
  /** Where flags and composites come from: the tree's own headers, or the tables of a release. */
  readonly origin: 'tree' | 'tables';
  /** For people: `6.1.192 (tree)` or `6.12 (tables)`. */
  readonly label: string;
  readonly config: KernelConfig | undefined;
  readonly flags: FlagTable;
  /** The kernel's own numbers for the flags; needed only where numbers are read or printed. */
  readonly numbers: FlagNumbers;
  readonly behaviour: AllocatorBehaviour;
  readonly limits: Limits;
  readonly functions: FunctionCatalogue;
  readonly contexts: ContextCatalogue;
}

export interface Release {
  readonly major: number;
  readonly minor: number;
  /** Stable level; undefined when only X.Y is known. */
  readonly patch: number | undefined;
}

/** A `.config` or `autoconf.h`. */
export interface KernelConfig {
  /** `y`, `m`, `n` (also for "is not set"), a string or number as written; undefined when the file does not name it. */
  value(name: string): string | undefined;
  /** It names single options only: what it does not name is unknown, not off. */
  readonly partial?: boolean;
}

// ── flags ──────────────────────────────────────────────────────────────────────────────────────

/** The flag names of one kernel. Bit i of a {@link Mask} stands for names[i]. At most 32 names. */
export interface FlagTable {
  /** Single flags (`__GFP_FS`), lowest kernel bit first. */
  readonly names: readonly string[];
  /** Lattice bits of a single flag or composite (`GFP_KERNEL`, `__GFP_RECLAIM`, `GFP_NOFS`), or undefined for an unknown name. */
  bits(name: string): number | undefined;
  /** The same, with 0 for a name that this kernel does not have. */
  bitsOf(name: string): number;
  /** Composites with their bits, in the order the kernel prints them (`%pGg`), then those it never prints. */
  readonly composites: readonly { readonly name: string; readonly bits: number }[];
  /** The flag behind a raw `___GFP_X` name: its `__GFP_X`; undefined for an unknown one. */
  rawName(name: string): string | undefined;
  /** The name without the form that only the headers use: `__GFP_X` for `___GFP_X`; any other name as it is, also an unknown one. */
  plainName(name: string): string;
  /** Names this kernel does not have, with what is known of them. */
  absent(name: string): AbsentFlag | undefined;
  /** The nearest name of this kernel, for "did you mean". */
  suggest(name: string): string | undefined;
  /** Lattice bits to names: composites first as the kernel prints them, e.g. `GFP_KERNEL|__GFP_NOWARN`; `0` for none. */
  print(bits: number): string;
  /** One line of plain words about a flag or composite, or undefined. */
  describe(name: string): string | undefined;
}

export interface AbsentFlag {
  readonly name: string;
  /** `removed`: an older kernel had it; `newer`: a later release adds it. */
  readonly kind: 'removed' | 'newer';
  /** X.Y of the release that removed or added it. */
  readonly release: string;
  /** What to write instead, as source text; undefined when nothing replaces it. */
  readonly successor: string | undefined;
  /** Whether the successor means the same, so that replacing is safe. */
  readonly equivalent: boolean;
  readonly note: string;
}

// ── numbers ────────────────────────────────────────────────────────────────────────────────────

/** How the kernel numbers its flags. Bit positions depend on the release and, from 6.9 on, on the configuration. */
export interface FlagNumbers {
  /** All layouts this kernel can have, the likeliest first. */
  readonly layouts: readonly NumberLayout[];
  readonly preferred: NumberLayout;
  /** The configuration is known (or moves nothing), so that there is one layout. */
  readonly certain: boolean;
  /** The bits of a kernel number that mean the same in all layouts. */
  readonly settled: number;
}

export interface NumberLayout {
  /** The options that make this layout, `CONFIG_KASAN_HW_TAGS=n CONFIG_LOCKDEP=y`; empty when no option moves a bit. */
  readonly config: string;
  /** Lattice bits of the flags that are 0 in this configuration. */
  readonly absent: number;
  /** Lattice bits to the kernel's number (unsigned 32 bits). */
  toNumber(bits: number): number;
  /** The kernel's number to lattice bits; bits without a name are left out. */
  fromNumber(number: number): number;
  /** The part of a kernel number that no flag of this kernel has. */
  unknownBits(number: number): number;
  /** What `%pGg` prints for the number; empty for 0. */
  print(number: number): string;
}

// ── behaviour ──────────────────────────────────────────────────────────────────────────────────

/** What the allocator of this kernel does with a mask, as far as it differs between releases. Filled by `behaviour.ts`, which names the sources. */
export interface AllocatorBehaviour {
  /** What opens the reserves: the bit __GFP_ATOMIC, or not being able to block (then GFP_NOWAIT|__GFP_HIGH counts like GFP_ATOMIC). */
  readonly reserves: 'atomic-flag' | 'non-blocking';
  /** Which non-blocking requests of order > 0 may take high-atomic page blocks. */
  readonly highatomic: 'harder' | 'non-blocking' | 'non-blocking-high';
  /** Order-0 requests that cannot block may take high-atomic pages as a last resort. */
  readonly highatomicOrderZero: boolean;
  /** Direct compaction needs __GFP_IO. */
  readonly compactionNeedsIo: boolean;
  /** The allocator's slow path copies __GFP_KSWAPD_RECLAIM into its flags. */
  readonly kswapdAllocFlag: boolean;
  readonly nofail: {
    /** Orders above it are warned about; undefined when never. */
    readonly warnAboveOrder: number | undefined;
    /** __GFP_NOWARN silences the warning about a mask that cannot block. */
    readonly nowarnSilences: boolean;
    /** Which conditions of the OOM killer it overrides. */
    readonly oomOverride: 'all' | 'fs' | 'none';
  };
  /** Task flags that change every mask of the task, as far as this kernel has them (all have the one of NOIO). */
  readonly scopes: {
    readonly nofs: boolean;
    readonly pin: boolean;
    /** Takes __GFP_MOVABLE away; the later form of the scope only keeps out of CMA. */
    readonly nocma: boolean;
    /** PF_MEMALLOC_NORECLAIM and PF_MEMALLOC_NOWARN. */
    readonly noreclaim: boolean;
  };
  readonly kvmalloc: {
    readonly exists: boolean;
    /** Masks it supports: all of GFP_KERNEL (a warning, or no fallback to vmalloc, otherwise), or any blocking one, or any. */
    readonly masks: 'kernel-warn' | 'kernel-or-plain' | 'blocking' | 'any';
    /** What keeps its first try, the physically contiguous one, short. */
    readonly firstTry: 'repeat' | 'noretry' | 'no-direct-reclaim';
    /** The first try goes without __GFP_NOFAIL, which only the fallback to vmalloc honours. */
    readonly dropsNofail: boolean;
    /** Masks that cannot block fall back to vmalloc: the test came with 6.0 and went with 6.19. */
    readonly fallsBackNonBlocking: boolean;
    /** Sizes above INT_MAX are refused. */
    readonly sizeLimit: boolean;
  };
  readonly vmalloc: {
    readonly masks: 'kernel' | 'blocking' | 'whitelist';
    readonly nofail: boolean;
    /** Composites and flags that vmalloc accepts (6.19 and later); others are stripped with a warning. */
    readonly whitelist: readonly string[];
  };
  /** Flags that slab refuses: `bug` stops the kernel, `strip` warns and drops them. */
  readonly slabBadFlags: 'bug' | 'strip';
  /** alloc_pages_exact() and dma_alloc_*() warn about __GFP_COMP. */
  readonly exactCompWarns: boolean;
  readonly dmaCompFails: boolean;
  /** A task chosen by the OOM killer may use all memory, or half of the min watermark. */
  readonly oomVictim: 'no-watermarks' | 'half';
  /** ALLOC_NO_WATERMARKS is one of the flags of gfp_to_alloc_flags(); later it replaces them on retries. */
  readonly entitlementAmongFlags: boolean;
  /** Logs give masks with their names (`%pGg`); older kernels print the number only. */
  readonly printsNames: boolean;
  /** Which requests above order 0 compact before the first reclaim. */
  readonly compactsFirst: 'all' | 'costly' | 'costly-and-unmovable';
  /** When __GFP_NORETRY gives up after that first compaction of a costly order. */
  readonly noretryGivesUp: 'deferred' | 'deferred-or-skipped' | 'node-bound';
  /** Orders above the largest are refused at the entry of the allocator instead of in its slow path. */
  readonly checksOrderFirst: boolean;
  /** An explicit __GFP_RETRY_MAYFAIL (4.13 and later) instead of __GFP_REPEAT. */
  readonly retryMayFail: boolean;
  /** Order-0..3 requests keep retrying (rewritten loop of 4.8 and later). */
  readonly retryLoop: 'pages-reclaimed' | 'rounds' | 'single-loop';
}

// ── limits ─────────────────────────────────────────────────────────────────────────────────────

export interface Limits {
  /** Bytes; 4096 unless the config says otherwise. */
  readonly pageSize: number;
  /** Largest order the page allocator serves (10 by default, inclusive in all releases). */
  readonly maxPageOrder: number;
  /** PAGE_ALLOC_COSTLY_ORDER: orders above it may fail even for GFP_KERNEL. */
  readonly costlyOrder: number;
  /** Largest size served from a kmalloc cache, bytes; larger goes to the page allocator. */
  readonly kmallocMaxCache: number;
  /** Smallest size class of kmalloc, bytes (KMALLOC_MIN_SIZE): allocator and DMA alignment of the architecture decide it. */
  readonly kmallocMinSize: number;
  /** Largest size kmalloc can serve at all, bytes. */
  readonly kmallocMax: number;
  readonly pointerSize: 4 | 8;
}

// ── functions ──────────────────────────────────────────────────────────────────────────────────

export interface FunctionCatalogue {
  get(name: string): KernelFunction | undefined;
  readonly all: readonly KernelFunction[];
}

/** Which free function belongs to a piece of memory. */
export type MemoryFamily =
  | 'slab'
  | 'kv'
  | 'vmalloc'
  | 'page'
  | 'page-address'
  | 'pages-exact'
  | 'percpu'
  | 'cache'
  | 'mempool'
  | 'devm'
  | 'skb'
  | 'urb'
  | 'bio'
  | 'dma'
  | 'dma-pool'
  | 'bitmap'
  | 'sock'
  | 'other';

/** A kernel function or macro that takes a mask, allocates with a fixed one, frees, or sleeps. Argument positions start at 0. */
export interface KernelFunction {
  readonly name: string;
  /** Position of the gfp_t argument; undefined when it takes none. */
  readonly gfp: number | undefined;
  /** The mask may be left out (kmalloc_obj and friends); then GFP_KERNEL applies. */
  readonly gfpOptional?: boolean;
  /** Names of flags ORed in by the function itself (`kzalloc`: __GFP_ZERO). */
  readonly adds?: readonly string[];
  /** The mask it always uses, when it takes none (`vmalloc`, `alloc_percpu`). */
  readonly fixedMask?: readonly string[];
  /**
   * `mask`: sleeps when its mask lets it; `always`: may sleep whatever is passed; `never`: only stores or inspects the
   * mask, or drops the lock itself (`__xa_store`); `unknown`.
   */
  readonly sleeps: 'mask' | 'always' | 'never' | 'unknown';
  /** What it allocates, when the returned memory must be freed by the caller. */
  readonly allocates?: MemoryFamily;
  /** What it frees, and which argument. */
  readonly frees?: { readonly families: readonly MemoryFamily[]; readonly arg: number };
  /** How the size is passed. */
  readonly size?: SizeShape;
  /** How failure shows. */
  readonly failure?: 'null' | 'err-ptr' | 'errno' | 'never';
  /** Physically contiguous memory of the given size (so that its order matters). */
  readonly contiguous?: boolean;
  /** The form that falls back to vmalloc (`kcalloc` → `kvcalloc`), when this kernel has it. */
  readonly kvForm?: string;
  /** Where the row comes from, e.g. `include/linux/slab.h (6.1, 6.12)`. */
  readonly source: string;
}

export type SizeShape =
  | { readonly kind: 'bytes'; readonly arg: number }
  | { readonly kind: 'array'; readonly count: number; readonly element: number }
  | { readonly kind: 'order'; readonly arg: number }
  | { readonly kind: 'object'; readonly arg: number; readonly count?: number; readonly flex?: number };

// ── contexts ───────────────────────────────────────────────────────────────────────────────────

/** A thing that can be held or switched off, and that decides what the code inside may do. */
export type Resource =
  | 'spinlock'
  | 'raw-spinlock'
  | 'rwlock'
  | 'bit-lock'
  | 'seqlock'
  | 'local-lock'
  | 'irqs-off'
  | 'bh-off'
  | 'preempt-off'
  | 'rcu'
  | 'kmap-atomic'
  | 'fpu'
  | 'mutex'
  | 'rwsem'
  | 'semaphore'
  | 'srcu'
  | 'socket'
  | 'page-lock'
  | 'nofs-scope'
  | 'noio-scope'
  | 'noreclaim-scope'
  | 'pin-scope'
  | 'fs-transaction'
  | 'frozen-queue'
  | 'task-state';

/** Sleeping is forbidden while one of these is held (on a kernel without PREEMPT_RT). */
export const ATOMIC_RESOURCES: ReadonlySet<Resource> = new Set<Resource>([
  'spinlock',
  'raw-spinlock',
  'rwlock',
  'bit-lock',
  'seqlock',
  'local-lock',
  'irqs-off',
  'bh-off',
  'preempt-off',
  'rcu',
  'kmap-atomic',
  'fpu',
]);

export interface ContextEffect {
  readonly resource: Resource;
  /** `acquire` nests; `release` undoes one acquire; `release-all` leaves it whatever was held (`local_irq_enable`). */
  readonly action: 'acquire' | 'release' | 'release-all';
  /** Position of the argument that names the instance (the lock); undefined for global resources (irqs, rcu, preemption). */
  readonly instance?: number;
}

/** What a call does to the execution context. */
export interface ContextFunction {
  readonly name: string;
  readonly effects: readonly ContextEffect[];
  /** Return values for which the effects happen: always, when non-zero (trylocks), when zero (`radix_tree_preload`, `mutex_lock_interruptible`). */
  readonly when: 'always' | 'nonzero' | 'zero';
  /** Folder of the tree in whose files a function of this name does something else. */
  readonly exceptBelow?: string;
}

/** A predicate about the context: `in_interrupt()` and friends. */
export interface ContextTest {
  readonly name: string;
  /** A non-zero answer proves that sleeping is forbidden / allowed, or proves nothing. */
  readonly nonzero: 'atomic' | 'may-sleep' | 'nothing';
  readonly zero: 'atomic' | 'may-sleep' | 'nothing';
}

/** A callback and the context it runs in. */
export interface CallbackRow {
  /** `entry`: the kernel's own code enters the function by its name. */
  readonly kind: 'register' | 'field' | 'entry';
  /** Registering function and the argument's position, struct type and field, or the function itself. */
  readonly owner: string;
  readonly slot: number | string;
  readonly context: 'process' | 'softirq' | 'hardirq' | 'nmi' | 'atomic' | 'rcu' | 'varies';
  readonly maySleep: boolean | undefined;
  /** What allocations of the callback must not enter, because reclaim may wait for it: the file system, or all I/O. */
  readonly reclaim: 'fs' | 'io' | undefined;
  /** A name, or several, that make the row void in a file that uses one: with BLK_MQ_F_BLOCKING a queue_rq() may sleep. */
  readonly excusedBy: string | undefined;
  /** The row holds for every registration; otherwise other code decides (a threaded handler, a flag set elsewhere). */
  readonly certain: boolean;
  readonly note: string;
  readonly evidence: string;
}

export interface ContextCatalogue {
  function(name: string): ContextFunction | undefined;
  /** `guard(NAME)(…)` and `scoped_guard(NAME, …)`: what NAME holds to the end of its scope; `instance` 0 is the lock argument. */
  guard(name: string): ContextFunction | undefined;
  test(name: string): ContextTest | undefined;
  readonly functions: readonly ContextFunction[];
  readonly tests: readonly ContextTest[];
  readonly callbacks: readonly CallbackRow[];
}

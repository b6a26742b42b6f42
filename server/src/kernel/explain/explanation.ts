/** What is asked about one mask. */
export interface MaskQuery {
  /** The question as typed, for the answer. */
  readonly input: string;
  /** Lattice bits of the mask. */
  readonly bits: number;
  /** The kernel number that was given, when it was a number; otherwise it follows from the bits. */
  readonly number?: number | undefined;
  /** Bits of that number that no flag of this kernel has. */
  readonly unknownBits?: number | undefined;
  readonly readings?: readonly MaskReading[] | undefined;
  /** Page order; when absent what kmalloc() of `size` needs, else 0. */
  readonly order?: number | undefined;
  /** Bytes asked from kmalloc(). */
  readonly size?: number | undefined;
  readonly context?: readonly ContextWord[] | undefined;
  /** False leaves the path out of the answer. */
  readonly path?: boolean | undefined;
}

/**
 * Where the request is made. `nofs` … `nowarn`: inside that memalloc scope; `rt`: a real-time task; `memalloc`: a task (or softirq on top of one) with
 * PF_MEMALLOC; `oom`: a task the OOM killer has chosen; `task`: any other task, as without a word.
 */
export type ContextWord = (typeof CONTEXT_WORDS)[number];

export const CONTEXT_WORDS = [
  'nofs',
  'noio',
  'pin',
  'memalloc',
  'softirq',
  'hardirq',
  'rt',
  'oom',
  'nocma',
  'noreclaim',
  'nowarn',
  'task',
] as const;

/** One way to read a mask when the configuration is not known: a number has different flags, or names have a different number. */
export interface MaskReading {
  readonly config: string;
  readonly hex?: string;
  readonly flags?: readonly string[];
}

export type Zone = 'DMA' | 'DMA32' | 'Normal' | 'HighMem' | 'Movable';
/** `HighAtomic` is what asking for both mobilities yields: a mistake the kernel warns about. */
export type Migratetype = 'Unmovable' | 'Movable' | 'Reclaimable' | 'HighAtomic';

/**
 * The answer: the JSON object of `gfp-lens mask --json`. `zone`, `zoneLegal` and `migratetype` are those of the mask as written; the rest after
 * `unknownBits` holds in the context asked about, with the mask of `inContext`.
 */
export interface MaskExplanation {
  readonly kernel: string;
  readonly input: string;
  readonly hex: string;
  readonly readings?: readonly MaskReading[] | undefined;
  /** Single flags, lowest kernel bit first. */
  readonly flags: readonly string[];
  /** As this kernel prints it: with `%pGg`, or as a number before 4.6; empty for 0. */
  readonly canonical: string;
  /** What a reader must know about the answer: that old kernels print numbers only. */
  readonly note?: string | undefined;
  /** The names, where `canonical` is a number. */
  readonly names?: string | undefined;
  readonly unknownBits: string;
  readonly mayBlock: boolean;
  readonly wakesKswapd: boolean;
  readonly mayIO: boolean;
  readonly mayFS: boolean;
  readonly zone: Zone;
  readonly zoneLegal: boolean;
  readonly migratetype: Migratetype;
  /** Zones that may serve the request, the preferred one first. */
  readonly fallback: readonly Zone[];
  /** The mask after the scopes of the context, when they change it. */
  readonly inContext?: MaskInContext | undefined;
  /** The allocator's own flags in the slow path, sorted; the watermark they start from is always the min one. */
  readonly allocFlags: readonly string[];
  /** The flag that replaces them on retries, for requests that help to free memory. */
  readonly entitlement?: 'ALLOC_NO_WATERMARKS' | 'ALLOC_OOM' | undefined;
  /** The part of the min watermark that must stay free: 1, 0.75, 0.5, 0.375 or 0. */
  readonly reserveFloor: number;
  /** The same in the slow path, where it drops a flag that contradicts another one; absent where it drops none. */
  readonly slowPathFloor?: number | undefined;
  readonly highatomic: boolean;
  readonly cma: boolean;
  readonly oomKiller: boolean;
  readonly canFail: boolean;
  readonly failure: string;
  /** The mask under each scope; `nocma`, `noreclaim` and `nowarn` only in kernels that have them. */
  readonly effective: Readonly<Record<'nofs' | 'noio' | 'pin', string>> &
    Partial<Readonly<Record<'nocma' | 'noreclaim' | 'nowarn', string>>>;
  readonly kmalloc?: KmallocPlacement | undefined;
  /** kvmalloc() of the same size: mask of its first try, and whether vmalloc() follows. */
  readonly kvmalloc?: { readonly firstTry: string; readonly vmalloc: boolean } | undefined;
  /** What allocators built on pages ask for with this mask; absent where the path is. */
  readonly nested?: readonly NestedMask[] | undefined;
  /** Absent where it was not asked for. */
  readonly path?: readonly PathStep[] | undefined;
  readonly problems: readonly MaskProblem[];
}

export interface NestedMask {
  readonly allocator: string;
  /** The number of the request for pages; null where there is none. */
  readonly hex: string | null;
  readonly note: string;
}

export interface MaskInContext {
  readonly hex: string;
  readonly canonical: string;
  readonly zone: Zone;
  readonly migratetype: Migratetype;
}

export interface KmallocPlacement {
  readonly bytes: number;
  /** Object size of the cache; null when the page allocator serves the request or nobody can. */
  readonly bucket: number | null;
  /** Name of the cache as /proc/slabinfo shows it. */
  readonly cache: string | null;
  /** Page order of a request too large for the caches; null when a cache serves it, or when it can never succeed. */
  readonly order: number | null;
}

export interface PathStep {
  readonly step: string;
  readonly outcome: string;
  /** The flag, order or context that decided, as the source names it; absent where every request goes this way. */
  readonly why?: string;
  /** File and function of this release: `mm/page_alloc.c: gfp_to_alloc_flags()`. */
  readonly source: string;
}

/** What is wrong with the mask by itself or in the context, with the rule that would report it in source. */
export interface MaskProblem {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

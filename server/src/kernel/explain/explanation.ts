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
}

/** Where the request is made. `rt`: a real-time task; `memalloc`: a task (or softirq on top of one) with PF_MEMALLOC. */
export type ContextWord = 'nofs' | 'noio' | 'pin' | 'memalloc' | 'softirq' | 'hardirq' | 'rt';

export const CONTEXT_WORDS: readonly ContextWord[] = ['nofs', 'noio', 'pin', 'memalloc', 'softirq', 'hardirq', 'rt'];

/** One way to read a mask when the configuration is not known: a number has different flags, or names have a different number. */
export interface MaskReading {
  readonly config: string;
  readonly hex?: string;
  readonly flags?: readonly string[];
}

export type Zone = 'DMA' | 'DMA32' | 'Normal' | 'HighMem' | 'Movable';
/** `HighAtomic` is what asking for both mobilities yields: a mistake the kernel warns about. */
export type Migratetype = 'Unmovable' | 'Movable' | 'Reclaimable' | 'HighAtomic';

/** The answer: the JSON object of `gfp-lens mask --json`. Everything after `unknownBits` holds in the context asked about. */
export interface MaskExplanation {
  readonly kernel: string;
  readonly input: string;
  readonly hex: string;
  readonly readings?: readonly MaskReading[];
  /** Single flags, lowest kernel bit first. */
  readonly flags: readonly string[];
  /** As this kernel prints it with `%pGg`. */
  readonly canonical: string;
  readonly unknownBits: string;
  readonly mayBlock: boolean;
  readonly wakesKswapd: boolean;
  readonly mayIO: boolean;
  readonly mayFS: boolean;
  readonly zone: Zone;
  readonly zoneLegal: boolean;
  readonly migratetype: Migratetype;
  /** The allocator's own flags in the slow path, sorted; the watermark they start from is always the min one. */
  readonly allocFlags: readonly string[];
  /** The part of the min watermark that must stay free: 1, 0.75, 0.5, 0.375 or 0. */
  readonly reserveFloor: number;
  readonly highatomic: boolean;
  readonly cma: boolean;
  readonly oomKiller: boolean;
  readonly canFail: boolean;
  readonly failure: string;
  /** The mask under each scope. */
  readonly effective: { readonly nofs: string; readonly noio: string; readonly pin: string };
  readonly kmalloc?: KmallocPlacement;
  readonly path: readonly PathStep[];
  readonly problems: readonly MaskProblem[];
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
}

/** What is wrong with the mask by itself or in the context, with the rule that would report it in source. */
export interface MaskProblem {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

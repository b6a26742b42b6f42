import type { KernelModel } from '../model';
import type { ContextWord, MaskQuery } from './explanation';

/** A request as the allocator sees it: the mask after scopes, its order, and where it is made. */
export class Request {
  readonly order: number;
  private readonly context: ReadonlySet<ContextWord>;

  constructor(
    readonly model: KernelModel,
    /** Lattice bits. */
    readonly bits: number,
    query: MaskQuery,
  ) {
    this.order = query.order ?? 0;
    this.context = new Set(query.context);
  }

  /** Whether the mask contains all of a flag or composite; false for a name that this kernel does not have. */
  has(name: string): boolean {
    const bits = this.model.flags.bits(name);
    return bits !== undefined && bits !== 0 && (this.bits & bits) === bits;
  }

  in(context: ContextWord): boolean {
    return this.context.has(context);
  }

  get mayBlock(): boolean {
    return this.has('__GFP_DIRECT_RECLAIM');
  }

  get inInterrupt(): boolean {
    return this.in('softirq') || this.in('hardirq');
  }

  /** __GFP_RETRY_MAYFAIL, or __GFP_REPEAT before 4.13. */
  get retriesHard(): boolean {
    return this.has('__GFP_RETRY_MAYFAIL') || this.has('__GFP_REPEAT');
  }

  get costly(): boolean {
    return this.order > this.model.limits.costlyOrder;
  }
}

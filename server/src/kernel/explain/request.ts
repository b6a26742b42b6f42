import { isEnabled } from '../config';
import type { KernelModel } from '../model';
import { formatRelease } from '../release';
import type { ContextWord } from './explanation';
import { type FlagBits, flagBitsOf } from './flagBits';

/** What a release and its configuration mean for requests, looked up once for each model. */
interface Machine {
  /** The release, as text. */
  readonly kernel: string;
  readonly zoneDma: boolean;
  readonly zoneDma32: boolean;
  readonly highmem: boolean;
  readonly cma: boolean;
  readonly compaction: boolean;
  readonly mmu: boolean;
  /** Undefined when the configuration does not say. */
  readonly preemptRt: boolean | undefined;
}

const machines = new WeakMap<KernelModel, Machine>();
const NOWHERE: readonly ContextWord[] = [];

/** A request as the allocator sees it: a mask, its order, and where it is made. */
export class Request {
  readonly flags: FlagBits;
  readonly machine: Machine;

  constructor(
    readonly model: KernelModel,
    /** Lattice bits. */
    readonly bits: number,
    readonly order: number,
    private readonly context: readonly ContextWord[] = NOWHERE,
  ) {
    this.flags = flagBitsOf(model.flags);
    this.machine = machineOf(model);
  }

  /** The same request with another mask. */
  with(bits: number): Request {
    return new Request(this.model, bits, this.order, this.context);
  }

  /** Whether the mask has a flag of {@link flags}; false for one that this kernel does not have. */
  has(flag: number): boolean {
    return (this.bits & flag) !== 0;
  }

  in(word: ContextWord): boolean {
    return this.context.includes(word);
  }

  get mayBlock(): boolean {
    return this.has(this.flags.directReclaim);
  }

  get inInterrupt(): boolean {
    return this.in('softirq') || this.in('hardirq');
  }

  /** __GFP_RETRY_MAYFAIL, or __GFP_REPEAT before 4.13. */
  get retriesHard(): boolean {
    return this.has(this.flags.retryMayfail | this.flags.repeat);
  }

  get costly(): boolean {
    return this.order > this.model.limits.costlyOrder;
  }
}

/** Whether direct compaction can serve the request at all. */
export function canCompact(request: Request): boolean {
  const allowed = !request.model.behaviour.compactionNeedsIo || request.has(request.flags.io);
  return request.order > 0 && request.machine.compaction && allowed;
}

/**
 * The request as the slow path goes on with it. Until 6.2 it warns about __GFP_ATOMIC together with direct reclaim and drops the flag, before it asks
 * gfp_to_alloc_flags() how deep the request may go.
 */
export function sanitised(request: Request): Request {
  const { flags, bits, model } = request;
  const contradiction = request.mayBlock && request.has(flags.atomic) && model.behaviour.reserves === 'atomic-flag';
  return contradiction ? request.with(bits & ~flags.atomic) : request;
}

/** The machine of the configuration; what it leaves open is that of a 64-bit x86 distribution kernel. */
function machineOf(model: KernelModel): Machine {
  const ready = machines.get(model);
  if (ready !== undefined) return ready;
  const on = (option: string, usual: boolean) => isEnabled(model.config, option) ?? usual;
  const made: Machine = {
    kernel: formatRelease(model.release),
    zoneDma: on('CONFIG_ZONE_DMA', true),
    zoneDma32: on('CONFIG_ZONE_DMA32', true),
    highmem: on('CONFIG_HIGHMEM', false),
    cma: on('CONFIG_CMA', true),
    compaction: on('CONFIG_COMPACTION', true),
    mmu: on('CONFIG_MMU', true),
    preemptRt: isEnabled(model.config, 'CONFIG_PREEMPT_RT'),
  };
  machines.set(model, made);
  return made;
}

import type { FlagTable } from '../model';

/** Lattice bits of the flags that the allocator looks at; 0 for one that this kernel does not have. */
export interface FlagBits {
  readonly dma: number;
  readonly dma32: number;
  readonly highmem: number;
  readonly movable: number;
  readonly reclaimable: number;
  readonly high: number;
  readonly atomic: number;
  readonly io: number;
  readonly fs: number;
  readonly directReclaim: number;
  readonly kswapdReclaim: number;
  readonly nowarn: number;
  readonly repeat: number;
  readonly retryMayfail: number;
  readonly nofail: number;
  readonly noretry: number;
  readonly memalloc: number;
  readonly nomemalloc: number;
  readonly thisnode: number;
  readonly account: number;
  readonly comp: number;
}

const known = new WeakMap<FlagTable, FlagBits>();

/** The bits by what they mean: looked up once for each flag table, because a million questions are about a few kernels. */
export function flagBitsOf(flags: FlagTable): FlagBits {
  const ready = known.get(flags);
  if (ready !== undefined) return ready;
  const bits = (name: string) => flags.bitsOf(`__GFP_${name}`);
  const made: FlagBits = {
    dma: bits('DMA'),
    dma32: bits('DMA32'),
    highmem: bits('HIGHMEM'),
    movable: bits('MOVABLE'),
    reclaimable: bits('RECLAIMABLE'),
    high: bits('HIGH'),
    atomic: bits('ATOMIC'),
    io: bits('IO'),
    fs: bits('FS'),
    directReclaim: bits('DIRECT_RECLAIM'),
    kswapdReclaim: bits('KSWAPD_RECLAIM'),
    nowarn: bits('NOWARN'),
    repeat: bits('REPEAT'),
    retryMayfail: bits('RETRY_MAYFAIL'),
    nofail: bits('NOFAIL'),
    noretry: bits('NORETRY'),
    memalloc: bits('MEMALLOC'),
    nomemalloc: bits('NOMEMALLOC'),
    thisnode: bits('THISNODE'),
    account: bits('ACCOUNT'),
    comp: bits('COMP'),
  };
  known.set(flags, made);
  return made;
}

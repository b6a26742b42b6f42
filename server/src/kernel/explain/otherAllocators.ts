import { hasChange, type Since } from '../release';
import type { Request } from './request';

/** What an allocator built on pages makes of the mask. */
export interface NestedRequest {
  readonly allocator: 'slab page' | 'vmalloc' | 'mempool' | 'percpu' | 'dma_alloc';
  /** Lattice bits of its first request for pages; undefined where it makes none with this mask. */
  readonly bits: number | undefined;
  readonly note: string;
}

/** percpu takes any mask that can block for a sleeping one; before, only one that has all of GFP_KERNEL. From mm/percpu.c. */
const PERCPU_BY_BLOCKING: Since = [
  [6, 17],
  [6, 12, 117],
  [6, 1, 192],
];
/** dma_alloc_attrs() takes the zone bits out (kernel/dma/mapping.c). */
const DMA_DROPS_ZONES: Since = [[5, 4]];

/** The masks of nested requests (mm/slub.c: allocate_slab(); mm/vmalloc.c; mm/mempool.c; mm/percpu.c; kernel/dma/mapping.c). */
export function nestedRequests(request: Request): readonly NestedRequest[] {
  return [slabPage(request), vmalloc(request), mempool(request), percpu(request), dmaAlloc(request)];
}

function slabPage(request: Request): NestedRequest {
  const { flags, bits, model } = request;
  const named = (name: string) => model.flags.bitsOf(name);
  const kept = bits & (named('GFP_RECLAIM_MASK') | named('GFP_CONSTRAINT_MASK'));
  const first = (kept | flags.nowarn | flags.noretry) & ~flags.nofail;
  const oldReclaim = !hasChange(model.release, [[4, 6]]);
  const hurried = (first | flags.nomemalloc) & ~(oldReclaim ? flags.directReclaim : flags.directReclaim | flags.kswapdReclaim);
  return {
    allocator: 'slab page',
    bits: request.mayBlock ? hurried : first,
    note: "first try for a new slab, at the cache's preferred order; then its smallest order with the caller's reclaim flags",
  };
}

function vmalloc(request: Request): NestedRequest {
  const { flags, bits, model } = request;
  const { masks, whitelist } = model.behaviour.vmalloc;
  const highmem = request.has(flags.dma | flags.dma32) ? 0 : flags.highmem;
  if (masks === 'whitelist') {
    const listed = whitelist.reduce((all, name) => all | model.flags.bitsOf(name), flags.highmem);
    const stripped = (bits & ~listed) !== 0 ? 'warns about flags it does not take and drops them' : 'takes the mask as it is';
    return { allocator: 'vmalloc', bits: (bits & listed) | highmem | flags.nowarn, note: stripped };
  }
  const kernel = model.flags.bitsOf('GFP_KERNEL');
  const fits = masks === 'kernel' ? (bits & kernel) === kernel : request.mayBlock;
  const note = fits
    ? 'single pages; reports failure itself'
    : masks === 'kernel'
      ? 'supports masks with all of GFP_KERNEL only'
      : 'supports masks that may sleep only';
  return { allocator: 'vmalloc', bits: bits | highmem | flags.nowarn, note };
}

function mempool(request: Request): NestedRequest {
  const { flags, bits } = request;
  const added = bits | flags.nomemalloc | flags.noretry | flags.nowarn;
  const note = request.mayBlock
    ? 'first try; then takes a reserved element or waits for one: never NULL'
    : 'one try; then a reserved element or NULL';
  return { allocator: 'mempool', bits: added & ~(flags.directReclaim | flags.io), note };
}

function percpu(request: Request): NestedRequest {
  const { flags, bits, model } = request;
  const kernel = model.flags.bitsOf('GFP_KERNEL');
  const sleeps = hasChange(model.release, PERCPU_BY_BLOCKING) ? request.mayBlock : (bits & kernel) === kernel;
  if (!sleeps) return { allocator: 'percpu', bits: undefined, note: 'atomic: served from chunks that exist, allocates no pages' };
  const passed = hasChange(model.release, [[4, 19]]) ? bits & (kernel | flags.noretry | flags.nowarn) : kernel;
  return { allocator: 'percpu', bits: passed, note: 'may allocate and populate chunks' };
}

function dmaAlloc(request: Request): NestedRequest {
  const { flags, bits, model } = request;
  if (model.behaviour.dmaCompFails && request.has(flags.comp))
    return { allocator: 'dma_alloc', bits: undefined, note: 'warns about __GFP_COMP and returns NULL' };
  const zones = flags.dma | flags.dma32 | flags.highmem;
  if (!hasChange(model.release, DMA_DROPS_ZONES))
    return { allocator: 'dma_alloc', bits, note: "zone bits are taken as given, besides the device's mask" };
  return { allocator: 'dma_alloc', bits: bits & ~zones, note: "the device's mask chooses the zone" };
}

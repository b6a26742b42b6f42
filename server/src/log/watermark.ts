import { checkWatermark, type KernelModel } from '../kernel/index';

/** What the watermark test of a zone looks at, as far as a log tells. All sizes in pages. */
export interface ZoneNumbers {
  readonly free: number;
  /** The min watermark with its temporary boost, as the log prints it. */
  readonly min: number;
  /** lowmem_reserve[] of the request's highest zone. */
  readonly reserve: number;
  /** Pages in blocks kept for high-order atomic requests: the free ones where the kernel counts them, else all. */
  readonly highatomic: number;
  readonly freeCma: number;
  /** Free blocks by order, from 0. */
  readonly blocks: readonly FreeBlocks[];
  /** The list of blocks was read to its end. */
  readonly complete: boolean;
}

export interface FreeBlocks {
  readonly count: number;
  /** Letters of the lists that hold them; undefined when the log does not say. */
  readonly types: string | undefined;
}

/** What the request is entitled to. */
export interface Entitlement {
  readonly model: KernelModel;
  readonly order: number;
  readonly allocFlags: readonly string[];
  /** The part of the min watermark that must stay: 1, 0.75, 0.5, 0.375, 0. */
  readonly floor: number;
  readonly highatomic: boolean;
  readonly cma: boolean;
  /** The test of kernels before 4.4, which looked at the free pages order by order. */
  readonly byOrders: boolean;
}

export interface WatermarkTest {
  /** Free pages this request may count on. */
  readonly usable: number;
  /** Taken off `free`: the rest of the block, high-atomic blocks, CMA. */
  readonly splitting: number;
  readonly highatomic: number;
  readonly cma: number;
  /** What must stay free: the part of min, and the reserve for lower zones. */
  readonly floor: number;
  readonly reserve: number;
  readonly enoughFree: boolean;
  /** A block of the order or above that the request may take. */
  readonly block: BlockAnswer;
  readonly passes: boolean;
}

/** `none`: no free block is that large; `cma`, `highatomic`, `isolated`: there are, all on lists that are closed to the request. */
export type BlockAnswer = 'yes' | 'none' | 'cma' | 'highatomic' | 'isolated' | 'unknown';

/** The test of a request that had the right to one more kind of block; its share of the min watermark stays the same. */
export function testWithRight(zone: ZoneNumbers, entitlement: Entitlement, right: 'cma' | 'highatomic'): WatermarkTest {
  return right === 'cma'
    ? watermarkTest({ ...zone, freeCma: 0 }, { ...entitlement, cma: true })
    : watermarkTest({ ...zone, highatomic: 0 }, { ...entitlement, highatomic: true });
}

/** The kernel's watermark test on the numbers of a log (4.4 and later by the model; before 4.4 with the order-by-order test). */
export function watermarkTest(zone: ZoneNumbers, request: Entitlement): WatermarkTest {
  const usable = usableOf(zone, request);
  const splitting = 2 ** request.order - 1;
  const cma = usableOf({ ...zone, freeCma: 0 }, request) - usable;
  const floor = request.floor === 0 ? 0 : neededOf(zone, request) - zone.reserve;
  const enoughFree = request.floor === 0 || usable > floor + zone.reserve;
  const block = blockFor(zone, request, usable, floor);
  return {
    usable,
    splitting,
    highatomic: zone.free - splitting - cma - usable,
    cma,
    floor,
    reserve: request.floor === 0 ? 0 : zone.reserve,
    enoughFree,
    block,
    passes: enoughFree && block === 'yes',
  };
}

/** Asks the model for the two sides of its comparison: no zone can exceed an endless reserve, so that it says what it compared. */
function askedNumbers(zone: ZoneNumbers, { model, order, allocFlags }: Entitlement, reserve: number) {
  const state = { free: zone.free, mark: zone.min, lowmemReserve: reserve, highatomic: zone.highatomic, freeCma: zone.freeCma, areas: [] };
  return checkWatermark(model, state, { order, allocFlags: allocFlags.filter((flag) => flag !== 'ALLOC_NO_WATERMARKS') });
}

function usableOf(zone: ZoneNumbers, request: Entitlement): number {
  const answer = askedNumbers(zone, request, Number.POSITIVE_INFINITY);
  return answer.ok ? zone.free : answer.usable;
}

function neededOf(zone: ZoneNumbers, request: Entitlement): number {
  const answer = askedNumbers({ ...zone, free: Number.NEGATIVE_INFINITY }, request, zone.reserve);
  return answer.ok ? 0 : answer.needed;
}

function blockFor(zone: ZoneNumbers, request: Entitlement, usable: number, floor: number): BlockAnswer {
  // Without a watermark test the lists themselves decide, also for a single page.
  if (request.floor === 0) return zone.blocks.length === 0 ? 'unknown' : freeBlock(zone, request);
  if (request.order === 0) return 'yes';
  return request.byOrders ? blockByOrders(zone, request, usable, floor) : freeBlock(zone, request);
}

/** Whether a block of the order or above lies on a list that is open to the request. */
export function freeBlock(zone: Pick<ZoneNumbers, 'blocks' | 'complete'>, request: Entitlement): BlockAnswer {
  let closed: BlockAnswer = zone.complete ? 'none' : 'unknown';
  for (const { count, types } of zone.blocks.slice(request.order)) {
    if (count === 0) continue;
    if (types === undefined) closed = 'unknown';
    else if (isOpen(types, request)) return 'yes';
    else if (closed === 'none') closed = types.includes('C') ? 'cma' : types.includes('H') ? 'highatomic' : 'isolated';
  }
  return closed;
}

/**
 * Whether one of the lists may serve the request when a block is taken (__rmqueue() in mm/page_alloc.c): U M E (and R of old kernels) always, C and H by
 * right, I never. The watermark test of unpatched 4.6 to 4.14 looked at no list for atomic requests; taking the block failed all the same.
 */
export function isOpen(types: string, { highatomic, cma }: Pick<Entitlement, 'highatomic' | 'cma'>): boolean {
  return /[UMER]/.test(types) || (cma && types.includes('C')) || (highatomic && types.includes('H'));
}

function blockByOrders(zone: ZoneNumbers, request: Entitlement, usable: number, floor: number): BlockAnswer {
  let free = usable;
  let must = floor;
  for (let order = 0; order < request.order; order++) {
    const blocks = zone.blocks[order];
    if (blocks === undefined) return 'unknown';
    free -= blocks.count * 2 ** order;
    must = Math.trunc(must / 2);
    if (free <= must) return 'none';
  }
  return 'yes';
}

/** What the watermark test of a zone looks at. All sizes in pages. */
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
  readonly order: number;
  /** The part of the min watermark that must stay: 1, 0.75, 0.5, 0.375, 0. */
  readonly floor: number;
  /** Has a reserve flag: the high-atomic reserve is not held against it. */
  readonly usesReserve: boolean;
  readonly highatomic: boolean;
  readonly cma: boolean;
  /** The test of kernels before 4.4, which looked at the free pages order by order. */
  readonly byOrders: boolean;
}

export interface WatermarkTest {
  /** Free pages this request may count on. */
  readonly usable: number;
  /** Taken off for being part of a block that would be split: 2^order - 1. */
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

/** __zone_watermark_ok() in mm/page_alloc.c (4.4 to 7.2; before 4.4 with the order-by-order test). */
export function watermarkTest(zone: ZoneNumbers, request: Entitlement): WatermarkTest {
  const splitting = 2 ** request.order - 1;
  const highatomic = request.usesReserve || request.byOrders ? 0 : zone.highatomic;
  const cma = request.cma ? 0 : zone.freeCma;
  const usable = zone.free - splitting - highatomic - cma;
  const floor = floorOf(zone.min, request.floor);
  const enoughFree = usable > floor + zone.reserve;
  const block = request.byOrders
    ? blockByOrders(zone, request, usable, floor)
    : request.order === 0
      ? 'yes'
      : freeBlock(zone, request);
  return { usable, splitting, highatomic, cma, floor, reserve: zone.reserve, enoughFree, block, passes: enoughFree && block === 'yes' };
}

/** The kernel's whole-number steps: half first, then a quarter of what is left. */
function floorOf(min: number, part: number): number {
  if (part === 0) return 0;
  let left = min;
  if (part <= 0.5) left -= Math.trunc(left / 2);
  if (part === 0.375 || part === 0.75) left -= Math.trunc(left / 4);
  return left;
}

/** Whether a block of the order or above lies on a list that is open to the request. */
export function freeBlock(zone: Pick<ZoneNumbers, 'blocks' | 'complete'>, request: Pick<Entitlement, 'order' | 'highatomic' | 'cma'>): BlockAnswer {
  let closed: BlockAnswer = zone.complete ? 'none' : 'unknown';
  for (const { count, types } of zone.blocks.slice(request.order)) {
    if (count === 0) continue;
    if (types === undefined) closed = 'unknown';
    else if (isOpen(types, request)) return 'yes';
    else if (closed === 'none') closed = types.includes('C') ? 'cma' : types.includes('H') ? 'highatomic' : 'isolated';
  }
  return closed;
}

/** Whether one of the lists may serve the request: U M E (and R of old kernels) always, C and H by right, I never. */
export function isOpen(types: string, request: Pick<Entitlement, 'highatomic' | 'cma'>): boolean {
  return /[UMER]/.test(types) || (request.cma && types.includes('C')) || (request.highatomic && types.includes('H'));
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

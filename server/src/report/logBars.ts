import type { BuddyCount, ZoneExplanation } from '../log/index';

const BAR_WIDTH = 48;
const BLOCK_WIDTH = 28;

/**
 * Two bars on one scale: what is free (`#` usable, `H` kept for high-order atomic requests, `C` CMA), and what must stay free (`=` part of min, `r` lowmem
 * reserve). The request passes the watermark test when the `#` reach further. No lines without the numbers for it.
 */
export function zoneBars(zone: ZoneExplanation): readonly string[] {
  const { free, usable, floor, reserve } = zone;
  if (free === undefined || usable === undefined || floor === undefined || reserve === undefined) return [];
  const largest = Math.max(free, floor + reserve, 1);
  const cells = (kb: number) => (kb <= 0 ? 0 : Math.max(1, Math.round((kb * BAR_WIDTH) / largest)));
  const end = cells(free);
  const usableCells = Math.min(cells(usable), end);
  const closed = free - Math.max(0, usable);
  const cma = Math.min(zone.cma ?? 0, closed);
  const cmaCells = Math.min(cells(cma), end - usableCells);
  const restCells = end - usableCells - cmaCells;
  const highatomic = (zone.highatomic ?? 0) > 0 ? 'H' : '-';
  const freeBar = '#'.repeat(usableCells) + highatomic.repeat(restCells) + 'C'.repeat(cmaCells);
  const floorCells = cells(floor);
  const needBar = '='.repeat(floorCells) + 'r'.repeat(Math.max(0, cells(floor + reserve) - floorCells));
  return [
    `  free |${freeBar.padEnd(BAR_WIDTH)}| ${free} kB`,
    `  keep |${needBar.slice(0, BAR_WIDTH).padEnd(BAR_WIDTH)}| ${floor + reserve} kB`,
  ];
}

/** The free blocks by order, as bars of their memory, with the lists they are on; `>` marks the orders that would serve the request. */
export function buddyBars(buddy: readonly BuddyCount[], order: number): readonly string[] {
  const largest = Math.max(1, ...buddy.map((one) => one.count * one.blockKb));
  return buddy.map((one) => {
    const kb = one.count * one.blockKb;
    const bar = (one.open ? '#' : 'x').repeat(kb === 0 ? 0 : Math.max(1, Math.round((kb * BLOCK_WIDTH) / largest)));
    const mark = one.order >= order ? '>' : ' ';
    const types = one.count === 0 ? '' : one.types === null ? '' : one.open ? one.types : `${one.types} (closed)`;
    const cells = [
      mark,
      `${one.order}`.padStart(2),
      size(one.blockKb).padStart(7),
      `${one.count}`.padStart(8),
      bar.padEnd(BLOCK_WIDTH),
      types,
    ];
    return `  ${cells.join(' ')}`.trimEnd();
  });
}

function size(kb: number): string {
  return kb >= 1024 ? `${kb / 1024} MB` : `${kb} kB`;
}

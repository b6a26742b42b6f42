import type { FailureRecord, MemoryReport, ZoneReport } from './record';
import type { FailedRequest } from './request';

/** Zones from the lowest addresses up; a request may use its highest zone and all below it. */
export const ZONE_ORDER = ['DMA', 'DMA32', 'Normal', 'HighMem', 'Movable', 'Device'] as const;

/** Bytes of a page / 1024: the smallest block of the buddy lists. */
export function pageKbOf(memory: MemoryReport | undefined): number {
  for (const zone of memory?.zones ?? []) {
    const first = zone.buddy?.cells[0];
    if (first !== undefined) return first.blockKb;
  }
  return 4;
}

/**
 * The zones this kernel was built with, lowest first, also those without memory: lowmem_reserve[] has one number for each (MAX_NR_ZONES in
 * include/linux/mmzone.h). Which ones follows from the zones that are shown and from how many there are.
 */
export function zoneLayout(memory: MemoryReport): readonly string[] {
  const shown = new Set(memory.zones.map((zone) => zone.name));
  const count = memory.zones.find((zone) => zone.lowmemReserve !== undefined)?.lowmemReserve?.value.length;
  const highmem = shown.has('HighMem') || (!shown.has('DMA32') && (memory.totals.get('highmem')?.value ?? 0) > 0);
  const candidates = highmem
    ? [
        ['Normal', 'HighMem', 'Movable'],
        ['DMA', 'Normal', 'HighMem', 'Movable'],
      ]
    : [
        ['Normal', 'Movable'],
        ['DMA32', 'Normal', 'Movable'],
        ['DMA', 'Normal', 'Movable'],
        ['Normal', 'HighMem', 'Movable'],
        ['DMA', 'DMA32', 'Normal', 'Movable'],
        ['DMA', 'DMA32', 'Normal', 'Movable', 'Device'],
      ];
  const fitting = candidates.find((one) => one.length === count && [...shown].every((name) => one.includes(name)));
  return fitting ?? ZONE_ORDER.filter((name) => shown.has(name) || name === 'Normal' || name === 'Movable');
}

/** The highest zone the mask allows (gfp_zone() in include/linux/gfp.h) on a machine with this layout. */
export function topZoneOf(flags: readonly string[], layout: readonly string[]): string {
  const has = (name: string) => flags.includes(name);
  if (has('__GFP_DMA')) return layout.includes('DMA') ? 'DMA' : 'Normal';
  if (has('__GFP_DMA32')) return layout.includes('DMA32') ? 'DMA32' : 'Normal';
  if (!has('__GFP_HIGHMEM')) return 'Normal';
  if (has('__GFP_MOVABLE')) return 'Movable';
  return layout.includes('HighMem') ? 'HighMem' : 'Normal';
}

export function rankOf(zone: string): number {
  return ZONE_ORDER.indexOf(zone as (typeof ZONE_ORDER)[number]);
}

/** In the order the allocator tries them: node after node as logged, in each from the highest zone down. */
export function inFallbackOrder(memory: MemoryReport): readonly ZoneReport[] {
  const nodes = [...new Set(memory.zones.map((zone) => zone.node ?? 0))];
  return nodes.flatMap((node) => memory.zones.filter((zone) => (zone.node ?? 0) === node).sort((a, b) => rankOf(b.name) - rankOf(a.name)));
}

/** Whether the task may take memory of a node: mems_allowed and nodemask bind all but atomic requests. */
export function nodeAllowed(record: FailureRecord, request: FailedRequest, node: number): boolean {
  const lists = [record.header.nodemask?.value];
  if (request.mask?.allocFlags.includes('ALLOC_CPUSET') !== false && !request.interrupt) lists.push(record.header.memsAllowed?.value);
  return lists.every((list) => list === undefined || !/^\d/.test(list) || list.split(',').some((part) => inRange(part, node)));
}

function inRange(part: string, node: number): boolean {
  const [first, last = first] = part.split('-').map(Number);
  return first !== undefined && last !== undefined && node >= first && node <= last;
}

import type { Draft, DraftMemory, DraftZone } from './draft';
import type { LogicalLine } from './logicalLine';
import type { BuddyCell, Read } from './record';

const ZONE = /^\s*(?:Node (\d+) )?(DMA|DMA32|Normal|HighMem|Movable|Device) (?=free:|present:)/;
const NODE = /^\s*Node (\d+) (?=active_anon:)/;
const BUDDY = /^\s*(?:Node (\d+) )?(DMA|DMA32|Normal|HighMem|Movable|Device): (?=(?:\d+[*_]\d+kB|empty))/;
/** `protections` up to 2.6.10. */
const RESERVE = /^\s*(?:lowmem_reserve|protections)\[\]:((?: \d+)+)(?=\s|$)/;
const COUNTERS =
  /^\s*(?:(?:active_anon|active_file|unevictable|slab_reclaimable|slab|mapped|sec_pagetables|kernel_misc_reclaimable|free|Active):\d)/;
const COUNTER = /\b([a-z_]+):(\d+)(?=\s|$)/gi;
const FIELD = /(?<![A-Za-z_])([A-Za-z_]+(?:\([a-z]+\))?):\s?(\d+)[kK]B(?=[\s,]|$)/g;
const HUGEPAGES = /Node (\d+) hugepages_total=(\d+) hugepages_free=(\d+) hugepages_surp=\d+ hugepages_size=(\d+)kB/;
const TOTALS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['pagecache', /^\s*(\d+) total pagecache pages/],
  ['swapcache', /^\s*(\d+) pages in swap ?cache/],
  ['freeSwap', /^\s*Free swap\s+= ?(\d+)kB/],
  ['totalSwap', /^\s*Total swap\s*= ?(\d+)kB/],
  ['ram', /^\s*(\d+) pages (?:of )?RAM/],
  ['highmem', /^\s*(\d+) pages (?:of )?HighMem/],
  ['reserved', /^\s*(\d+) (?:pages reserved|reserved pages)/],
  ['cmaReserved', /^\s*(\d+) pages cma reserved/],
  ['hwpoisoned', /^\s*(\d+) pages hwpoisoned/],
  ['shared', /^\s*(\d+) pages shared/],
  ['nonShared', /^\s*(\d+) pages non-shared/],
];
/** A machine has a few sizes for each node. */
const MOST_HUGEPAGES = 512;
/** Lines that belong here and hold nothing that is used. */
const SKIPPED =
  /^\s*(?:Swap cache stats:|(?:Node \d+ )?\S+ per-cpu:|CPU +\d+: (?:hi|Hot):|Unreclaimable slab info:|Name +Used +Total|\S+ +\d+KB +\d+KB|Memory allocations|\d+(?:\.\d*)? [KMG]i?B +\d+ \S+:\d+|Free pages:|Mem-info)/;

/** Reads one line of the memory report that follows `Mem-Info:`; false when it is none. */
export function readMemory(line: LogicalLine, draft: Draft): boolean {
  const { text } = line;
  if (/^\s*(?:Mem-[Ii]nfo|SysRq : Show Memory|Show Memory):?/.test(text)) {
    draft.ensureMemory(line.line);
    draft.traceEnded = true;
    return true;
  }
  const memory = draft.memory;
  return (
    readZone(line, draft) || readReserve(line, memory) || readBuddy(line, draft) || readNode(line, draft) || readRest(line, draft, memory)
  );
}

function readRest(line: LogicalLine, draft: Draft, memory: DraftMemory | undefined): boolean {
  const { text } = line;
  const huge = HUGEPAGES.exec(text);
  if (huge !== null) {
    const [node, total, free, sizeKb] = huge.slice(1, 5).map(Number) as [number, number, number, number];
    const { hugepages } = draft.ensureMemory(line.line);
    if (hugepages.length < MOST_HUGEPAGES) hugepages.push({ node, line: line.line, sizeKb, total, free });
    return true;
  }
  for (const [name, pattern] of TOTALS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    put(draft.ensureMemory(line.line).totals, name, { value: Number(match[1]), line: line.line });
    return true;
  }
  if (memory !== undefined && memory.zones.length === 0 && COUNTERS.test(text)) {
    for (const match of text.matchAll(COUNTER))
      put(memory.counters, match[1]!.toLowerCase(), { value: Number(match[2]), line: line.lineAt(match.index) });
    return true;
  }
  return SKIPPED.test(text);
}

/** The first report of a number counts: a second one belongs to another processor's report. */
function put(map: Map<string, Read<number>>, name: string, value: Read<number>): void {
  if (!map.has(name)) map.set(name, value);
}

function kilobytes(line: LogicalLine): Map<string, Read<number>> {
  const fields = new Map<string, Read<number>>();
  for (const match of line.text.matchAll(FIELD))
    put(fields, match[1]!.toLowerCase(), { value: Number(match[2]), line: line.lineAt(match.index) });
  return fields;
}

function readNode(line: LogicalLine, draft: Draft): boolean {
  const match = NODE.exec(line.text);
  if (match === null) return false;
  const unreclaimable = /all_unreclaimable\? (yes|no)\b/.exec(line.text);
  draft.ensureMemory(line.line).nodes.push({
    node: Number(match[1]),
    line: line.line,
    fields: kilobytes(line),
    ...(unreclaimable === null ? {} : { allUnreclaimable: { value: unreclaimable[1] === 'yes', line: line.lineAt(unreclaimable.index) } }),
  });
  return true;
}

function readZone(line: LogicalLine, draft: Draft): boolean {
  const match = ZONE.exec(line.text);
  if (match === null) return false;
  const memory = draft.ensureMemory(line.line);
  const node = match[1] === undefined ? undefined : Number(match[1]);
  const known = findZone(memory, node, match[2]!);
  const zone: DraftZone = { node, name: match[2]!, line: line.line, fields: kilobytes(line) };
  if (known === undefined) memory.zones.push(zone);
  else if (known.fields.size === 0) for (const [name, value] of zone.fields) known.fields.set(name, value);
  return true;
}

function findZone(memory: DraftMemory, node: number | undefined, name: string): DraftZone | undefined {
  return memory.zones.find((zone) => zone.name === name && zone.node === node);
}

function readReserve(line: LogicalLine, memory: DraftMemory | undefined): boolean {
  if (!/^\s*(?:lowmem_reserve|protections)\[\]:/.test(line.text)) return false;
  const match = RESERVE.exec(line.text);
  const zone = memory?.zones[memory.zones.length - 1];
  if (match !== null && zone !== undefined && zone.lowmemReserve === undefined && zone.buddy === undefined)
    zone.lowmemReserve = { value: match[1]!.trim().split(/\s+/).map(Number), line: line.line };
  return true;
}

function readBuddy(line: LogicalLine, draft: Draft): boolean {
  const match = BUDDY.exec(line.text);
  if (match === null) return false;
  const memory = draft.ensureMemory(line.line);
  const node = match[1] === undefined ? undefined : Number(match[1]);
  let zone = findZone(memory, node, match[2]!);
  if (zone === undefined) {
    zone = { node, name: match[2]!, line: line.line, fields: new Map() };
    memory.zones.push(zone);
  }
  if (zone.buddy !== undefined) return true;
  const cells: BuddyCell[] = [];
  for (const cell of line.text.matchAll(/(?<!\d)(\d+)[*_](\d+)kB(?: \(([UMERHCI]+)\))?/g)) {
    const blockKb = Number(cell[2]);
    const last = cells[cells.length - 1];
    // Blocks double from cell to cell; anything else is another list that ran into this line.
    if (blockKb === 0 || (last !== undefined && blockKb !== last.blockKb * 2)) break;
    const types = cell[3] === undefined ? {} : { types: cell[3] };
    cells.push({ count: Number(cell[1]), blockKb, ...types, line: line.lineAt(cell.index) });
  }
  const total = /= (\d+)kB/.exec(line.text);
  zone.buddy = {
    line: line.line,
    cells,
    ...(total === null ? {} : { total: { value: Number(total[1]), line: line.lineAt(total.index) } }),
  };
  return true;
}

import { CUT } from './line';

/** One trace event of the allocator, reclaim or compaction, as ftrace, trace-cmd and perf script print it. */
export interface TraceEvent {
  /** `mm_page_alloc` */
  readonly name: string;
  /** As printed: `GFP_KERNEL|__GFP_ZERO` or `0xcc0`. */
  readonly mask: string | undefined;
  readonly order: number | undefined;
  /** An allocation that got nothing. */
  readonly failed: boolean;
  readonly caller: string | undefined;
  /** `nr_reclaimed` of the end of a direct reclaim, pages. */
  readonly reclaimed: number | undefined;
  /** How a compaction ended, in the kernel's words. */
  readonly status: string | undefined;
  /** Another kind of page block had to be broken up. */
  readonly fragmenting: boolean;
}

/** The field part of an event line; the names are those of include/trace/events/{kmem,vmscan,compaction,oom}.h, 2.6.33 to 6.19. */
const EVENT =
  /(?:^|[\s:])(kmalloc(?:_node)?|kmem_cache_(?:alloc(?:_node)?|free)|kfree|mm_(?:page|vmscan|compaction)_[a-z_]{1,40}|reclaim_retry_zone|compact_retry):\s+(\S.*)$/;

/** Words of which every event line has one: cheap to look for before the line is taken apart. */
export function mayBeEvent(text: string): boolean {
  return (
    text.includes('call_site=') ||
    text.includes('mm_page_') ||
    text.includes('mm_vmscan_') ||
    text.includes('mm_compaction_') ||
    text.includes('compact_retry:') ||
    text.includes('reclaim_retry_zone:')
  );
}

/** Reads a line; undefined when it is no such event. A number at a cut end is left out. */
export function readEvent(line: string): TraceEvent | undefined {
  if (!mayBeEvent(line)) return undefined;
  const match = EVENT.exec(line);
  if (match === null) return undefined;
  const name = match[1]!;
  const fields = match[2]!;
  const text = (pattern: RegExp): string | undefined => {
    const value = pattern.exec(fields)?.[1];
    return value === undefined || value.endsWith(CUT) ? undefined : value;
  };
  const number = (pattern: RegExp): number | undefined => {
    const value = text(pattern);
    return value === undefined ? undefined : Number(value);
  };
  return {
    name,
    mask: text(/\bgfp_(?:flags|mask)[= ]([\w|]+)(?=[,\s)]|$)/),
    order: number(/\b(?:alloc_)?order=(\d{1,2})(?=[,\s]|$)/),
    failed: isFailure(name, fields),
    caller:
      text(/\bcall_site=(?![0-9a-f]{8,16}\b)([A-Za-z_][\w.]*)(?:\+0x|(?=[,\s]|$))/) ??
      text(/^\(?([A-Za-z_][\w.]*)\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?\)? call_site=/),
    reclaimed: name.endsWith('reclaim_end') ? number(/\bnr_reclaimed=(\d+)(?=[,\s]|$)/) : undefined,
    status: name === 'mm_compaction_end' ? text(/\bstatus=(\w+)(?=[,\s]|$)/) : undefined,
    fragmenting: name === 'mm_page_alloc_extfrag' && /\bfragmenting=1\b/.test(fields),
  };
}

/** %p prints no pointer as `(null)`, `(nil)`, or zeros; 5.x and later hash others, never this one. */
const NOTHING = /\b(?:page|ptr)=(?:\(null\)|\(nil\)|0x0+|0+)(?=[,\s]|$)/;

function isFailure(name: string, fields: string): boolean {
  if (name === 'mm_page_alloc') return NOTHING.test(fields) && /\bpfn=(?:0x)?0+(?=[,\s]|$)/.test(fields);
  return /^(?:kmalloc|kmem_cache_alloc)/.test(name) && NOTHING.test(fields);
}

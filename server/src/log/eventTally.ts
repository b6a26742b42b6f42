import type { TraceEvent } from './readEvent';
import type { EventReport, MaskUse } from './record';

/** Masks and callers that are told apart; a trace has few of the one and the largest callers come early. */
const MOST_MASKS = 256;
const MOST_CALLERS = 512;
const SHOWN_CALLERS = 5;
/** Allocating events: what they carry is a request. */
const REQUEST = /^(?:kmalloc|kmem_cache_alloc|mm_page_alloc$)/;

interface Tally {
  readonly line: number;
  requests: number;
  failed: number;
  reclaims: number;
  compactions: number;
  readonly orders: number[];
  readonly callers: Map<string, number>;
}

/** Counts trace events of a stream in constant memory. */
export class EventTally {
  private readonly counts = new Map<string, number>();
  private readonly masks = new Map<string, Tally>();
  private readonly endings = new Map<string, number>();
  private first: number | undefined;
  private last = 0;
  private reclaims = 0;
  private reclaimed = 0;
  private fruitless = 0;
  private fragmenting = 0;

  add(event: TraceEvent, line: number): void {
    this.first ??= line;
    this.last = line;
    count(this.counts, event.name);
    if (event.fragmenting) this.fragmenting++;
    if (event.status !== undefined) count(this.endings, event.status);
    if (event.reclaimed !== undefined) {
      this.reclaims++;
      this.reclaimed += event.reclaimed;
      if (event.reclaimed === 0) this.fruitless++;
    }
    if (event.mask !== undefined) this.addMask(event.mask, event, line);
  }

  /** Undefined when there was no event. */
  report(): EventReport | undefined {
    const { first, last, counts, masks, endings, reclaims, reclaimed, fruitless, fragmenting } = this;
    if (first === undefined) return undefined;
    const uses = [...masks].map(([text, tally]) => useOf(text, tally)).sort((a, b) => b.failed - a.failed || b.requests - a.requests);
    return { line: first, endLine: last, counts, masks: uses, reclaims, reclaimed, fruitless, compactions: endings, fragmenting };
  }

  private addMask(text: string, event: TraceEvent, line: number): void {
    let tally = this.masks.get(text);
    if (tally === undefined) {
      if (this.masks.size >= MOST_MASKS) return;
      tally = { line, requests: 0, failed: 0, reclaims: 0, compactions: 0, orders: [], callers: new Map() };
      this.masks.set(text, tally);
    }
    if (event.name === 'mm_vmscan_direct_reclaim_begin') tally.reclaims++;
    if (event.name === 'mm_compaction_try_to_compact_pages') tally.compactions++;
    if (!REQUEST.test(event.name)) return;
    tally.requests++;
    if (event.failed) tally.failed++;
    if (event.order !== undefined && event.order < 64) tally.orders[event.order] = (tally.orders[event.order] ?? 0) + 1;
    if (event.caller !== undefined && (tally.callers.has(event.caller) || tally.callers.size < MOST_CALLERS))
      count(tally.callers, event.caller);
  }
}

function useOf(text: string, { line, requests, failed, reclaims, compactions, orders, callers }: Tally): MaskUse {
  const largest = [...callers].sort((a, b) => b[1] - a[1]).slice(0, SHOWN_CALLERS);
  return {
    text,
    line,
    requests,
    failed,
    reclaims,
    compactions,
    orders: Array.from(orders, (one) => one ?? 0),
    callers: largest.map(([name, times]) => ({ name, count: times })),
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

import { Draft } from './draft';
import { CUT, type LogLine, splitEscaped } from './line';
import { continues, LogicalLine } from './logicalLine';
import { readContext } from './readContext';
import { headerKind, readHeader, readRequest, readSlab } from './readHeader';
import { readMemory } from './readMemory';
import { readOom } from './readOom';
import { readMachine, readTrace } from './readTrace';
import type { FailureRecord, Read } from './record';

/** Lines that mean nothing here in a row, after which a record is over. */
const PATIENCE = 60;
/** Records of one printing task that may be open at once, and printing tasks. */
const MOST_OPEN = 3;
const MOST_CALLERS = 16;
const OTHER_REPORT =
  /^\s*(?:WARNING: CPU|BUG: (?!sleeping|scheduling)|INFO: task|-+\[ cut here|Oops|general protection|Kernel panic(?!.*panic_on_oom)|Linux version )/;
const SUPPRESSED = /(?:warn_alloc\w*|slab_out_of_memory|\balloc_pages\w*): (\d+) callbacks suppressed/;

/** The open records of one printing task, or of everything where the log does not say who prints. */
interface Slot {
  /** The newest first. */
  readonly drafts: Draft[];
  open: LogicalLine | undefined;
  idle: number;
}

/**
 * Puts lines together into records. Lines that carry their printer (`[T17032]`) are told apart by it; without it a report that starts inside another
 * one takes the trace, and the memory report goes on to fill the one that began it.
 */
export class Collector {
  private readonly slots = new Map<string, Slot>();
  private last: Slot | undefined;
  /** The longest line so far. */
  private widest = 0;
  /** Of the report that its printer is about to begin. */
  private pendingSuppressed: { readonly count: Read<number>; readonly caller: string | undefined } | undefined;

  constructor(private readonly emit: (record: FailureRecord) => void) {}

  /** No record is open: lines may be skipped until one with an anchor. */
  get isIdle(): boolean {
    return this.slots.size === 0;
  }

  push(line: LogLine): void {
    for (const text of splitEscaped(line.text)) this.pushPiece({ ...line, text });
  }

  /** The end of the input: all open records are over. */
  end(): void {
    for (const key of [...this.slots.keys()]) this.close(key);
  }

  private pushPiece(line: LogLine): void {
    this.widest = Math.max(this.widest, line.width);
    const key = line.caller ?? '';
    const slot = this.slotOf(line, key);
    if (line.text.trim() === '') return;
    if (slot.open !== undefined) {
      if (continues(slot.open, line, this.widest)) {
        slot.open.append(line, this.widest);
        return;
      }
      this.flush(slot);
    }
    slot.open = new LogicalLine(line);
    // What nothing can follow is read at once, so that an idle collector is seen to be idle.
    if (slot.drafts.length === 0 && headerKind(line.text) === undefined && !/page allocation|invoked/.test(line.text)) this.flush(slot);
    if (slot.idle > PATIENCE || (slot.drafts.length === 0 && slot.open === undefined)) this.closeSlot(slot);
  }

  private slotOf(line: LogLine, key: string): Slot {
    const named = this.slots.get(key);
    // The rest of a wrapped line has lost its prefix: it belongs to whoever printed last.
    const slot = line.caller === undefined && !line.stamped && this.last !== undefined ? this.last : named;
    if (slot !== undefined) {
      this.last = slot;
      return slot;
    }
    if (this.slots.size >= MOST_CALLERS) this.close(this.slots.keys().next().value!);
    const fresh: Slot = { drafts: [], open: undefined, idle: 0 };
    this.slots.set(key, fresh);
    this.last = fresh;
    return fresh;
  }

  private flush(slot: Slot): void {
    const line = slot.open;
    slot.open = undefined;
    if (line === undefined) return;
    const known = this.read(line, slot);
    slot.idle = known ? 0 : slot.idle + 1;
  }

  /** Reads one message into the open records; false when it means nothing here. */
  private read(line: LogicalLine, slot: Slot): boolean {
    const suppressed = SUPPRESSED.exec(line.text);
    if (suppressed !== null) {
      const count = { value: Number(suppressed[1]), line: line.line };
      const draft = slot.drafts[0];
      if (draft === undefined) this.pendingSuppressed = { count, caller: line.caller };
      else draft.suppressed ??= count;
      return true;
    }
    if (this.begin(line, slot)) return true;
    const [draft] = slot.drafts;
    if (draft === undefined) return false;
    if (OTHER_REPORT.test(line.text)) {
      if (draft.trace.length > 0) draft.traceEnded = true;
      return false;
    }
    const owner = memoryOwner(line, slot.drafts);
    const reader = [owner, draft].find(
      (one, index) => (index === 0 && readMemory(line, one)) || (index === 1 && (readContext(line, one) || readOom(line, one))),
    );
    const taken = reader ?? (readTrace(line, draft) || readRequest(line, draft) || readSlab(line, draft) ? draft : undefined);
    if (taken !== undefined) taken.endLine = line.lastLine;
    return taken !== undefined;
  }

  /** Opens a record when the line begins one. */
  private begin(line: LogicalLine, slot: Slot): boolean {
    const kind = headerKind(line.text) ?? (slot.drafts.length === 0 && /^\s*Mem-[Ii]nfo:/.test(line.text) ? 'memory' : undefined);
    if (kind === undefined) return false;
    const [current] = slot.drafts;
    if (kind === 'slab' && current !== undefined) {
      current.endLine = line.lastLine;
      return readSlab(line, current);
    }
    if (kind === 'page' && current?.kind === 'slab' && current.trace.length === 0) {
      current.kind = 'page';
      readHeader(line, current);
      return true;
    }
    const draft = new Draft(kind, line.line, line.caller);
    draft.endLine = line.lastLine;
    if (this.pendingSuppressed?.caller === line.caller) {
      draft.suppressed = this.pendingSuppressed?.count;
      this.pendingSuppressed = undefined;
    }
    if (kind === 'slab') readSlab(line, draft);
    else if (kind === 'memory') draft.ensureMemory(line.line);
    else readHeader(line, draft);
    if (line.text.includes('Comm:')) readMachine(line, draft);
    if (kind === 'sleep' || kind === 'atomic-schedule' || kind === 'lockdep') draft.ensureContext();
    for (const finished of slot.drafts.filter(isComplete)) this.deliver(slot, finished);
    slot.drafts.unshift(draft);
    while (slot.drafts.length > MOST_OPEN) this.deliver(slot, slot.drafts[slot.drafts.length - 1]!);
    return true;
  }

  private deliver(slot: Slot, draft: Draft): void {
    slot.drafts.splice(slot.drafts.indexOf(draft), 1);
    if (draft.kind !== 'lockdep' || concernsAllocation(draft)) this.emit(draft.finish());
  }

  private closeSlot(slot: Slot): void {
    for (const [key, one] of this.slots) if (one === slot) this.close(key);
  }

  private close(key: string): void {
    const slot = this.slots.get(key);
    if (slot === undefined) return;
    this.flush(slot);
    for (const draft of [...slot.drafts].reverse()) this.deliver(slot, draft);
    this.slots.delete(key);
    if (this.last === slot) this.last = undefined;
  }
}

/** Which open record a line of a memory report belongs to. */
function memoryOwner(line: LogicalLine, drafts: readonly Draft[]): Draft {
  const takers = drafts.filter((draft) => draft.context === undefined);
  const begins = /^\s*Mem-[Ii]nfo:/.test(line.text);
  const owner = takers.find((draft) => (draft.memory === undefined) === begins) ?? takers[0];
  return owner ?? drafts[0]!;
}

/** The last line of the memory report has been read. */
function isComplete(draft: Draft): boolean {
  return draft.memory?.totals.has('reserved') === true && draft.memory.zones.length > 0 && draft.kind !== 'oom';
}

/** A lock report counts only when reclaim or an allocation is part of it. */
function concernsAllocation(draft: Draft): boolean {
  return (
    draft.context?.reclaim !== undefined ||
    draft.context?.usage?.value.includes('RECLAIM_FS') === true ||
    draft.trace.some((frame) => /alloc_pages|kmalloc|kmem_cache_alloc|kvmalloc|vmalloc/.test(frame.name))
  );
}

/** Marks the last line of an input that does not end with a newline. */
export function cutLine(text: string): string {
  return text + CUT;
}

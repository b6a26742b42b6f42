import type { Draft } from './draft';
import type { LogicalLine } from './logicalLine';
import type { FailureKind, Read } from './record';

const PAGE_FAILURE = /^(.*?):? ?page allocation (?:stalls|failure)/;
/** Before 2.6.16 without the process. */
const OOM = /^(?:(.*?) invoked |\s*)oom-killer:/;
/** Heads of mails and of issues repeat the header of the failure they are about. */
const SUBJECT = /^\s*(?:Subject|Thread-Topic|Title):/i;
const VMALLOC =
  /^(.*?):? ?(?:vmalloc error: size (\d+), |vmalloc: allocation failure(?:: (\d+) bytes|, allocated (\d+) of (\d+) bytes)|vmap allocation for size (\d+) failed)/;
const SLEEP = /BUG: sleeping function called from (?:invalid|illegal) context(?: (?:at|in) (\S+))?/;
const SCHEDULE = /BUG: scheduling while atomic: (.+?)\/(\d+)\/0x([0-9a-f]+)/;
const LOCKDEP =
  /(?:WARNING|INFO): (possible circular locking dependency detected|inconsistent lock state|possible irq lock inversion dependency detected|possible recursive locking detected|\S+-safe -> \S+-unsafe lock order detected)/i;
const SLAB = /SLUB: Unable to allocate memory on (?:node (-?\d+)|CPU\d+ (?:on|\(of) .*?)/;
const OLD = /__alloc_pages: (\d+)-order allocation failed \(gfp=0x([0-9a-f]+)\/(?:0x)?\d+\)/;

/** What kind of record a line begins; undefined for a line that begins none. */
export function headerKind(text: string): FailureKind | undefined {
  if (SUBJECT.test(text)) return undefined;
  if (text.includes('page allocation')) return /page allocation (?:failure|stalls)/.test(text) ? 'page' : undefined;
  if (text.includes('oom-killer')) return OOM.test(text) ? 'oom' : undefined;
  if (text.includes('vmalloc') || text.includes('vmap')) return VMALLOC.test(text) ? 'vmalloc' : undefined;
  if (text.includes('sleeping function')) return /^\s*BUG: sleeping/.test(text) ? 'sleep' : undefined;
  if (text.includes('scheduling while')) return SCHEDULE.test(text) ? 'atomic-schedule' : undefined;
  if (text.includes('SLUB: Unable')) return 'slab';
  if (LOCKDEP.test(text)) return 'lockdep';
  return OLD.test(text) ? 'page' : undefined;
}

/** Reads a header line into a new draft. */
export function readHeader(line: LogicalLine, draft: Draft): void {
  const { text } = line;
  const at = <T>(value: T, offset = 0): Read<T> => ({ value, line: line.lineAt(offset) });
  const process = (PAGE_FAILURE.exec(text) ?? OOM.exec(text) ?? VMALLOC.exec(text))?.[1]?.trim();
  if (process !== undefined && process !== '' && !/[*=]|^\d+$/.test(process)) draft.header.process = at(process);
  readRequest(line, draft);
  const stall = /page allocation stalls for (\d+) ?ms\b/.exec(text);
  if (stall !== null) draft.header.stalledMs = at(Number(stall[1]), stall.index);
  const old = OLD.exec(text);
  if (old !== null) {
    draft.header.order = at(Number(old[1]));
    draft.header.mode = at(Number.parseInt(old[2]!, 16));
  }
  const vmalloc = VMALLOC.exec(text);
  if (vmalloc !== null) {
    const bytes = vmalloc[2] ?? vmalloc[3] ?? vmalloc[5] ?? vmalloc[6];
    if (bytes !== undefined) draft.header.bytes = at(Number(bytes));
    if (vmalloc[4] !== undefined) draft.header.allocatedBytes = at(Number(vmalloc[4]));
    const order = /, page order (\d+),/.exec(text);
    if (order !== null) draft.header.order = at(Number(order[1]), order.index);
    const reason = /, ((?:page order \d+, )?failed to [a-z ]+|exceeds total pages|overflow[a-z ]*)(?=,)/.exec(text);
    if (reason !== null) draft.header.reason = at(reason[1]!, reason.index);
  }
  const sleep = SLEEP.exec(text);
  if (sleep !== null && sleep[1] !== undefined && /:\d+$/.test(sleep[1])) draft.ensureContext().place = at(sleep[1]);
  const schedule = SCHEDULE.exec(text);
  if (schedule !== null) {
    draft.header.process = at(schedule[1]!);
    draft.ensureContext().preemptCount = at(Number.parseInt(schedule[3]!, 16));
  }
  const lockdep = LOCKDEP.exec(text);
  if (lockdep !== null) draft.ensureContext().title = at(lockdep[1]!);
}

/** `order:3, mode:0x...(...), nodemask=...,cpuset=...,mems_allowed=...` of either report; parts may stand on lines of their own. */
export function readRequest(line: LogicalLine, draft: Draft): boolean {
  const { text } = line;
  const { header } = draft;
  const at = <T>(value: T, offset: number): Read<T> => ({ value, line: line.lineAt(offset) });
  let found = false;
  // Two processors that print at once leave `order:00*1024kB`: an order has no leading zero, so the second 0 is a block count. No order has three digits.
  const order = /\border[:=](?:(\d{1,2})(?=[,\s]|$)|(0)(?=\d+[*_]\d+kB))/.exec(text);
  if (order !== null && header.order === undefined) {
    header.order = at(Number(order[1] ?? order[2]), order.index);
    found = true;
  }
  const mode = /\b(?:mode:|gfp_mask=|mode=)0x([0-9a-f]+)(?:\(([^)]*)\)|(?=[,\s]|$))/.exec(text);
  if (mode !== null && header.mode === undefined) {
    header.mode = at(Number.parseInt(mode[1]!, 16), mode.index);
    if (mode[2] !== undefined) header.flags = at(mode[2], mode.index);
    found = true;
  }
  const words = [
    ['nodemask', /\bnodemask=(\([a-z]+\)|[\d,-]+)(?=[,\s]|$)/],
    ['cpuset', /\bcpuset=([^,\s\uffff]+)(?=[,\s]|$)/],
    ['memsAllowed', /\bmems_allowed=([\d,-]+)(?=[,\s]|$)/],
  ] as const;
  for (const [name, pattern] of words) {
    const match = pattern.exec(text);
    if (match === null || header[name] !== undefined) continue;
    header[name] = at(match[1]!.replace(/,$/, ''), match.index);
    found = true;
  }
  const adjustment = /\boom_score_adj=(-?\d+)(?=[,\s]|$)/.exec(text);
  if (adjustment !== null && header.oomScoreAdj === undefined) {
    header.oomScoreAdj = at(Number(adjustment[1]), adjustment.index);
    found = true;
  }
  return found;
}

/** SLUB's lines before or inside a report. */
export function readSlab(line: LogicalLine, draft: Draft): boolean {
  const { text } = line;
  const at = <T>(value: T): Read<T> => ({ value, line: line.line });
  const head = SLAB.exec(text);
  if (head !== null) {
    if (draft.slab !== undefined) {
      draft.slab.reports++;
      return true;
    }
    draft.slab = { line: line.line, reports: 1 };
    if (head[1] !== undefined) draft.slab.node = at(Number(head[1]));
    const mode = /\bgfp=0x([0-9a-f]+)(?:\(([^)]*)\))?(?=[,\s)]|$)/.exec(text);
    if (mode !== null) draft.slab.mode = at(Number.parseInt(mode[1]!, 16));
    if (mode?.[2] !== undefined) draft.slab.flags = at(mode[2]);
    return true;
  }
  const cache = /^\s*cache: (\S+), object size: (\d+), buffer size: (\d+), default order: (\d{1,2}), min order: (\d{1,2})(?=[\s,]|$)/.exec(
    text,
  );
  if (cache !== null) {
    if (draft.slab !== undefined && draft.slab.cache === undefined) {
      draft.slab.cache = at(cache[1]!);
      draft.slab.objectSize = at(Number(cache[2]));
      draft.slab.bufferSize = at(Number(cache[3]));
      draft.slab.defaultOrder = at(Number(cache[4]));
      draft.slab.minOrder = at(Number(cache[5]));
    }
    return true;
  }
  return /^\s*node \d+: slabs: \d+, objs: /.test(text) || /^\s*cache: \S+, object size:/.test(text);
}

import type { Draft } from './draft';
import { CUT } from './line';
import type { LogicalLine } from './logicalLine';

const LOCK =
  /^\s*#\d+:\s+(?:[0-9a-f]{8,16} )?\(([^{}]{1,300})\)\{[^{}]{0,300}\}(?:-\{(\d)[\d:]*\})?,\s+at:\s+(?:\[<[0-9a-f]+>\] )?([\w.]+)(?:\+0x| )/;

/** Reads a line of a report about the wrong context or lock order; false when it is none. */
export function readContext(line: LogicalLine, draft: Draft): boolean {
  const context = draft.context;
  if (context === undefined) return false;
  const { text } = line;
  const at = <T>(value: T) => ({ value, line: line.line });
  const number = (name: string): number | undefined => {
    const match = new RegExp(`\\b${name}: (\\d+)(?=[,\\s]|$)`).exec(text);
    return match === null ? undefined : Number(match[1]);
  };
  if (/^\s*in_atomic\(\):/.test(text)) return readState(line, draft);
  if (/^\s*preempt_count: /.test(text)) {
    const match = /preempt_count: ([0-9a-f]+), expected/.exec(text);
    if (match !== null) context.preemptCount = at(Number.parseInt(match[1]!, 16));
    return true;
  }
  const depth = number('RCU nest depth');
  if (depth !== undefined) context.rcuDepth = at(depth);
  if (/^\s*RCU nest depth:/.test(text)) return true;
  const lock = LOCK.exec(text);
  if (lock !== null) {
    if (context.locks.length < 64)
      context.locks.push({
        name: lock[1]!,
        line: line.line,
        at: lock[3]!,
        ...(lock[2] === undefined ? {} : { waitType: Number(lock[2]) }),
      });
    return true;
  }
  return readLockdep(line, draft) || readDisabledAt(line, draft);
}

function readState(line: LogicalLine, draft: Draft): boolean {
  const context = draft.ensureContext();
  const { text } = line;
  const pairs = [
    ['inAtomic', /in_atomic\(\): ?(\d+)(?=[,\s]|$)/],
    ['irqsDisabled', /irqs_disabled\(\): ?(\d+)(?=[,\s]|$)/],
    ['nonBlock', /non_block: ?(\d+)(?=[,\s]|$)/],
  ] as const;
  for (const [name, pattern] of pairs) {
    const match = pattern.exec(text);
    if (match !== null) context[name] = { value: Number(match[1]), line: line.lineAt(match.index) };
  }
  const name = /\bname: (\S.*)/.exec(text);
  if (name !== null && !text.endsWith(CUT)) draft.header.process = { value: name[1]!.trimEnd(), line: line.lineAt(name.index) };
  return true;
}

/** `Preemption disabled at:` and the address on the line after it. */
function readDisabledAt(line: LogicalLine, draft: Draft): boolean {
  const context = draft.ensureContext();
  if (/^\s*Preemption disabled at:/.test(line.text)) return true;
  const match = /^\s*\[<[0-9a-f]+>\] ([\w.]+)\+0x[0-9a-f]+\//.exec(line.text);
  if (match === null || context.preemptionDisabledAt !== undefined || draft.trace.length > 0 || draft.machine.command !== undefined)
    return false;
  context.preemptionDisabledAt = { value: match[1]!, line: line.line };
  return true;
}

function readLockdep(line: LogicalLine, draft: Draft): boolean {
  if (draft.kind !== 'lockdep') return false;
  const context = draft.ensureContext();
  const { text } = line;
  const lock = /\(([^{}]{1,300})\)\{[^{}]{0,300}\}/.exec(text);
  if (/ is trying to acquire lock:| takes:\s*$/.test(text)) draft.awaited = 'acquiring';
  else if (/ already holding lock:/.test(text)) draft.awaited = 'holding';
  else if (lock !== null && draft.awaited !== undefined) {
    context[draft.awaited] ??= { value: lock[1]!, line: line.line };
    draft.awaited = undefined;
  }
  const usage = /^\s*inconsistent \{([\w-]+)\} -> \{([\w-]+)\} usage/.exec(text);
  if (usage !== null) context.usage = { value: `${usage[1]} -> ${usage[2]}`, line: line.line };
  const taker = /^\s*(\S.*)\/\d+ (?:is trying to acquire lock:|\[HC\S+ takes:)/.exec(text);
  if (taker !== null && draft.header.process === undefined) draft.header.process = { value: taker[1]!, line: line.line };
  if (/(?:^|\W)fs_reclaim(?:_acquire|_release)?\b/.test(text) && context.reclaim === undefined)
    context.reclaim = { value: text.replace(CUT, '').trim(), line: line.line };
  return (
    lock !== null ||
    usage !== null ||
    taker !== null ||
    /^\s*(?:->|lock\(|CPU0|----|={5}|-{5}|\*\*\*|but task is|which lock|the existing|other info|Possible|stack backtrace|\d+ locks? held|\S+ is trying)/.test(
      text,
    )
  );
}

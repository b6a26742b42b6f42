import type { FailureExplanation, Verdict } from './explanation';
import type { HeldLock } from './record';

const BECAUSE: Readonly<Record<Verdict, string>> = {
  fragmentation: 'memory is free, but not in one piece of that size',
  exhaustion: 'the memory it may use is used up',
  'watermark-reserve': 'what is free is held back by the watermarks, and nothing was reclaimed in time',
  'cma-only': 'the free blocks of that size are all reserved for CMA, which this request may not use',
  'highatomic-only': 'the free blocks of that size are kept for high-order atomic requests',
  'zone-restricted': 'its mask limits it to low zones that are full, while other zones have memory',
  'vmalloc-space': 'vmalloc found no room in its address range (or the size was impossible)',
  unknown: 'the log does not show why',
};

type Facts = Pick<
  FailureExplanation,
  'kind' | 'process' | 'order' | 'sizeKb' | 'maskText' | 'zones' | 'verdict' | 'site' | 'record' | 'mask'
>;

/** The failure in two or three plain sentences. */
export function summaryOf(facts: Facts): string {
  switch (facts.kind) {
    case 'sleep':
    case 'atomic-schedule':
      return sleepSummary(facts);
    case 'lockdep':
      return lockSummary(facts);
    case 'oom':
      return oomSummary(facts);
    default:
      return `${requestWords(facts)}. It failed because ${BECAUSE[facts.verdict]}.`;
  }
}

export function sizeWords(kb: number): string {
  return kb >= 1024 && kb % 1024 === 0 ? `${kb / 1024} MB` : `${kb} kB`;
}

function requestWords({ process = 'Some process', order, sizeKb, maskText, site, kind, record }: Facts): string {
  const bytes = record.header.bytes?.value;
  const who = site === undefined ? process : `${process} in ${site.function}()`;
  const mask = maskText === undefined ? '' : ` with ${maskText}`;
  if (kind === 'vmalloc') return `${who} asked vmalloc for ${bytes === undefined ? 'memory' : `${bytes} bytes`}${mask}`;
  if (order === undefined || sizeKb === undefined) return `${who} asked for pages${mask}`;
  const pages = order === 0 ? 'one page' : `${2 ** order} contiguous pages (order ${order}, ${sizeWords(sizeKb)})`;
  return `${who} asked for ${pages}${mask}`;
}

function oomSummary(facts: Facts): string {
  const { oom } = facts.record;
  const limit = facts.verdict === 'exhaustion' && facts.record.memory === undefined && oom?.memcg !== undefined;
  const why = limit ? `its memory control group ${oom.memcg?.value} is at its limit` : BECAUSE[facts.verdict];
  const end =
    oom?.panicked !== undefined
      ? ' The kernel panicked, as vm.panic_on_oom demands.'
      : oom?.noKillable !== undefined
        ? ' No task could be killed.'
        : oom?.victim === undefined
          ? ''
          : ` ${oom.victim.value} (pid ${oom.victimPid?.value}) was killed.`;
  return `${requestWords(facts)}; the OOM killer ran because ${why}.${end}`;
}

function sleepSummary({ process = 'A task', record, site }: Facts): string {
  const { context } = record;
  const where = site === undefined ? '' : ` in ${site.function}()`;
  const allocates = site?.allocator === undefined ? 'called something that may sleep' : `called ${site.allocator}(), which may sleep,`;
  return `${process}${where} ${allocates} where sleeping is forbidden: ${reasonsOf(context).join(', ') || 'the log does not say why'}.`;
}

function reasonsOf(context: FailureExplanation['record']['context']): readonly string[] {
  if (context === undefined) return [];
  const reasons: string[] = [];
  const lock = context.locks.findLast(forbidsSleeping);
  if ((context.inAtomic?.value ?? 0) !== 0) reasons.push('preemption is off');
  if ((context.irqsDisabled?.value ?? 0) !== 0) reasons.push('interrupts are off');
  if ((context.rcuDepth?.value ?? 0) !== 0 || lock?.name === 'rcu_read_lock') reasons.push('inside rcu_read_lock()');
  if ((context.nonBlock?.value ?? 0) !== 0) reasons.push('inside a non_block section');
  if (lock !== undefined && lock.name !== 'rcu_read_lock') reasons.push(`${lock.name} is held since ${lock.at}()`);
  if (context.preemptionDisabledAt !== undefined) reasons.push(`preemption was switched off in ${context.preemptionDisabledAt.value}()`);
  return reasons;
}

/** Spinlocks and RCU: by lockdep's wait type, or by name where the kernel does not print it. */
function forbidsSleeping({ name, waitType }: HeldLock): boolean {
  if (waitType !== undefined && waitType > 0) return waitType < 3;
  return name === 'rcu_read_lock' || (waitType === undefined && /rlock$/.test(name));
}

function lockSummary({ record, process = record.machine.command?.value ?? 'A task' }: Facts): string {
  const { context } = record;
  const locks = [context?.acquiring?.value, context?.holding?.value].filter((name) => name !== undefined);
  const pair = locks.length === 2 ? ` ${process} takes ${locks[0]} while it holds ${locks[1]}.` : '';
  const usage = usageWords(record, process);
  return `Lockdep: ${context?.title?.value ?? 'a lock report'}.${pair}${usage}${context?.reclaim === undefined ? '' : ' Memory reclaim (fs_reclaim) is part of the cycle: an allocation that may reclaim is made under a lock that reclaim itself takes.'}`;
}

/** Before 4.15 lockdep knew reclaim as a usage of a lock, not as a lock of its own. */
function usageWords({ context }: FailureExplanation['record'], process: string): string {
  const usage = context?.usage?.value;
  const lock = context?.acquiring?.value ?? 'a lock';
  if (usage === undefined) return '';
  if (usage.includes('RECLAIM_FS'))
    return ` ${process} takes ${lock} with {${usage.split(' -> ')[1]}}, against {${usage.split(' -> ')[0]}} before: reclaim takes a lock under which memory is allocated with a mask that may reclaim.`;
  return ` ${process} takes ${lock}: ${usage}.`;
}

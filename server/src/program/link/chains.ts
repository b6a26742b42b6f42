import { heldWords, takenWords } from '../../facts/heldWords';
import { Entered, Via } from '../../facts/linkage/linkage';
import type { VerdictStep } from '../../facts/linkage/verdict';
import type { CallbackRow, Resource } from '../../kernel/model';
import { type ContextNode, Origin } from './contextNode';
import type { ProgramGraph } from './graph';
import type { PassedMask } from './passedMasks';
import type { Entry, SleepableContexts } from './sleepableContexts';

/** A context in words. */
export interface Chain {
  /** Completes "may sleep, but": `spinlock &x->lock is held by its caller foo()`. */
  readonly reason: string;
  readonly steps: readonly VerdictStep[];
}

const CONTEXT_WORDS: Readonly<Record<CallbackRow['context'], string>> = {
  process: 'runs in process context',
  softirq: 'runs in softirq context',
  hardirq: 'runs in hard interrupt context',
  nmi: 'runs as a non-maskable interrupt',
  atomic: 'must not sleep',
  rcu: 'runs in an RCU read-side section',
  varies: 'runs in its caller’s context',
};

/** Says how a context came to a function, from the event that forbids sleeping down to the last call. */
export function chainOf(graph: ProgramGraph, node: ContextNode): Chain {
  const nodes: ContextNode[] = [];
  for (let at: ContextNode | undefined = node; at; at = at.parent) nodes.unshift(at);
  const [first, ...rest] = nodes as [ContextNode, ...ContextNode[]];
  const start = startOf(graph, first);
  return { reason: start.reason, steps: [...start.steps, ...rest.map((one) => callStep(graph, one))] };
}

function startOf(graph: ProgramGraph, node: ContextNode): Chain {
  if (node.origin === Origin.Registered) return registered(graph, node);
  if (node.origin === Origin.Stated) return stated(graph, node);
  if (node.origin === Origin.Testified) return testified(graph, node);
  const caller = graph.callerOf(node.call);
  if (node.origin === Origin.Asked) {
    const step = callStep(graph, node);
    return {
      reason: `${graph.textOf(caller)}() asks for GFP_ATOMIC`,
      steps: [{ ...step, message: `${graph.textOf(caller)}() passes GFP_ATOMIC to ${graph.textOf(node.fn)}() here` }],
    };
  }
  if (node.locker !== undefined) return lockedElsewhere(graph, node, node.locker);
  const { instance, by, offset, resource } = graph.heldAt(node.call) === 0 ? UNKNOWN_HOLDER : graph.holderAt(node.call);
  const path = graph.pathOf(caller);
  const steps: VerdictStep[] = [];
  if (node.origin === Origin.Iterated)
    steps.push(mentionStep(graph, node, `${graph.textOf(node.fn)}() is passed to ${graph.textOf(caller)}() here`));
  if (by !== '') steps.push({ path, start: offset, end: offset + by.length, message: takenWords(by, instance) });
  steps.push(callStep(graph, node));
  const name = graph.textOf(caller);
  const reason =
    resource === '' ? `${name}() may hold a lock when it calls it` : `${heldWords(resource as Resource, instance)} in ${name}()`;
  return { reason, steps };
}

/** A function of another file returned with the lock; the call below it may be the allocation itself. */
function lockedElsewhere(graph: ProgramGraph, node: ContextNode, locker: number): Chain {
  const by = graph.names.text(graph.calleeOf(locker));
  const start = graph.callOffsetOf(locker);
  const caller = graph.callerOf(locker);
  const step = { path: graph.pathOf(caller), start, end: start + by.length, message: `${by}() returns with ${BIT_WORDS[node.bit]}` };
  const reason = `${by}() has returned with ${BIT_WORDS[node.bit]} in ${graph.textOf(caller)}()`;
  return { reason, steps: node.fn === caller ? [step] : [step, callStep(graph, node)] };
}

const BIT_WORDS: Readonly<Record<number, string>> = {
  [Entered.Lock]: 'a spinlock held',
  [Entered.Rcu]: 'the RCU read lock held',
  [Entered.SoftirqsOff]: 'softirqs off',
  [Entered.InterruptsOff]: 'interrupts off',
  [Entered.PreemptionOff]: 'preemption off',
  [Entered.Fs]: 'a transaction open',
  [Entered.Io]: 'I/O stopped',
};

const UNKNOWN_HOLDER = { instance: '', by: '', offset: 0, resource: '' };

function registered(graph: ProgramGraph, node: ContextNode): Chain {
  const { row } = node.registration!;
  const name = graph.textOf(node.fn);
  if (row.kind === 'entry') {
    const start = graph.offsetOf(node.fn);
    const message = `another processor starts in ${name}(), with interrupts off`;
    return {
      reason: `${name}() runs with interrupts off`,
      steps: [{ path: graph.pathOf(node.fn), start, end: start + name.length, message }],
    };
  }
  const where = row.kind === 'register' ? `${row.owner}()` : `struct ${row.owner}, member ${row.slot}`;
  const what =
    node.bit === Entered.Fs
      ? 'runs in reclaim or writeback'
      : node.bit === Entered.Io
        ? 'is waited for by I/O'
        : CONTEXT_WORDS[row.context];
  const reason = `${name}() ${what} (${where})`;
  const note = row.note === '' ? '' : `: ${row.note}`;
  return { reason, steps: [mentionStep(graph, node, `${name}() is registered here through ${where}${note}`)] };
}

/** A mask that a caller passes reaches an allocation under a lock. */
export function passedMaskChain(graph: ProgramGraph, { call, way }: PassedMask): Chain {
  const { instance, by, offset, resource } = graph.holderAt(call);
  const [first] = way as [number];
  const asker = graph.textOf(graph.callerOf(first));
  const steps = way.map((one, index): VerdictStep => {
    const callee = graph.textOf(graph.callerOf(way[index + 1] ?? call));
    const start = graph.callOffsetOf(one);
    const message = index === 0 ? `${asker}() passes a mask that may sleep to ${callee}() here` : `and it is handed on to ${callee}() here`;
    return { path: graph.pathOf(graph.callerOf(one)), start, end: start + callee.length, message };
  });
  const taken = { path: graph.pathOf(graph.callerOf(call)), start: offset, end: offset + by.length, message: takenWords(by, instance) };
  return { reason: `${heldWords(resource as Resource, instance)}, and ${asker}() passes a mask that may sleep`, steps: [...steps, taken] };
}

/** What the function says itself, in its own words. */
function stated(graph: ProgramGraph, node: ContextNode): Chain {
  const { file, offset, owner } = graph.mention(node.mention);
  const words = graph.names.text(owner);
  const name = graph.textOf(node.fn);
  const message = `${name}() says here that it is called with ${BIT_WORDS[node.bit]}`;
  return {
    reason: `${name}() is called with ${BIT_WORDS[node.bit]}: ${words}`,
    steps: [{ path: graph.files[file]!, start: offset, end: offset + words.length, message }],
  };
}

/** A mask of the same context that keeps out of the file system or of I/O. */
function testified(graph: ProgramGraph, node: ContextNode): Chain {
  const fn = graph.callerOf(node.call);
  const callee = graph.names.text(graph.calleeOf(node.call));
  const start = graph.callOffsetOf(node.call);
  const what = node.bit === Entered.Fs ? '__GFP_FS' : '__GFP_IO';
  return {
    reason: `${callee}() in ${graph.textOf(fn)}() does without ${what} in the same context`,
    steps: [{ path: graph.pathOf(fn), start, end: start + callee.length, message: `${graph.textOf(fn)}() allocates without ${what} here` }],
  };
}

function mentionStep(graph: ProgramGraph, { mention, fn }: ContextNode, message: string): VerdictStep {
  const { file, offset } = graph.mention(mention);
  return { path: graph.files[file]!, start: offset, end: offset + graph.textOf(fn).length, message };
}

function callStep(graph: ProgramGraph, node: ContextNode): VerdictStep {
  const caller = graph.callerOf(node.call);
  const offset = graph.callOffsetOf(node.call);
  return { path: graph.pathOf(caller), start: offset, ...calledHere(graph, node.call, node.fn) };
}

/** `a() calls b() here`; through a pointer the member is named as well. */
function calledHere(graph: ProgramGraph, call: number, fn: number): { readonly end: number; readonly message: string } {
  const callee = graph.textOf(fn);
  const caller = graph.textOf(graph.callerOf(call));
  const offset = graph.callOffsetOf(call);
  if (graph.viaOf(call) !== Via.Member) return { end: offset + callee.length, message: `${caller}() calls ${callee}() here` };
  const member = graph.names.text(graph.calleeOf(call));
  return { end: offset + member.length, message: `${caller}() calls ${callee}() here, stored in ${member}` };
}

/** Why a function may sleep at a call: what it did before, in words. */
export function proofAt(graph: ProgramGraph, call: number): Chain {
  const { instance, by, offset } = graph.holderAt(call);
  const message = instance === '' ? `${by}() may sleep, and is called before` : `${instance} is taken here by ${by}(), which may sleep`;
  const caller = graph.callerOf(call);
  return {
    reason: `${graph.textOf(caller)}() may sleep here`,
    steps: [{ path: graph.pathOf(caller), start: offset, end: offset + by.length, message }],
  };
}

/** Ways into a function that are shown. */
const MAX_ENTRIES = 4;

/** Why a function may always sleep: the ways into it, each followed to a place that proves it. */
export function entriesTo(graph: ProgramGraph, contexts: SleepableContexts, fn: number): Chain {
  const entries = byPlace(graph, meantEntries(contexts, fn));
  const name = graph.textOf(fn);
  const followed = new Set([fn]);
  const steps = entries.slice(0, MAX_ENTRIES).flatMap((entry) => waysInto(graph, contexts, fn, { entry, followed }));
  if (entries.length > MAX_ENTRIES) {
    const { path, start, end } = steps[0]!;
    steps.push({ path, start, end, message: `and ${entries.length - MAX_ENTRIES} more calls, all where sleeping is allowed` });
  }
  return { reason: `${name}() is only called where sleeping is allowed`, steps };
}

/** The ways into a function without calls through members of other structures, which were looked at as well; the nearest where nothing else is left. */
function meantEntries(contexts: SleepableContexts, fn: number): readonly Entry[] {
  const all = contexts.entriesOf(fn) ?? [];
  const meant = all.filter((entry) => contexts.isMeant(entry, fn));
  return meant.length > 0 ? meant : all.slice(0, 1);
}

/** Each place once: a function that is read in two views has its calls twice. */
function byPlace(graph: ProgramGraph, entries: readonly Entry[]): readonly Entry[] {
  const places = new Map<string, Entry>();
  for (const entry of entries) {
    const { call, mention } = entry;
    const place = call < 0 ? `mention ${mention}` : `${graph.fileOf(graph.callerOf(call))} ${graph.callOffsetOf(call)}`;
    if (!places.has(place)) places.set(place, entry);
  }
  return [...places.values()];
}

/** One way into a function, and the functions whose own callers were said on the ways before it. */
interface Way {
  readonly entry: Entry;
  readonly followed: Set<number>;
}

/** Upwards until a caller proves that it may sleep, or is one that was said before. */
function waysInto(graph: ProgramGraph, contexts: SleepableContexts, fn: number, { entry, followed }: Way): VerdictStep[] {
  const steps: VerdictStep[] = [];
  let [callee, at]: [number, Entry | undefined] = [fn, entry];
  while (at && steps.length < 8) {
    const name = graph.textOf(callee);
    if (at.call < 0) {
      if (at.mention < 0) break;
      const { file, offset } = graph.mention(at.mention);
      steps.push({
        path: graph.files[file]!,
        start: offset,
        end: offset + name.length,
        message: `${name}() is registered here, for process context`,
      });
      break;
    }
    const caller = graph.callerOf(at.call);
    const because = graph.provesSleep(at.call) ? `, where ${graph.holderAt(at.call).by}() was called before` : '';
    const isSaid = because === '' && followed.has(caller);
    const { end, message } = calledHere(graph, at.call, callee);
    steps.push({
      path: graph.pathOf(caller),
      start: graph.callOffsetOf(at.call),
      end,
      message: `${message}${isSaid ? ', and is called as above' : because}`,
    });
    if (because !== '' || isSaid) break;
    followed.add(caller);
    [callee, at] = [caller, meantEntries(contexts, caller)[0]];
  }
  return steps;
}

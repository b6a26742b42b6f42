import { addTo } from '../../base/listsByKey';
import { folderOf } from '../../base/paths';
import { Act, ATOMIC_BITS, Entered, Via } from '../../facts/linkage/linkage';
import type { CallVerdict, Verdicts } from '../../facts/linkage/verdict';
import type { KernelModel } from '../../kernel/model';
import type { AtomicContexts, BlockedCall } from './atomicContexts';
import { BootCode } from './bootCode';
import { chainOf, entriesTo, passedMaskChain, proofAt } from './chains';
import { type ContextNode, originOf } from './contextNode';
import type { ProgramGraph } from './graph';
import { tellGaps } from './linkGaps';
import { passedMasks } from './passedMasks';
import { programContexts } from './programContexts';
import { ReclaimHabits } from './reclaimHabits';
import { SleepableContexts } from './sleepableContexts';

/** What a call that sleeps or enters reclaim does. */
const ACTS = [Act.Blocks, Act.BlocksOnly, Act.BlocksIo, Act.BlocksFs];

/**
 * What many files together say of single calls: which of them may sleep although a caller or a contract forbids it, and which need not be
 * atomic. With `complete` the graph holds the whole tree; otherwise functions that other files can call have callers nobody knows. `tell` hears
 * of each call that could not be followed.
 */
export function analyseProgram(graph: ProgramGraph, model: KernelModel, complete: boolean, tell?: (reason: string) => void): Verdicts {
  const { resolution, callbacks, relevance, locks, contexts } = programContexts(graph, model, ACTS, complete);
  const verdicts = new Map<string, CallVerdict[]>();
  const blocked = new Set<number>();
  for (const { call, node, certain } of nearestFirst(graph, [...contexts.blockedCalls(), ...contexts.lockedCalls()])) {
    if (blocked.has(call)) continue;
    blocked.add(call);
    const { reason, steps } = chainOf(graph, node);
    addTo(verdicts, graph.pathOf(graph.callerOf(call)), {
      kind: kindOf(node.bit),
      ...placeOf(graph, call),
      certainty: certain ? 'definite' : 'possible',
      reason,
      steps,
    });
  }
  for (const found of passedMasks(graph, resolution, relevance)) {
    const { reason, steps } = passedMaskChain(graph, found);
    const certainty = found.certain ? 'definite' : 'possible';
    addTo(verdicts, graph.pathOf(graph.callerOf(found.call)), { kind: 'atomic', ...placeOf(graph, found.call), certainty, reason, steps });
  }
  for (const [path, verdict] of atomicFrees(graph, contexts)) addTo(verdicts, path, verdict);
  const sleepable = new SleepableContexts(graph, resolution, callbacks, relevance, locks, complete);
  for (const [path, verdict] of needlessMasks(graph, sleepable, new BootCode(graph, resolution, callbacks, relevance, sleepable)))
    addTo(verdicts, path, verdict);
  for (const [path, verdict] of uncarefulMasks(graph, model, blocked)) addTo(verdicts, path, verdict);
  if (tell) tellGaps(graph, relevance, locks, tell);
  return verdicts;
}

/** Frees in functions that some caller enters where sleeping is forbidden. Whether it is still so at the free is not asked. */
function* atomicFrees(graph: ProgramGraph, contexts: AtomicContexts): Generator<[path: string, CallVerdict]> {
  for (const [fn, offsets] of graph.frees) {
    const node = contexts.nodes.get(fn)?.find(({ bit }) => (bit & ATOMIC_BITS) !== 0);
    if (node === undefined) continue;
    const { reason, steps } = chainOf(graph, node);
    for (const offset of offsets)
      yield [graph.pathOf(fn), { kind: 'atomic', offset, end: offset, certainty: node.certain ? 'definite' : 'possible', reason, steps }];
  }
}

/** Calls that enter the file system or start I/O where the code around them does not. */
function* uncarefulMasks(graph: ProgramGraph, model: KernelModel, blocked: ReadonlySet<number>): Generator<[path: string, CallVerdict]> {
  const habits = new ReclaimHabits(graph, model);
  for (let call = 0; call < graph.callCount; call++) {
    const verdict = blocked.has(call) ? undefined : habits.verdictOf(call);
    if (verdict) yield [graph.pathOf(graph.callerOf(call)), { ...verdict, ...placeOf(graph, call) }];
  }
}

function kindOf(bit: number): CallVerdict['kind'] {
  return bit === Entered.Fs ? 'no-fs' : bit === Entered.Io ? 'no-io' : 'atomic';
}

/** Calls with GFP_ATOMIC where all callers may sleep. */
function* needlessMasks(graph: ProgramGraph, contexts: SleepableContexts, boot: BootCode): Generator<[path: string, CallVerdict]> {
  for (let call = 0; call < graph.callCount; call++) {
    if (graph.actOf(call) !== Act.Atomic || !contexts.maySleepAt(call)) continue;
    const { reason, steps } = graph.provesSleep(call) ? proofAt(graph, call) : entriesTo(graph, contexts, graph.callerOf(call));
    const certainty = !graph.provesSleep(call) && boot.leadsTo(graph.callerOf(call)) ? 'possible' : 'definite';
    yield [graph.pathOf(graph.callerOf(call)), { kind: 'may-sleep', ...placeOf(graph, call), certainty, reason, steps }];
  }
}

/** Calls behind which common code is too far from the event: whether it gets there is decided by conditions that nobody looked at. */
const FAR = 3;

/**
 * One mistake reaches many allocations when it calls into common code. Those in the folder where the context begins, or above and below it,
 * are all told as certain; of the others only the nearest, because mending the one mends all, and only when it is near.
 */
function nearestFirst(graph: ProgramGraph, calls: Iterable<BlockedCall>): BlockedCall[] {
  const sorted = [...calls].sort((a, b) => a.node.depth - b.node.depth || a.call - b.call);
  const told = new Set<string>();
  return sorted.map((blocked) => {
    const origin = originOf(blocked.node);
    const here = folderOf(graph.pathOf(graph.callerOf(blocked.call)));
    const there = folderOf(pathOfOrigin(graph, origin));
    const key = `${origin.call} ${origin.mention}`;
    // Memory management calls itself under its own locks in ways that its authors know better.
    if (here.startsWith('mm/')) return { ...blocked, certain: false };
    if (!blocked.certain || here.startsWith(there) || there.startsWith(here)) return blocked;
    if (told.has(key) || blocked.node.depth >= FAR) return { ...blocked, certain: false };
    told.add(key);
    return blocked;
  });
}

function pathOfOrigin(graph: ProgramGraph, { call, mention, fn }: ContextNode): string {
  if (call >= 0) return graph.pathOf(graph.callerOf(call));
  return mention >= 0 ? graph.files[graph.mention(mention).file]! : graph.pathOf(fn);
}

function placeOf(graph: ProgramGraph, call: number): { readonly offset: number; readonly end: number } {
  const offset = graph.callOffsetOf(call);
  const length = graph.viaOf(call) === Via.Parameter ? 1 : graph.names.text(graph.calleeOf(call)).length;
  return { offset, end: offset + length };
}

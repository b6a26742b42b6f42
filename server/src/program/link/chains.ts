import { heldWords, takenWords } from '../../facts/heldWords';
import type { CallbackRow, Resource } from '../../kernel/model';
import { type ContextNode, Origin } from './atomicContexts';
import type { ProgramGraph } from './graph';
import type { VerdictStep } from '../../facts/linkage/verdict';

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
  const caller = graph.callerOf(node.call);
  const { instance, by, offset, resource } = graph.heldAt(node.call) === 0 ? UNKNOWN_HOLDER : graph.holderAt(node.call);
  const path = graph.pathOf(caller);
  const steps: VerdictStep[] = [];
  if (node.origin === Origin.Iterated) steps.push(mentionStep(graph, node, `${graph.textOf(node.fn)}() is passed to ${graph.textOf(caller)}() here`));
  if (by !== '') steps.push({ path, start: offset, end: offset + by.length, message: takenWords(by, instance) });
  steps.push(callStep(graph, node));
  const name = graph.textOf(caller);
  const reason = resource === '' ? `${name}() may hold a lock when it calls it` : `${heldWords(resource as Resource, instance)} in ${name}()`;
  return { reason, steps };
}

const UNKNOWN_HOLDER = { instance: '', by: '', offset: 0, resource: '' };

function registered(graph: ProgramGraph, node: ContextNode): Chain {
  const { row } = node.registration!;
  const name = graph.textOf(node.fn);
  const where = row.kind === 'register' ? `${row.owner}()` : `struct ${row.owner}, member ${row.slot}`;
  const reason = `${name}() ${CONTEXT_WORDS[row.context]} (${where})`;
  const note = row.note === '' ? '' : `: ${row.note}`;
  return { reason, steps: [mentionStep(graph, node, `${name}() is registered here through ${where}${note}`)] };
}

function mentionStep(graph: ProgramGraph, { mention, fn }: ContextNode, message: string): VerdictStep {
  const { file, offset } = graph.mention(mention);
  return { path: graph.files[file]!, start: offset, end: offset + graph.textOf(fn).length, message };
}

function callStep(graph: ProgramGraph, node: ContextNode): VerdictStep {
  const caller = graph.callerOf(node.call);
  const offset = graph.callOffsetOf(node.call);
  const callee = graph.textOf(node.fn);
  return { path: graph.pathOf(caller), start: offset, end: offset + callee.length, message: `${graph.textOf(caller)}() calls ${callee}() here` };
}

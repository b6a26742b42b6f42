import { addTo } from '../../base/listsByKey';
import { heldWords } from '../../facts/heldWords';
import { Act, ATOMIC_BITS, Linkage } from '../../facts/linkage/linkage';
import type { FileFacts } from '../../facts/site';
import type { CallbackRow, KernelModel, Resource } from '../../kernel/model';
import { type ContextNode, Origin, originOf } from './contextNode';
import { ProgramGraph } from './graph';
import { programContexts } from './programContexts';
import { shardOf } from './shard';

/** The context that a function may run in, for people; a plain value that can be sent to a worker. */
export interface FunctionContext {
  /** The function's name. */
  readonly name: string;
  /** `in softirq context`, `with spinlock &r->lock held`. */
  readonly context: string;
  /** Who brings it there: `ring_timer()`; empty when it is the function itself. */
  readonly from: string;
  /** Other contexts of the same function. */
  readonly more: number;
}

/** Functions in which sleeping may be forbidden, by file. */
export type FunctionContexts = ReadonlyMap<string, readonly FunctionContext[]>;

const IN_CONTEXT: Readonly<Record<CallbackRow['context'], string>> = {
  process: 'in process context',
  softirq: 'in softirq context',
  hardirq: 'in hard interrupt context',
  nmi: 'as a non-maskable interrupt',
  atomic: 'where sleeping is forbidden',
  rcu: 'in an RCU read-side section',
  varies: 'where sleeping is forbidden',
};

/** Calls that allocate, whatever their mask. */
const ALLOCATIONS = [Act.Atomic, Act.Blocks, Act.BlocksOnly, Act.BlocksIo, Act.BlocksFs];

/**
 * All functions from which an allocation is reached and that certainly are entered somewhere where sleeping is forbidden. `complete`: the graph
 * holds the whole tree.
 */
export function functionContexts(graph: ProgramGraph, model: KernelModel, complete: boolean): FunctionContexts {
  const { nodes } = programContexts(graph, model, ALLOCATIONS, complete).contexts;
  const found = new Map<string, FunctionContext[]>();
  for (const fn of [...nodes.keys()].sort((a, b) => a - b)) {
    const context = contextOf(graph, fn, nodes.get(fn)!);
    if (context !== undefined) addTo(found, graph.pathOf(fn), context);
  }
  return found;
}

function contextOf(graph: ProgramGraph, fn: number, nodes: readonly ContextNode[]): FunctionContext | undefined {
  if (graph.linkageOf(fn) === Linkage.Macro) return undefined;
  const certain = nodes.filter((node) => node.certain && (node.bit & ATOMIC_BITS) !== 0).sort((a, b) => a.depth - b.depth);
  const told = new Map<string, string>();
  for (const node of certain) {
    const context = wordsOf(graph, node);
    if (context !== undefined && !told.has(context)) told.set(context, fromWords(graph, node));
  }
  const [first] = told;
  return first && { name: graph.textOf(fn), context: first[0], from: first[1], more: told.size - 1 };
}

function wordsOf(graph: ProgramGraph, node: ContextNode): string | undefined {
  const origin = originOf(node);
  if (origin.origin === Origin.Registered) {
    const { row } = origin.registration!;
    return row.kind === 'entry' ? 'with interrupts off' : IN_CONTEXT[row.context];
  }
  if (origin.origin === Origin.Stated) return `where ${graph.names.text(graph.mention(origin.mention).owner)} holds`;
  // A mask that somebody wrote is no context.
  if (origin.origin !== Origin.Held && origin.origin !== Origin.Iterated) return undefined;
  if (graph.heldAt(origin.call) === 0) return undefined;
  const { resource, instance } = graph.holderAt(origin.call);
  return `where ${heldWords(resource as Resource, instance)}`;
}

/** The function in which the context begins, and the one that calls. */
function fromWords(graph: ProgramGraph, node: ContextNode): string {
  const origin = originOf(node);
  const first = origin.call < 0 ? origin.fn : graph.callerOf(origin.call);
  const direct = node.call < 0 ? node.fn : graph.callerOf(node.call);
  if (first === node.fn && direct === node.fn) return '';
  return first === direct ? `${graph.textOf(first)}()` : `${graph.textOf(first)}() through ${graph.textOf(direct)}()`;
}

/** Contexts by file, remembered with its facts. */
const known = new WeakMap<FileFacts, readonly FunctionContext[]>();

/** What the functions and callbacks of one file say of each other; nothing when its linkage was not asked for. */
export function contextsOfFile(facts: FileFacts, model: KernelModel): readonly FunctionContext[] {
  let contexts = known.get(facts);
  if (contexts === undefined) {
    const { file, linkage } = facts;
    const graph = linkage && ProgramGraph.of([shardOf(file.path, linkage, file.interner)]);
    contexts = (graph && functionContexts(graph, model, false).get(file.path)) ?? [];
    known.set(facts, contexts);
  }
  return contexts;
}

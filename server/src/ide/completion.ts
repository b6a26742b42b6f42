import { type TextRange, touches } from '../base/range';
import type { CallSite, ContextFact, FileFacts } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { scopesOf } from './contextLines';
import type { GfpPosition } from './gfpPosition';

/** A name that fits a mask, ranked: 0 is the best. */
export interface FlagCompletion {
  readonly name: string;
  readonly kind: 'composite' | 'flag';
  /** The half-written word it replaces. */
  readonly range: TextRange;
  readonly rank: number;
  readonly description: string;
}

const ATOMIC_ORDER = ['GFP_ATOMIC', 'GFP_NOWAIT'];
const NOFS_ORDER = ['GFP_NOFS', 'GFP_NOIO', 'GFP_NOWAIT', 'GFP_ATOMIC'];
const NOIO_ORDER = ['GFP_NOIO', 'GFP_NOWAIT', 'GFP_ATOMIC'];
const USUAL_ORDER = ['GFP_KERNEL', 'GFP_ATOMIC', 'GFP_NOWAIT', 'GFP_NOFS', 'GFP_NOIO', 'GFP_KERNEL_ACCOUNT', 'GFP_USER'];
/** Flags that callers add to a composite, the most frequent ones of the kernel first. */
const FLAG_ORDER = [
  '__GFP_ZERO',
  '__GFP_NOWARN',
  '__GFP_NORETRY',
  '__GFP_COMP',
  '__GFP_RETRY_MAYFAIL',
  '__GFP_ACCOUNT',
  '__GFP_NOFAIL',
  '__GFP_HIGHMEM',
  '__GFP_NOMEMALLOC',
  '__GFP_HIGH',
];
/** Ranks of one group stay below this. */
const GROUP = 100;

/**
 * Names that can stand at a place inside a mask, and nothing anywhere else: other names of C are for other tools. Where sleeping is forbidden, masks that
 * cannot sleep come first.
 *
 * @param call the call that takes the mask, as far as it is known: it has the context.
 */
export function flagCompletions(position: GfpPosition, call: CallSite | undefined, model: KernelModel): readonly FlagCompletion[] {
  const order = compositeOrder(call);
  const present = new Set(position.present);
  const first = position.present.length === 0 && !position.removing;
  const composites = model.flags.composites.filter(({ name }) => isWritten(name) && !present.has(name));
  const items: FlagCompletion[] = [];
  for (const { name, bits } of composites) {
    const known = order.includes(name);
    const place = known ? rankIn(order, name) : order.length + rankIn(USUAL_ORDER, name);
    // Another name of a single flag (GFP_DMA) is no mask to start with.
    const group = (first ? 0 : 1) + (!known && (bits & (bits - 1)) === 0 ? 1 : 0) + (forbidden(call, name, model) ? 2 : 0);
    items.push({
      name,
      kind: 'composite',
      range: position.word,
      rank: place + group * GROUP,
      description: model.flags.describe(name) ?? '',
    });
  }
  for (const name of model.flags.names) {
    if (present.has(name)) continue;
    const rank = rankIn(FLAG_ORDER, name) + (first ? GROUP : 0);
    items.push({ name, kind: 'flag', range: position.word, rank, description: model.flags.describe(name) ?? '' });
  }
  return items.sort((a, b) => a.rank - b.rank);
}

/** Names that callers write; masks that only the allocator uses are not among them. */
function isWritten(name: string): boolean {
  return !name.endsWith('_MASK') && !name.endsWith('ZONEMASK') && name !== '__GFP_BITS_MASK';
}

function rankIn(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at < 0 ? order.length : at;
}

function compositeOrder(call: CallSite | undefined): readonly string[] {
  if (call === undefined) return USUAL_ORDER;
  if (forbidsSleep(call.context)) return ATOMIC_ORDER;
  const scopes = scopesOf(call);
  if (scopes.includes('noio')) return NOIO_ORDER;
  return scopes.includes('nofs') ? NOFS_ORDER : USUAL_ORDER;
}

function forbidsSleep(context: ContextFact): boolean {
  return context.maySleep === 'no' || context.maySleep === 'maybe';
}

/** Whether the name makes the mask sleep where that is surely forbidden. */
function forbidden(call: CallSite | undefined, name: string, model: KernelModel): boolean {
  if (call?.context.maySleep !== 'no') return false;
  return (model.flags.bitsOf(name) & model.flags.bitsOf('__GFP_DIRECT_RECLAIM')) !== 0;
}

/** The innermost call around a place. */
export function callAround(facts: FileFacts, offset: number): CallSite | undefined {
  const around = facts.functions.find((one) => touches(one.range, offset));
  if (around === undefined) return undefined;
  const inside = around.calls.filter((call) => touches(call.range, offset));
  return inside.reduce<CallSite | undefined>(
    (best, call) => (best === undefined || call.range.end - call.range.start < best.range.end - best.range.start ? call : best),
    undefined,
  );
}

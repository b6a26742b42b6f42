import { type FileMemory, memoryOf, type PlaceHistory } from '../facts/memory';
import type { CallSite } from '../facts/site';
import type { MemoryFamily } from '../kernel/model';
import type { Certainty, Fix, Rule, RuleContext, RuleFinding } from './rule';
import { isTestSource } from './sourcePlace';
import { listed } from './words';

/** The plain function that frees each family; families without one need arguments that the call does not have. */
const FREED_BY: Partial<Record<MemoryFamily, string>> = {
  slab: 'kfree',
  kv: 'kvfree',
  vmalloc: 'vfree',
  percpu: 'free_percpu',
  skb: 'kfree_skb',
  urb: 'usb_free_urb',
};

/** Families whose memory only their own functions can take back. */
const STRICT: ReadonlySet<MemoryFamily> = new Set<MemoryFamily>([
  'slab',
  'kv',
  'vmalloc',
  'page',
  'page-address',
  'pages-exact',
  'percpu',
  'devm',
  'mempool',
  'skb',
  'urb',
]);

/** Functions with one argument that another one can stand in for by its name alone. */
const REPLACEABLE = new Set(['kfree', 'kvfree', 'vfree', 'kfree_const']);

interface Origin {
  readonly allocations: readonly CallSite[];
  /** Nothing else is seen to reach the free. */
  readonly complete: boolean;
  readonly where: string;
  readonly kind: 'variable' | 'member' | 'parameter';
}

function isWrong(allocation: CallSite, free: CallSite): boolean {
  const family = allocation.api?.allocates;
  return family !== undefined && STRICT.has(family) && !free.api!.frees!.families.includes(family);
}

/** Bytes from slab or vmalloc; a member that holds pages or buffers may hold other things at other times. */
function isPlainMemory(free: CallSite, wrong: readonly CallSite[]): boolean {
  return REPLACEABLE.has(free.callee) && wrong.every((allocation) => PLAIN.has(allocation.api!.allocates!));
}

const PLAIN: ReadonlySet<MemoryFamily> = new Set<MemoryFamily>(['slab', 'kv', 'vmalloc', 'devm', 'percpu']);

/** Allocations that end up in a place: directly, or through a local variable that holds nothing else. */
function originsOf(memory: FileMemory, history: PlaceHistory, depth = 0): { allocations: CallSite[]; complete: boolean } {
  const allocations: CallSite[] = [];
  let complete = history.unclear.length === 0 && !history.uses.some((use) => use.kind === 'address-taken' || use.kind === 'other');
  for (const use of history.uses) {
    if (use.kind === 'allocated') allocations.push(use.call!);
    if (use.kind !== 'assigned') continue;
    for (const arm of memory.arms(use.other!)) {
      const inner = armOrigins(memory, arm, depth);
      allocations.push(...inner.allocations);
      complete &&= inner.complete;
    }
  }
  return { allocations, complete };
}

/** One value given to a place: an allocation, NULL, or what a local variable holds. */
function armOrigins(memory: FileMemory, arm: number, depth: number): { allocations: readonly CallSite[]; complete: boolean } {
  if (memory.isNull(arm)) return { allocations: [], complete: true };
  const call = memory.call(arm);
  if (call?.api?.allocates !== undefined) return { allocations: [call], complete: true };
  const source = depth < 2 ? memory.history(arm) : undefined;
  const inner = source?.kind === 'local' ? originsOf(memory, source, depth + 1) : undefined;
  return inner === undefined || inner.allocations.length === 0 ? { allocations: [], complete: false } : inner;
}

/** What a struct member that is freed can hold, from all of the file. */
function memberOrigin(memory: FileMemory, free: CallSite, argument: number): Origin | undefined {
  // Most members are never named where memory of another kind is allocated: then their history need not be read.
  if (!memory.isNamedBeside(memory.place(argument), memory.allocationsNotOf(free.api!.frees!.families, STRICT))) return undefined;
  const history = memory.history(argument);
  if (history === undefined || history.kind !== 'member') return undefined;
  return { ...originsOf(memory, history), where: history.name, kind: 'member' };
}

/** What the callers in this file pass for a parameter that is freed. */
function parameterOrigin(memory: FileMemory, free: CallSite, argument: number): Origin | undefined {
  const name = memory.text(argument);
  const index = memory.parameterIndex(argument, name);
  if (index === undefined) return undefined;
  const allocations: CallSite[] = [];
  for (const args of memory.callsOf(free.function.name)) {
    const history = args[index] === undefined ? undefined : memory.history(args[index]);
    if (history?.kind === 'local') allocations.push(...originsOf(memory, history).allocations);
  }
  return { allocations, complete: false, where: name, kind: 'parameter' };
}

function originOf(memory: FileMemory, free: CallSite): Origin | undefined {
  const argument = free.args[free.api!.frees!.arg]?.node ?? 0;
  if (free.freed !== undefined && free.freed.allocations.length > 0) {
    return {
      allocations: free.freed.allocations,
      complete: free.freed.complete,
      where: free.freed.target,
      kind: /->|\./.test(free.freed.target) ? 'member' : 'variable',
    };
  }
  if (argument === 0) return undefined;
  return memberOrigin(memory, free, argument) ?? parameterOrigin(memory, free, argument);
}

function fixesFor(free: CallSite, wrong: readonly CallSite[], certainty: Certainty): readonly Fix[] {
  const families = new Set(wrong.map((allocation) => allocation.api!.allocates!));
  const replacement = families.size === 1 ? FREED_BY[[...families][0]!] : undefined;
  if (replacement === undefined || !REPLACEABLE.has(free.callee) || free.args.length !== 1 || free.origin === 'macro') return [];
  return [
    {
      title: `Use ${replacement}()`,
      safety: certainty === 'definite' ? 'safe' : 'unsafe',
      edits: [{ range: free.calleeRange, newText: replacement }],
    },
  ];
}

function check(free: CallSite, { facts, model }: RuleContext): readonly RuleFinding[] {
  if (free.api?.frees === undefined || free.context.unreachable || isTestSource(facts.file.path)) return [];
  const memory = memoryOf(facts, model);
  // Most files have no allocation of another kind at all, and some choose the free function by the address.
  if (memory.allocationsNotOf(free.api.frees.families, STRICT).length === 0) return [];
  if (memory.mentionsNearby(free.node, 'is_vmalloc_addr')) return [];
  const origin = originOf(memory, free);
  const wrong = origin?.allocations.filter((allocation) => isWrong(allocation, free)) ?? [];
  if (origin === undefined || wrong.length === 0) return [];
  const all = wrong.length === origin.allocations.length;
  // A member that is allocated in two ways is freed in two ways, and a test that is not seen here chooses.
  if (!all && origin.kind === 'member') return [];
  const sure = origin.complete && all && (origin.kind === 'variable' || isPlainMemory(free, wrong));
  const certainty: Certainty = sure ? 'definite' : 'possible';
  const makers = [...new Set(wrong.map((allocation) => `${allocation.callee}()`))];
  return [
    {
      range: free.range,
      message: `${free.callee}() cannot free ${origin.where}: it comes from ${listed(makers)}${advice(wrong)}`,
      certainty,
      trace: wrong.map((allocation) => ({ range: allocation.range, message: `allocated by ${allocation.callee}() here` })),
      fixes: fixesFor(free, wrong, certainty),
      call: free,
    },
  ];
}

function advice(wrong: readonly CallSite[]): string {
  const family = wrong[0]!.api!.allocates!;
  if (family === 'devm') return ', and the device frees it again';
  const right = FREED_BY[family];
  return right === undefined ? '' : `, which ${right}() frees`;
}

export const freeMismatch: Rule = {
  id: 'free-mismatch',
  summary: 'memory freed by a function that does not belong to its allocator',
  severity: 'error',
  doc: `## What it finds

Memory from one allocator given to the free function of another: \`kvcalloc()\` and \`vmalloc()\` memory to \`kfree()\`, \`kmalloc()\` memory to \`vfree()\`, managed
(\`devm_\`) memory to \`kfree()\`. It follows local variables along the paths of the function, struct members through the whole file, and
parameters to the callers in the file.

## Why

\`kvmalloc()\` returns slab memory as long as that works and vmalloc memory otherwise, so \`kfree()\` seems right until memory is
fragmented; then it corrupts the slab allocator or oopses. Managed memory is freed a second time when the device goes away.

## Example

\`\`\`c bad
#include <linux/mm.h>
#include <linux/slab.h>

struct table {
	u32 *slots;
};

static int table_init(struct table *t, unsigned int n)
{
	t->slots = kvcalloc(n, sizeof(*t->slots), GFP_KERNEL);
	return t->slots ? 0 : -ENOMEM;
}

static void table_exit(struct table *t)
{
	kfree(t->slots);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/mm.h>
#include <linux/slab.h>

struct table {
	u32 *slots;
};

static int table_init(struct table *t, unsigned int n)
{
	t->slots = kvcalloc(n, sizeof(*t->slots), GFP_KERNEL);
	return t->slots ? 0 : -ENOMEM;
}

static void table_exit(struct table *t)
{
	kvfree(t->slots);
}
\`\`\`

## When it stays silent

When no allocation of the memory is in sight, when the free function takes the memory of several allocators (\`kvfree()\`, \`kfree_rcu()\`), for objects of a
cache (kernels from 6.4 on take them in \`kfree()\`). When only some of the allocations in sight are of the wrong kind, or others may exist, it is a
possible finding. Tests are left alone.

## References

- mm/util.c: kvfree(), kvmalloc_node(); mm/slub.c: kfree(); drivers/base/devres.c
- Documentation/core-api/memory-allocation.rst
`,
  checkCall: check,
};

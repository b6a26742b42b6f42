import type { TextRange } from '../base/range';
import { memoryOf, sourcesOf } from '../facts/memory';
import type { CallSite } from '../facts/site';
import type { MemoryFamily } from '../kernel/model';
import { freedByType } from './freeByType';
import { isWrong, mayBeStrange, type Origin, originOf, REPLACEABLE, type Source, STRICT } from './freeOrigins';
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

/** Bytes from slab or vmalloc; a member that holds pages or buffers may hold other things at other times. */
function isPlainMemory(free: CallSite, wrong: readonly Source[]): boolean {
  return REPLACEABLE.has(free.callee) && wrong.every(({ family }) => PLAIN.has(family));
}

const PLAIN: ReadonlySet<MemoryFamily> = new Set<MemoryFamily>(['slab', 'kv', 'vmalloc', 'devm', 'percpu']);

/** The other function's name in place of the one that is called. */
function replacing(free: CallSite, right: string | undefined, certainty: Certainty): readonly Fix[] {
  if (right === undefined || !REPLACEABLE.has(free.callee) || free.args.length !== 1 || free.origin === 'macro') return [];
  return [
    {
      title: `Use ${right}()`,
      safety: certainty === 'definite' ? 'safe' : 'unsafe',
      edits: [{ range: free.calleeRange, newText: right }],
    },
  ];
}

/** What frees memory of these allocations; undefined where they need different functions. */
function freeingAll(wrong: readonly Source[]): string | undefined {
  const families = new Set(wrong.map(({ family }) => family));
  return families.size === 1 ? FREED_BY[wrong[0]!.family] : undefined;
}

function check(free: CallSite, context: RuleContext): readonly RuleFinding[] {
  const { facts, model, fields } = context;
  if (free.api?.allocates !== undefined) return checkCleanup(free, context);
  if (free.api?.frees === undefined || free.context.unreachable || isTestSource(facts.file.path)) return [];
  const memory = memoryOf(facts, model);
  // Most files have no allocation of another kind at all, and some choose the free function by the address.
  if (!mayBeStrange(memory, free, context)) {
    const byType = checkType(free, context);
    if (byType.length === 0 || fields.size === 0) return byType;
  }
  if (memory.mentionsNearby(free.node, 'is_vmalloc_addr')) return [];
  const origin = originOf(memory, free, context);
  if (origin === undefined) return checkType(free, context);
  const wrong = origin.allocations.filter((allocation) => isWrong(allocation, free));
  if (wrong.length === 0) return [];
  const all = wrong.length === origin.allocations.length;
  // A member that is allocated in two ways is freed in two ways, and a test that is not seen here chooses.
  const eitherWay = !all && mayBeVmalloc(origin, wrong);
  if (!all && origin.kind === 'member' && !eitherWay) return [];
  const sure = origin.complete && all && (origin.kind === 'variable' || isPlainMemory(free, wrong));
  return [mismatch(free, origin, wrong, { eitherWay, certainty: sure ? 'definite' : 'possible' })];
}

/** `eitherWay`: other allocations that reach the free are right, and kvfree() takes both. */
function mismatch(
  free: CallSite,
  { where }: Origin,
  wrong: readonly Source[],
  { eitherWay, certainty }: { readonly eitherWay: boolean; readonly certainty: Certainty },
): RuleFinding {
  const makers = listed([...new Set(wrong.map(({ callee }) => `${callee}()`))]);
  const [comes, instead] = eitherWay ? ['may come', ', and kvfree() frees either'] : ['comes', advice(wrong[0]!.family)];
  return {
    range: free.range,
    message: `${free.callee}() cannot free ${where}: it ${comes} from ${makers}${placeText(wrong)}${instead}`,
    certainty,
    trace: wrong.map(({ callee, path, range }) => ({
      ...(path !== undefined && { path }),
      range,
      message: `allocated by ${callee}() here`,
    })),
    fixes: replacing(free, eitherWay ? 'kvfree' : freeingAll(wrong), certainty),
    call: free,
  };
}

/** kmalloc() into a member that falls back to vmalloc() needs kvfree(): a driver that tells the two apart calls vfree() as well. */
function mayBeVmalloc({ history }: Origin, wrong: readonly Source[]): boolean {
  const frees = history?.uses.filter(({ kind }) => kind === 'freed') ?? [];
  // Through a variable that is used again, something else may have been stored.
  const stored = (range: TextRange) => history?.uses.some(({ call }) => call?.range.start === range.start);
  return (
    frees.length > 0 &&
    frees.every(({ callee }) => callee === 'kfree' || callee === 'kvfree') &&
    wrong.every(({ family, path, range }) => (family === 'kv' || family === 'vmalloc') && path === undefined && stored(range))
  );
}

/** An object that has a free function of its own, wherever it comes from. */
function checkType(free: CallSite, context: RuleContext): readonly RuleFinding[] {
  // Who makes one by hand may free it by hand.
  const object = (free.freed?.allocations.length ?? 0) > 0 ? undefined : freedByType(free, context);
  if (object === undefined) return [];
  const name = free.args[free.api!.frees!.arg]!.text;
  return [
    {
      range: free.range,
      message: `${free.callee}() cannot free ${name}: it is ${object.what}${advice(object.family)}`,
      certainty: 'definite',
      fixes: replacing(free, FREED_BY[object.family], 'definite'),
      call: free,
    },
  ];
}

/** `T *p __free(kfree) = kvmalloc(…)`: the end of the scope frees it in the wrong way. */
function checkCleanup(call: CallSite, { facts, model }: RuleContext): readonly RuleFinding[] {
  const memory = memoryOf(facts, model);
  if (!memory.hasCleanups || call.origin === 'macro' || call.context.unreachable) return [];
  const target = memory.targets(call)[0];
  const history = target === undefined ? undefined : memory.history(target);
  const cleanup = history?.uses.find((use) => use.cleanup === true);
  const frees = cleanup === undefined ? undefined : model.functions.get(cleanup.callee!)?.frees;
  const family = call.api!.allocates!;
  if (history === undefined || cleanup === undefined || frees === undefined || !STRICT.has(family) || frees.families.includes(family))
    return [];
  const right = FREED_BY[family];
  const sure = sourcesOf(memory, history).allocations.every((one) => !frees.families.includes(one.api!.allocates!));
  return [
    {
      range: cleanup.range,
      message: `__free(${cleanup.callee}) cannot free ${history.name}: it comes from ${call.callee}()${advice(family)}`,
      certainty: sure ? 'definite' : 'possible',
      trace: [{ range: call.range, message: `allocated by ${call.callee}() here` }],
      fixes:
        right === 'kvfree' || right === 'kfree'
          ? [{ title: `Use __free(${right})`, safety: sure ? 'safe' : 'unsafe', edits: [{ range: cleanup.range, newText: right }] }]
          : [],
      call,
    },
  ];
}

/** ` in drivers/net/foo/ring.c`, when all of it is allocated elsewhere. */
function placeText(wrong: readonly Source[]): string {
  const paths = new Set(wrong.map(({ path }) => path));
  const [only] = paths;
  return paths.size === 1 && only !== undefined ? ` in ${only}` : '';
}

/** How memory of a family is freed, for the end of a message. */
function advice(family: MemoryFamily): string {
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
parameters to the callers in the file; a caller that surely passes other memory makes it certain, where nothing but the pointer decides about the free. When a whole tree is checked, members are followed through all files that share their struct, and memory that one file
hands to a function of another, or gets from it, to that file. A \`struct sk_buff\`, \`struct page\`,
\`struct folio\` and \`__percpu\` memory are known by their types, wherever they come from. An object that comes through a list, an RCU callback or another function is
judged by the allocations of the file that make objects of its struct: certain when only this file knows the struct, else possible. \`kfree()\` of a member that comes from
\`kmalloc()\` or else from \`vmalloc()\` is possible, unless the file tells the two apart with a \`vfree()\`.

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
  asksProgram: true,
  checkCall: check,
};

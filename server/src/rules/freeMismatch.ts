import type { TextRange } from '../base/range';
import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import { STRICT_FAMILIES } from '../facts/linkage/memoryRecord';
import {
  type FileMemory,
  freesOfParameter,
  isUnconditional,
  memoryOf,
  type PlaceHistory,
  parameterKey,
  sourcesOf,
  sourcesOfFunction,
} from '../facts/memory';
import type { CallSite } from '../facts/site';
import type { MemoryFamily } from '../kernel/model';
import { objectSources } from './freeByObject';
import { freedByType } from './freeByType';
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

const STRICT: ReadonlySet<MemoryFamily> = new Set(STRICT_FAMILIES);

/** Functions with one argument that another one can stand in for by its name alone. */
const REPLACEABLE = new Set(['kfree', 'kvfree', 'vfree', 'kfree_const']);

/** An allocation that reaches a free, in this file or another one. */
interface Source {
  readonly callee: string;
  readonly family: MemoryFamily;
  readonly path: string | undefined;
  readonly range: TextRange;
}

interface Origin {
  readonly allocations: readonly Source[];
  /** Nothing else is seen to reach the free. */
  readonly complete: boolean;
  readonly where: string;
  readonly kind: 'variable' | 'member' | 'parameter';
  /** All that the file does with a member. */
  readonly history?: PlaceHistory;
}

function ownSource({ callee, api, range }: CallSite): Source {
  return { callee, family: api!.allocates!, path: undefined, range };
}

function isWrong({ family }: Source, free: CallSite): boolean {
  return STRICT.has(family) && !free.api!.frees!.families.includes(family);
}

/** Bytes from slab or vmalloc; a member that holds pages or buffers may hold other things at other times. */
function isPlainMemory(free: CallSite, wrong: readonly Source[]): boolean {
  return REPLACEABLE.has(free.callee) && wrong.every(({ family }) => PLAIN.has(family));
}

const PLAIN: ReadonlySet<MemoryFamily> = new Set<MemoryFamily>(['slab', 'kv', 'vmalloc', 'devm', 'percpu']);

/** What other files say of values that come from them: results of their functions, arguments of their calls. */
function sourcesOfOpen(
  memory: FileMemory,
  open: readonly number[],
  { fields }: RuleContext,
): { readonly allocations: readonly Source[]; readonly complete: boolean } {
  const answers = open.map((value) => {
    if (memory.isCall(value)) return { verdict: fields.get(`${memory.calleeText(value)}()`), isResult: true };
    const position = memory.parameterIndex(value, memory.text(value));
    return { verdict: position === undefined ? undefined : fields.get(parameterKey(memory.functionAt(value), position)), isResult: false };
  });
  return {
    allocations: answers.flatMap(({ verdict }) => (verdict === undefined ? [] : sourcesElsewhere(verdict))),
    // Other callers may hand in other memory, and something that is not seen tells them apart.
    complete: answers.every(({ verdict, isResult }) => isResult && verdict?.complete === true && !verdict.unsure),
  };
}

function sourcesElsewhere({ allocations }: FieldVerdict): readonly Source[] {
  return allocations.flatMap(({ callee, families, path, start, end }) =>
    families.map((family) => ({ callee, family, path, range: { start, end } })),
  );
}

/** Whether an allocation that the free does not take may reach it, from anywhere in the file or from other files. */
function mayBeStrange(memory: FileMemory, free: CallSite, { fields }: RuleContext): boolean {
  return memory.allocationsNotOf(free.api!.frees!.families, STRICT).length > 0 || isStrangeElsewhere(fields, free);
}

const strangeElsewhere = new WeakMap<RuleContext['fields'], Map<readonly MemoryFamily[], boolean>>();

/** Whether other files say of anything that an allocation is there which the free does not take. */
function isStrangeElsewhere(fields: RuleContext['fields'], free: CallSite): boolean {
  if (fields.size === 0) return false;
  const { families } = free.api!.frees!;
  let known = strangeElsewhere.get(fields);
  if (known === undefined) strangeElsewhere.set(fields, (known = new Map()));
  let strange = known.get(families);
  if (strange === undefined) {
    strange = [...fields.values()].some((verdict) => sourcesElsewhere(verdict).some((source) => isWrong(source, free)));
    known.set(families, strange);
  }
  return strange;
}

/** What a struct member or a variable of the file can hold when it is freed, from all of the file and from what other files tell. */
function placeOrigin(memory: FileMemory, free: CallSite, argument: number, context: RuleContext): Origin | undefined {
  const { fields } = context;
  // Most members are never named where memory of another kind is allocated: then their history need not be read.
  const strange = memory.allocationsNotOf(free.api!.frees!.families, STRICT);
  if (!isStrangeElsewhere(fields, free) && !memory.namesBeside.has(memory.namingNode(memory.place(argument)), strange)) return undefined;
  const place = memory.aliasedPlace(argument);
  const history = memory.history(place);
  if (history === undefined || (history.kind !== 'member' && history.kind !== 'global')) return undefined;
  const own = sourcesOf(memory, history);
  const verdict = fields.get(history.name);
  const elsewhere = verdict === undefined ? [] : sourcesElsewhere(verdict);
  const brought = sourcesOfOpen(memory, own.open, context);
  // What only other files say is certain where all of them were asked; their silence is taken for assent.
  const some = own.allocations.length > 0 || brought.allocations.length > 0;
  const known = verdict === undefined ? some : !verdict.unsure && (some || verdict.complete);
  return {
    allocations: [...own.allocations.map(ownSource), ...elsewhere, ...brought.allocations],
    complete: own.closed && brought.complete && known,
    where: history.name,
    kind: 'member',
    history,
  };
}

/** What a variable holds that a function returned: one of this file, or one that other files were asked about. */
function resultOrigin(memory: FileMemory, argument: number, { fields }: RuleContext): Origin | undefined {
  if (!memory.isName(argument)) return undefined;
  const history = memory.history(argument);
  const values = history?.uses.flatMap((use) => (use.kind === 'assigned' && use.nullValue !== true ? [use.other!] : [])) ?? [];
  const [value] = values;
  if (history?.kind !== 'local' || values.length > 1) return undefined;
  const where = history.name;
  if (value === undefined) {
    // A function of the file that gets its address has filled it, if nothing else has.
    if (history.uses.some(({ kind }) => kind === 'allocated')) return undefined;
    const { allocations, complete } = sourcesOf(memory, history);
    return allocations.length === 0 ? undefined : { allocations: allocations.map(ownSource), complete, where, kind: 'variable' };
  }
  if (!memory.isCall(value)) return undefined;
  const made = memory.calledFunction(value);
  if (made !== undefined) {
    const own = sourcesOfFunction(memory, made);
    return { allocations: own.allocations.map(ownSource), complete: own.complete && history.closed, where, kind: 'variable' };
  }
  const verdict = fields.get(`${memory.calleeText(value)}()`);
  return (
    verdict && {
      allocations: sourcesElsewhere(verdict),
      complete: verdict.complete && !verdict.unsure && history.closed,
      where,
      kind: 'variable',
    }
  );
}

/** What callers pass for a parameter that is freed: those of the file, and those in other files that were asked. */
function parameterOrigin(memory: FileMemory, free: CallSite, argument: number, { fields }: RuleContext): Origin | undefined {
  const name = memory.text(argument);
  const index = memory.parameterIndex(argument, name);
  if (index === undefined) return undefined;
  const verdict = fields.get(parameterKey(free.function.name, index));
  const allocations: Source[] = verdict === undefined ? [] : [...sourcesElsewhere(verdict)];
  let known = verdict === undefined || verdict.complete;
  for (const args of memory.callsOf(free.function.name)) {
    const history = args[index] === undefined ? undefined : memory.history(memory.aliasedPlace(args[index]));
    const sources = history === undefined ? undefined : sourcesOf(memory, history);
    if (history === undefined || sources === undefined || sources.allocations.length === 0) continue;
    // What members hold for long may be set up in ways of its own: usb_init_urb().
    if (history.kind !== 'local' && !REPLACEABLE.has(free.callee)) continue;
    const isKnown = (one: Source) => allocations.some(({ path, range }) => path === undefined && range.start === one.range.start);
    allocations.push(...sources.allocations.map(ownSource).filter((one) => !isKnown(one)));
    // Other files may store other memory in a member that they know.
    known &&= sources.complete && (history.kind === 'local' || history.closed);
  }
  if (allocations.length === 0 || isReplaced(memory, free, index)) return undefined;
  // Freed in two ways, a test that is not seen here chooses.
  if (freesOfParameter(memory, free, index).some((one) => one !== free && one.api?.frees?.families !== free.api!.frees!.families))
    return undefined;
  // Each of these callers is sure of what it passes; others do not make it right.
  return { allocations, complete: known && isUnconditional(memory, free, argument), where: name, kind: 'parameter' };
}

/** Objects of a struct that the file makes in one way only. */
function objectOrigin(memory: FileMemory, free: CallSite): Origin | undefined {
  const found = REPLACEABLE.has(free.callee) ? objectSources(memory, free) : undefined;
  const where = free.args[free.api!.frees!.arg]?.text ?? '';
  return found && { allocations: found.allocations.map(ownSource), complete: found.complete, where, kind: 'member' };
}

/** Whether a function gives a parameter another value, or lets somebody else do so: then what it frees is not what its callers passed. */
function isReplaced(memory: FileMemory, free: CallSite, index: number): boolean {
  const history = memory.histories.ofParameter(memory.functionNodeAt(free.node), index);
  return history?.uses.some(({ kind }) => kind === 'assigned' || kind === 'allocated' || kind === 'address-taken') ?? false;
}

function originOf(memory: FileMemory, free: CallSite, context: RuleContext): Origin | undefined {
  const argument = free.args[free.api!.frees!.arg]?.node ?? 0;
  if (free.freed !== undefined && free.freed.allocations.length > 0) {
    return {
      allocations: free.freed.allocations.map(ownSource),
      complete: free.freed.complete,
      where: free.freed.target,
      kind: /->|\./.test(free.freed.target) ? 'member' : 'variable',
    };
  }
  if (argument === 0) return undefined;
  return (
    placeOrigin(memory, free, argument, context) ??
    resultOrigin(memory, argument, context) ??
    parameterOrigin(memory, free, argument, context)
  );
}

function fixesFor(free: CallSite, wrong: readonly Source[], certainty: Certainty, eitherWay: boolean): readonly Fix[] {
  const families = new Set<MemoryFamily>(eitherWay ? ['kv'] : wrong.map(({ family }) => family));
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
  const found = originOf(memory, free, context);
  const origin = found === undefined || found.allocations.length === 0 ? objectOrigin(memory, free) : found;
  if (origin === undefined || origin.allocations.length === 0) return checkType(free, context);
  const wrong = origin?.allocations.filter((allocation) => isWrong(allocation, free)) ?? [];
  if (origin === undefined || wrong.length === 0) return [];
  const all = wrong.length === origin.allocations.length;
  // A member that is allocated in two ways is freed in two ways, and a test that is not seen here chooses.
  const eitherWay = !all && mayBeVmalloc(origin, wrong);
  if (!all && origin.kind === 'member' && !eitherWay) return [];
  const sure = origin.complete && all && (origin.kind === 'variable' || isPlainMemory(free, wrong));
  const certainty: Certainty = sure ? 'definite' : 'possible';
  const makers = [...new Set(wrong.map((allocation) => `${allocation.callee}()`))];
  return [
    {
      range: free.range,
      message: `${free.callee}() cannot free ${origin.where}: it ${eitherWay ? 'may come' : 'comes'} from ${listed(makers)}${placeText(wrong)}${eitherWay ? ', and kvfree() frees either' : advice(wrong)}`,
      certainty,
      trace: wrong.map(({ callee, path, range }) => ({
        ...(path !== undefined && { path }),
        range,
        message: `allocated by ${callee}() here`,
      })),
      fixes: fixesFor(free, wrong, certainty, eitherWay),
      call: free,
    },
  ];
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
  const right = FREED_BY[object.family];
  return [
    {
      range: free.range,
      message: `${free.callee}() cannot free ${name}: it is ${object.what}${right === undefined ? '' : `, which ${right}() frees`}`,
      certainty: 'definite',
      fixes:
        right === undefined || !REPLACEABLE.has(free.callee) || free.origin === 'macro'
          ? []
          : [{ title: `Use ${right}()`, safety: 'safe', edits: [{ range: free.calleeRange, newText: right }] }],
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
      message: `__free(${cleanup.callee}) cannot free ${history.name}: it comes from ${call.callee}()${right === undefined ? '' : `, which ${right}() frees`}`,
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

function advice(wrong: readonly Source[]): string {
  const { family } = wrong[0]!;
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

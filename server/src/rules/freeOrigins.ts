import type { TextRange } from '../base/range';
import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import { STRICT_FAMILIES } from '../facts/linkage/memoryRecord';
import {
  type FileMemory,
  freesOfParameter,
  isUnconditional,
  type PlaceHistory,
  parameterKey,
  sourcesOf,
  sourcesOfFunction,
} from '../facts/memory';
import type { CallSite } from '../facts/site';
import type { MemoryFamily } from '../kernel/model';
import { objectSources } from './freeByObject';
import type { RuleContext } from './rule';

/** Families whose memory only their own functions free. */
export const STRICT: ReadonlySet<MemoryFamily> = new Set(STRICT_FAMILIES);

/** Functions with one argument that another one can stand in for by its name alone. */
export const REPLACEABLE: ReadonlySet<string> = new Set(['kfree', 'kvfree', 'vfree', 'kfree_const']);

/** An allocation that reaches a free, in this file or another one. */
export interface Source {
  readonly callee: string;
  readonly family: MemoryFamily;
  readonly path: string | undefined;
  readonly range: TextRange;
}

/** All allocations that are seen to reach a free. */
export interface Origin {
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

/** Whether a free cannot take what an allocation made. */
export function isWrong({ family }: Source, free: CallSite): boolean {
  return STRICT.has(family) && !free.api!.frees!.families.includes(family);
}

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
export function mayBeStrange(memory: FileMemory, free: CallSite, { fields }: RuleContext): boolean {
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
  if (allocations.length === 0) return undefined;
  // Freed in two ways, a test that is not seen here chooses.
  if (freesOfParameter(memory, free, index).some((one) => one !== free && one.api?.frees?.families !== free.api!.frees!.families))
    return undefined;
  if (isReplaced(memory, free, index)) return undefined;
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

/** Where the memory comes from that a free is given; undefined when no allocation of it is in sight. */
export function originOf(memory: FileMemory, free: CallSite, context: RuleContext): Origin | undefined {
  const found = followedOrigin(memory, free, context);
  return found === undefined || found.allocations.length === 0 ? objectOrigin(memory, free) : found;
}

function followedOrigin(memory: FileMemory, free: CallSite, context: RuleContext): Origin | undefined {
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

import { Chains } from '../../base/chains';
import { addTo } from '../../base/listsByKey';
import { ATOMIC_BITS, GuardOn, Linkage, MentionUse, Via } from '../../facts/linkage/linkage';
import type { Callbacks } from './callbacks';
import type { GraphMention, ProgramGraph } from './graph';
import type { LockEffects } from './lockEffects';
import { memberKey } from './memberOwners';
import type { NameResolution } from './nameResolution';
import type { Iterated, Relevance } from './relevance';
import { subsystemOf } from './subsystem';

/** A way into a function: a call, or a registration as a callback that may sleep. */
export interface Entry {
  /** The call, or -1. */
  readonly call: number;
  /** The mention, or -1. */
  readonly mention: number;
}

/** Functions that are looked at for one answer. */
const MAX_CLOSURE = 400;
/** Calls through members of one name; more belong to many structures, and one of them is sure to hold a lock. */
const MAX_CALLS_THROUGH = 40;

/**
 * Tells of a function whether all that lead to it may sleep: every call stands where sleeping is allowed, every registration is for process
 * context, and there is no other way in. Where anything is not known the answer is no.
 */
export class SleepableContexts {
  private readonly verdicts = new Map<number, boolean>();
  private readonly entries = new Map<number, readonly Entry[] | undefined>();
  private readonly mentionsOfName: Chains;
  /** Calls of functions that are passed, by the mention that passes them. */
  private readonly iterated = new Map<number, Iterated[]>();
  /** Made for the first callback. */
  private atomicCallers: ReadonlyMap<number, ReadonlyMap<string, boolean>> | undefined;

  constructor(
    private readonly graph: ProgramGraph,
    private readonly resolution: NameResolution,
    private readonly callbacks: Callbacks,
    private readonly relevance: Relevance,
    private readonly locks: LockEffects,
    private readonly complete: boolean,
  ) {
    this.mentionsOfName = new Chains(graph.names.size, graph.mentionCount, (mention) => graph.nameOfMention(mention));
    for (const one of relevance.iterated) addTo(this.iterated, one.mention, one);
  }

  /** Whether a call stands where sleeping is allowed, by itself or because of all callers. */
  maySleepAt(call: number): boolean {
    const { graph } = this;
    if (!this.isUndisturbed(call)) return false;
    return graph.provesSleep(call) || this.maySleep(graph.callerOf(call));
  }

  /** All ways into a function; undefined when there are ways that are not known. */
  entriesOf(fn: number): readonly Entry[] | undefined {
    if (!this.entries.has(fn)) this.entries.set(fn, this.findEntries(fn));
    return this.entries.get(fn);
  }

  /** The mentions of a name, wherever they stand. */
  mentionsOf(name: number): readonly number[] {
    return [...this.mentionsOfName.of(name)];
  }

  /** Whether a way into a function leads to it as far as can be told; a call through a member may belong to another structure. */
  isMeant({ call }: Entry, fn: number): boolean {
    return call < 0 || this.graph.viaOf(call) !== Via.Member || this.relevance.members.targetsOf(call).some((target) => target.fn === fn);
  }

  private maySleep(fn: number): boolean {
    const known = this.verdicts.get(fn);
    if (known !== undefined) return known;
    const closure = this.closureOf(fn);
    if (!closure) {
      this.verdicts.set(fn, false);
      return false;
    }
    // Functions that call each other may sleep unless one of them is reached in another way that may not.
    for (let changed = true; changed; ) {
      changed = false;
      for (const one of closure) {
        if (this.verdicts.get(one) === false || this.allSleep(one, closure)) continue;
        this.verdicts.set(one, false);
        changed = true;
      }
    }
    for (const one of closure) if (!this.verdicts.has(one)) this.verdicts.set(one, true);
    return this.verdicts.get(fn)!;
  }

  private allSleep(fn: number, closure: ReadonlySet<number>): boolean {
    const entries = this.entriesOf(fn);
    if (!entries) return false;
    return entries.every(({ call }) => {
      if (call < 0 || this.graph.provesSleep(call)) return call < 0 || this.isUndisturbed(call);
      const caller = this.graph.callerOf(call);
      return this.isUndisturbed(call) && this.verdicts.get(caller) !== false && (closure.has(caller) || this.verdicts.get(caller) === true);
    });
  }

  /** The function and all functions its context depends on; undefined when one of them cannot sleep, or there are too many. */
  private closureOf(fn: number): ReadonlySet<number> | undefined {
    const closure = new Set([fn]);
    for (const one of closure) {
      const entries = this.entriesOf(one);
      if (!entries || entries.length === 0 || closure.size > MAX_CLOSURE) return undefined;
      for (const { call } of entries) {
        if (call < 0 || this.graph.provesSleep(call)) continue;
        const caller = this.graph.callerOf(call);
        const known = this.verdicts.get(caller);
        if (known === false || !this.isUndisturbed(call)) return undefined;
        if (known === undefined) closure.add(caller);
      }
    }
    return closure;
  }

  /** Nothing at the call forbids sleeping, and nothing unknown may. */
  private isUndisturbed(call: number): boolean {
    const { graph } = this;
    if ((graph.heldAt(call) & ATOMIC_BITS) !== 0 || graph.maybeAt(call) !== 0 || (graph.keepsOf(call) & ATOMIC_BITS) === 0) return false;
    return graph.everyGuard(call, (parameter) =>
      parameter === GuardOn.UnknownLock ? this.locks.leftAt(call)?.bits === 0 : parameter !== GuardOn.Sleeping,
    );
  }

  private findEntries(fn: number): readonly Entry[] | undefined {
    const { graph } = this;
    // While the system starts, gfp_allowed_mask takes __GFP_RECLAIM away where sleeping is not possible yet (mm/page_alloc.c, init/main.c).
    if (graph.linkageOf(fn) === Linkage.EntryPoint || graph.isInit(fn)) return [{ call: -1, mention: -1 }];
    if (!this.complete && (graph.linkageOf(fn) !== Linkage.Static || graph.pathOf(fn).endsWith('.h'))) return undefined;
    const entries: Entry[] = [];
    for (const mention of this.mentionsOf(graph.nameOf(fn))) {
      const place = graph.mention(mention);
      if (!this.means(place.file, place.name, fn)) continue;
      const known = this.callbacks.rowOf(place);
      if (known === 'none') continue;
      if (known === undefined && place.use === MentionUse.Call && this.addIterated(mention, place, entries)) continue;
      // Files that are not at hand may call through the member as well.
      if (this.complete && known === undefined && place.use === MentionUse.Member && this.addCallsThrough(fn, place.slot, entries))
        continue;
      if (known?.exact !== true || known.row.maySleep !== true || known.row.context !== 'process') return undefined;
      if (this.isCalledAtomically(place)) return undefined;
      entries.push({ call: -1, mention });
    }
    let complete = true;
    this.relevance.eachCallOf(graph.nameOf(fn), (call) => {
      if (!this.means(graph.fileOf(graph.callerOf(call)), graph.nameOf(fn), fn)) return;
      if (graph.viaOf(call) !== Via.Name) complete = false;
      entries.push({ call, mention: -1 });
    });
    return complete && entries.length > 0 ? entries : undefined;
  }

  /**
   * Whether somebody calls what such a struct holds in that member where sleeping is forbidden, whatever is usual for it. Who has such functions of its own
   * means these: a driver that calls its own under a lock says nothing about other drivers.
   */
  private isCalledAtomically({ owner, slot, file }: GraphMention): boolean {
    this.atomicCallers ??= this.atomicCallersOfMembers();
    const callers = this.atomicCallers.get(memberKey(owner, slot));
    if (callers === undefined) return false;
    const own = subsystemOf(this.graph.files[file]!);
    return [...callers].some(([caller, hasOwn]) => caller === own || !hasOwn);
  }

  /** By member and struct: the parts of the kernel with such calls, and whether they also have functions in that member. */
  private atomicCallersOfMembers(): ReadonlyMap<number, Map<string, boolean>> {
    const { graph } = this;
    const found = new Map<number, Map<string, boolean>>();
    for (let call = 0; call < graph.callCount; call++) {
      const struct = graph.viaOf(call) === Via.Member && (graph.heldAt(call) & ATOMIC_BITS) !== 0 ? graph.receiverOf(call) : 0;
      if (struct === 0) continue;
      const key = memberKey(struct, graph.calleeOf(call));
      const callers = found.get(key) ?? new Map<string, boolean>();
      found.set(key, callers.set(subsystemOf(graph.pathOf(graph.callerOf(call))), false));
    }
    for (let index = 0; index < graph.mentionCount; index++) {
      const member = graph.memberOfMention(index);
      const callers = member === 0 ? undefined : found.get(memberKey(graph.mention(index).owner, member));
      const part = callers && subsystemOf(graph.files[graph.fileOfMention(index)]!);
      if (part !== undefined && callers?.has(part)) callers.set(part, true);
    }
    return found;
  }

  /** Who is passed a function and only calls it, where it holds nothing, calls it where it is passed: `bus_for_each_dev(bus, NULL, r, ring_match)`. */
  private addIterated(index: number, { owner, slot, call }: GraphMention, entries: Entry[]): boolean {
    const { graph } = this;
    const inner = this.iterated.get(index);
    if (inner === undefined || call < 0) return false;
    const isPlain = inner.every((one) => {
      const iterator = graph.callerOf(one.call);
      return (
        graph.nameOf(iterator) === owner && (one.held & ATOMIC_BITS) === 0 && this.isUndisturbed(one.call) && !this.handsOn(iterator, slot)
      );
    });
    if (isPlain && !entries.some((entry) => entry.call === call)) entries.push({ call, mention: -1 });
    return isPlain;
  }

  private handsOn(fn: number, parameter: number): boolean {
    const { graph } = this;
    let found = false;
    const end = graph.callsEnd(fn);
    for (let call = graph.callsFrom(fn); call < end && !found; call++)
      graph.eachPassedOn(call, (_, one) => {
        found ||= one === parameter;
      });
    return found;
  }

  /**
   * Calls through the member, whatever the structure: more than can reach the function, those nearest to it first. False when there are none, or
   * too many.
   */
  private addCallsThrough(fn: number, member: number, entries: Entry[]): boolean {
    const calls = this.relevance.members.callsThrough(member);
    if (calls.length === 0 || calls.length > MAX_CALLS_THROUGH) return false;
    const path = this.graph.pathOf(fn);
    const distance = new Map(calls.map((call) => [call, -sharedLength(path, this.graph.pathOf(this.graph.callerOf(call)))]));
    for (const call of [...calls].sort((a, b) => distance.get(a)! - distance.get(b)!))
      if (!entries.some((entry) => entry.call === call)) entries.push({ call, mention: -1 });
    return true;
  }

  private means(file: number, name: number, fn: number): boolean {
    return this.resolution.of(file, name).functions.includes(fn);
  }
}

/** Letters that two paths begin with. */
function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

import { Chains } from '../../base/chains';
import { addTo } from '../../base/listsByKey';
import { type Act, type Entered, MentionUse, Via } from '../../facts/linkage/linkage';
import type { KernelModel } from '../../kernel/model';
import type { Callbacks } from './callbacks';
import type { ProgramGraph } from './graph';
import { MemberCalls } from './memberCalls';
import type { NameResolution } from './nameResolution';
import { parameterCalls } from './parameterCalls';

/** A function that a call reaches. `mention`: it is an argument that the callee calls, or -1. */
export interface Target {
  readonly fn: number;
  readonly sure: boolean;
  readonly mention: number;
}

/** A function passed to another one that calls it at `call`, while `held` is held. */
export interface Iterated {
  readonly call: number;
  readonly held: Entered;
  readonly mention: number;
  readonly fn: number;
}

const NONE: readonly Target[] = [];

/** Which functions can reach a call of interest; everything else in the tree need not be looked at. */
export class Relevance {
  readonly iterated: Iterated[] = [];
  private readonly relevant: Uint8Array;
  private readonly relevantName: Uint8Array;
  /** Functions passed as arguments of a call that calls them, by that call. */
  private readonly passedFunctions = new Map<number, Target[]>();
  /** Of calls that may reach several functions. */
  private readonly targets = new Map<number, readonly Target[]>();
  /** For each function the answer that is it alone, twice: sure or not. */
  private readonly alone: (readonly Target[] | undefined)[] = [];
  /** Names whose behaviour the model knows: what happens inside of them is not looked at. */
  readonly catalogued: ReadonlySet<number>;
  /** Calls through pointers in structures. */
  readonly members: MemberCalls;
  private readonly relevantMember: Uint8Array;
  private readonly callsOfName: Chains;

  constructor(
    private readonly graph: ProgramGraph,
    private readonly resolution: NameResolution,
    callbacks: Callbacks,
    model: KernelModel,
    acts: readonly Act[],
    /** What no file at hand stores in a member, nobody does. */
    private readonly complete: boolean,
  ) {
    this.catalogued = cataloguedNames(graph, model);
    this.relevant = new Uint8Array(graph.functionCount);
    this.relevantName = new Uint8Array(graph.names.size);
    this.relevantMember = new Uint8Array(graph.names.size);
    this.callsOfName = new Chains(graph.names.size, graph.callCount, (call) =>
      graph.viaOf(call) === Via.Name ? graph.calleeOf(call) : -1,
    );
    this.members = new MemberCalls(graph, resolution, callbacks);
    this.findPassedFunctions();
    this.mark(acts);
  }

  isRelevant(fn: number): boolean {
    return this.relevant[fn] === 1;
  }

  /** Whether a call can lead to a call of interest. */
  isCallRelevant(call: number): boolean {
    if (this.passedFunctions.has(call)) return true;
    const via = this.graph.viaOf(call);
    if (via === Via.Name) return this.relevantName[this.graph.calleeOf(call)] === 1;
    return via === Via.Member && this.relevantMember[this.graph.calleeOf(call)] === 1;
  }

  /** The relevant functions a call reaches. */
  targetsOf(call: number): readonly Target[] {
    const { graph } = this;
    if (graph.viaOf(call) === Via.Name && !this.passedFunctions.has(call)) {
      const { functions, ambiguous } = this.resolution.of(graph.fileOf(graph.callerOf(call)), graph.calleeOf(call));
      if (functions.length === 0) return NONE;
      if (functions.length === 1) return this.only(functions[0]!, !ambiguous && !graph.isOneOfMany(call));
    }
    let known = this.targets.get(call);
    if (!known) this.targets.set(call, (known = this.findTargets(call)));
    return known;
  }

  /** Calls `visit` with every call of a name. */
  eachCallOf(name: number, visit: (call: number) => void): void {
    for (let call = this.callsOfName.first(name); call >= 0; call = this.callsOfName.next(call)) visit(call);
  }

  private only(fn: number, sure: boolean): readonly Target[] {
    if (!this.isRelevant(fn)) return NONE;
    return (this.alone[fn * 2 + Number(sure)] ??= [{ fn, sure, mention: -1 }]);
  }

  private findTargets(call: number): readonly Target[] {
    const { graph } = this;
    const passed = (this.passedFunctions.get(call) ?? NONE).filter(({ fn }) => this.isRelevant(fn));
    if (graph.viaOf(call) === Via.Member) return this.storedTargets(call);
    if (graph.viaOf(call) !== Via.Name) return passed;
    const caller = graph.callerOf(call);
    const { functions, ambiguous } = this.resolution.of(graph.fileOf(caller), graph.calleeOf(call));
    const direct = functions
      .filter((fn) => this.isRelevant(fn))
      .map((fn) => ({ fn, sure: !ambiguous && !graph.isOneOfMany(call), mention: -1 }));
    return passed.length === 0 ? direct : [...direct, ...passed];
  }

  /** The one function of the caller's folder that is stored in the member is the one that is called; of several, or from afar, each may be. */
  private storedTargets(call: number): readonly Target[] {
    const { graph } = this;
    const caller = graph.callerOf(call);
    const stored = this.members.targetsOf(call).filter(({ fn }) => fn !== caller);
    const [first] = stored;
    const isAlone = first !== undefined && stored.every(({ fn }) => fn === first.fn) && !graph.isOneOfMany(call);
    const sure = this.complete && isAlone && this.members.isMeant(call, first);
    return stored.filter(({ fn }) => this.isRelevant(fn)).map(({ fn }) => ({ fn, sure, mention: -1 }));
  }

  /** Functions passed to a function that calls them itself, as an iterator does. */
  private findPassedFunctions(): void {
    const { graph } = this;
    const calling = parameterCalls(graph, this.resolution);
    for (let index = 0; index < graph.mentionCount; index++) {
      if (graph.useOfMention(index) !== MentionUse.Call) continue;
      const mention = graph.mention(index);
      if (mention.call < 0 || !calling.names.has(mention.owner)) continue;
      const { functions, ambiguous } = this.resolution.of(mention.file, mention.owner);
      const passed = this.resolution.of(mention.file, mention.name).functions;
      for (const callee of functions) {
        for (const { call, parameter, held } of calling.byFunction.get(callee) ?? []) {
          if (parameter !== mention.slot) continue;
          for (const fn of passed) this.notePassed(mention.call, { call, held, mention: index, fn }, !ambiguous);
        }
      }
    }
  }

  private notePassed(call: number, iterated: Iterated, sure: boolean): void {
    const { fn, mention } = iterated;
    const known = this.passedFunctions.get(call) ?? [];
    if (!known.some((target) => target.fn === fn)) known.push({ fn, sure, mention });
    this.passedFunctions.set(call, known);
    if (sure) this.iterated.push(iterated);
  }

  /** Marks functions with a call of interest, and upwards whatever calls something of that name. */
  private mark(acts: readonly Act[]): void {
    const { graph } = this;
    const names: number[] = [];
    const members: number[] = [];
    const markFunction = (fn: number): void => {
      if (this.relevant[fn] === 1) return;
      this.relevant[fn] = 1;
      const name = graph.nameOf(fn);
      for (const member of this.members.membersHolding(name)) {
        if (this.relevantMember[member] === 1) continue;
        this.relevantMember[member] = 1;
        members.push(member);
      }
      if (this.relevantName[name] === 1 || this.catalogued.has(name)) return;
      this.relevantName[name] = 1;
      names.push(name);
    };
    for (let call = 0; call < graph.callCount; call++) if (acts.includes(graph.actOf(call))) markFunction(graph.callerOf(call));
    for (const fn of graph.frees.keys()) markFunction(fn);
    const passing = this.passingByName();
    while (names.length + members.length > 0) {
      const member = members.pop();
      if (member !== undefined) {
        for (const call of this.members.callsThrough(member))
          if (this.members.targetsOf(call).length > 0) markFunction(graph.callerOf(call));
        continue;
      }
      const name = names.pop()!;
      this.eachCallOf(name, (call) => markFunction(graph.callerOf(call)));
      for (const fn of passing.get(name) ?? []) markFunction(fn);
    }
  }

  /** Functions that pass a function of a name to one that calls it. */
  private passingByName(): Map<number, number[]> {
    const passing = new Map<number, number[]>();
    for (const [call, targets] of this.passedFunctions) {
      for (const { fn } of targets) addTo(passing, this.graph.nameOf(fn), this.graph.callerOf(call));
    }
    return passing;
  }
}

function cataloguedNames(graph: ProgramGraph, model: KernelModel): ReadonlySet<number> {
  const names = new Set<number>();
  for (const row of model.functions.all) if (row.sleeps !== 'unknown') names.add(graph.names.find(row.name));
  for (const row of model.contexts.functions) names.add(graph.names.find(row.name));
  names.delete(0);
  return names;
}

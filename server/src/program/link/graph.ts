import { hashStep, Interner } from '../../base/interner';
import { type Act, Entered, type Linkage, MASK_PARAMETER, MentionUse, Via } from '../../facts/linkage/linkage';
import type { MemoryRecord } from '../../facts/linkage/memoryRecord';
import {
  ACT_MASK,
  CallBits,
  CONSTANT_BASE,
  constantOf,
  FILE_FIELDS,
  FUNCTION_FIELDS,
  HOLDER_FIELDS,
  INIT_BIT,
  LEAVES_SHIFT,
  LINKAGE_MASK,
  MAY_LEAVE_SHIFT,
  MEMORY_FIELDS,
  MENTION_FIELDS,
  POSITION_SHIFT,
  type Shard,
} from './shard';

/** Numbers of a list that grows; read with `at`, written at the end. */
class Numbers {
  values = new Int32Array(1 << 16);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Int32Array(this.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }
}

/** Parameters of guards that stand for no parameter. */
const UNKNOWN_LOCK = -2;
const ONE_OF_MANY = -4;

/** One file of a shard, whose names have got ids of the graph. */
interface ShardFile {
  readonly path: string;
  readonly data: Int32Array;
  readonly start: number;
  readonly ids: Int32Array;
}

/**
 * All functions of a tree with their calls, as numbers: functions, calls and mentions are counted through, names are ids of one interner.
 * Built once from shards and never changed afterwards.
 */
export class ProgramGraph {
  readonly names = new Interner();
  /** Paths, in the order of their spelling. */
  readonly files: string[] = [];

  /** By file. */
  private readonly firstFunction = new Numbers();
  // by function
  private readonly functionName = new Numbers();
  private readonly functionFile = new Numbers();
  private readonly functionOffset = new Numbers();
  private readonly functionFlags = new Numbers();
  private readonly firstCall = new Numbers();
  private readonly firstMention = new Numbers();
  // by call
  private readonly callName = new Numbers();
  private readonly callOffset = new Numbers();
  private readonly callFlags = new Numbers();
  /** Where the rest of a call stands in `extras`; -1 for calls without one. */
  private readonly callExtra = new Numbers();
  private readonly callFunction = new Numbers();
  private readonly extras = new Numbers();
  // by mention; those of files, then of functions, are told apart by their function number (-1: none)
  private readonly mentions = new Numbers();
  private readonly mentionFile = new Numbers();
  private readonly mentionScope = new Numbers();
  /** Memory records: the file's number, then what the shard has. */
  private readonly memory = new Numbers();
  private readonly freesOf = new Map<number, readonly number[]>();
  private functionsOfName: Int32Array | undefined;
  private nextOfName: Int32Array | undefined;

  private constructor() {}

  /**
   * The files of all shards, by path. Workers hand in their shards when they are done, so their order is chance; which of two chains of
   * one length is shown, or which of two places is nearest, must not be.
   */
  static of(shards: readonly Shard[]): ProgramGraph {
    const graph = new ProgramGraph();
    const files: ShardFile[] = [];
    for (const { names, nameCount, data, starts } of shards) {
      const ids = graph.internNames(names, nameCount);
      for (const start of starts) files.push({ path: graph.names.text(ids[data[start]!]!), data, start, ids });
    }
    files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    for (const file of files) graph.addFile(file);
    return graph;
  }

  private addFile({ path, data, start, ids }: ShardFile): void {
    const file = this.files.length;
    this.files.push(path);
    this.firstFunction.push(this.functionName.length);
    const functions = data[start + 1]!;
    const mentions = data[start + 2]!;
    let at = start + FILE_FIELDS;
    for (let i = 0; i < functions; i++) at = this.addFunction(data, at, ids, file);
    for (let i = 0; i < mentions; i++) at = this.addMention(data, at, ids, file, -1);
    const records = data[start + 3]!;
    for (let i = 0; i < records; i++, at += MEMORY_FIELDS) this.addMemory(file, ids[data[at]!]!, data[at + 1]!, data[at + 2]!);
    this.markFrees(file, data.subarray(at, at + data[start + 4]!));
  }

  private internNames(names: Uint8Array, nameCount: number): Int32Array {
    const ids = new Int32Array(nameCount + 1);
    let at = 0;
    for (let i = 1; i <= nameCount; i++) {
      const length = names[at]! | (names[at + 1]! << 8);
      at += 2;
      let hash = 0;
      for (let byte = at; byte < at + length; byte++) hash = hashStep(hash, names[byte]!);
      ids[i] = this.names.internBytes(names, at, at + length, hash);
      at += length;
    }
    return ids;
  }

  private addFunction(data: Int32Array, start: number, ids: Int32Array, file: number): number {
    const fn = this.functionName.length;
    this.functionName.push(ids[data[start]!]!);
    this.functionFile.push(file);
    this.functionOffset.push(data[start + 1]!);
    this.functionFlags.push(data[start + 2]!);
    this.firstCall.push(this.callName.length);
    this.firstMention.push(this.mentions.length / MENTION_FIELDS);
    const calls = data[start + 3]!;
    const mentions = data[start + 4]!;
    let at = start + FUNCTION_FIELDS;
    for (let i = 0; i < calls; i++) at = this.addCall(data, at, ids, fn);
    for (let i = 0; i < mentions; i++) at = this.addMention(data, at, ids, file, fn);
    return at;
  }

  private addCall(data: Int32Array, start: number, ids: Int32Array, fn: number): number {
    const flags = data[start + 2]!;
    const isParameter = ((flags >> CallBits.via.shift) & CallBits.via.mask) === Via.Parameter;
    this.callName.push(isParameter ? data[start]! : ids[data[start]!]!);
    this.callOffset.push(data[start + 1]!);
    this.callFlags.push(flags);
    this.callFunction.push(fn);
    let at = start + 3;
    const first = this.extras.length;
    if ((flags & CallBits.hasHolder) !== 0) {
      this.extras.push(ids[data[at]!]!);
      this.extras.push(ids[data[at + 1]!]!);
      this.extras.push(data[at + 2]!);
      this.extras.push(ids[data[at + 3]!]!);
      at += HOLDER_FIELDS;
    }
    if ((flags & CallBits.hasGuards) !== 0) at = this.copyList(data, at);
    if ((flags & CallBits.hasConstants) !== 0) this.extras.push(data[at++]!);
    if ((flags & CallBits.hasPassedOn) !== 0) at = this.copyList(data, at);
    this.callExtra.push(this.extras.length === first ? -1 : first);
    return at;
  }

  private addMemory(...record: readonly number[]): void {
    for (const value of record) this.memory.push(value);
  }

  private copyList(data: Int32Array, at: number): number {
    const count = data[at]!;
    for (let i = 0; i <= count; i++) this.extras.push(data[at + i]!);
    return at + count + 1;
  }

  private addMention(data: Int32Array, at: number, ids: Int32Array, file: number, scope: number): number {
    const use = data[at + 2]!;
    this.mentions.push(ids[data[at]!]!);
    this.mentions.push(data[at + 1]!);
    this.mentions.push(use);
    this.mentions.push(ids[data[at + 3]!]!);
    this.mentions.push(use === MentionUse.Member || use === MentionUse.Excused ? ids[data[at + 4]!]! : data[at + 4]!);
    this.mentions.push(data[at + 5]!);
    this.mentionFile.push(file);
    this.mentionScope.push(scope);
    return at + MENTION_FIELDS;
  }

  /** Says that a file frees memory at these offsets which could come from kvmalloc(): kvfree() in the place of kfree() may sleep. */
  markFrees(file: number, offsets: Iterable<number>): void {
    const first = this.firstFunction.values[file]!;
    const end = file + 1 < this.firstFunction.length ? this.firstFunction.values[file + 1]! : this.functionName.length;
    for (const offset of offsets) {
      let owner = -1;
      for (let fn = first; fn < end; fn++)
        if (this.offsetOf(fn) < offset && (owner < 0 || this.offsetOf(fn) > this.offsetOf(owner))) owner = fn;
      if (owner >= 0) this.freesOf.set(owner, [...new Set([...(this.freesOf.get(owner) ?? []), offset])]);
    }
  }

  /** The offsets of {@link markFrees} by function. */
  get frees(): ReadonlyMap<number, readonly number[]> {
    return this.freesOf;
  }

  /** Calls `visit` with all memory records, file by file. */
  eachMemoryRecord(visit: (file: number, record: MemoryRecord) => void): void {
    const { values, length } = this.memory;
    for (let at = 0; at < length; at += MEMORY_FIELDS + 1)
      visit(values[at]!, {
        member: values[at + 1]!,
        act: values[at + 2]! & ACT_MASK,
        families: values[at + 3]!,
        position: values[at + 2]! >> POSITION_SHIFT,
      });
  }

  // ── functions ────────────────────────────────────────────────────────────────────────────────

  get functionCount(): number {
    return this.functionName.length;
  }

  get callCount(): number {
    return this.callName.length;
  }

  get mentionCount(): number {
    return this.mentionFile.length;
  }

  nameOf(fn: number): number {
    return this.functionName.values[fn]!;
  }

  textOf(fn: number): string {
    return this.names.text(this.nameOf(fn));
  }

  fileOf(fn: number): number {
    return this.functionFile.values[fn]!;
  }

  pathOf(fn: number): string {
    return this.files[this.fileOf(fn)]!;
  }

  offsetOf(fn: number): number {
    return this.functionOffset.values[fn]!;
  }

  linkageOf(fn: number): Linkage {
    return this.functionFlags.values[fn]! & LINKAGE_MASK;
  }

  /** What the caller holds when the function returns: on every path, and on some. */
  leavesOf(fn: number): Entered {
    return (this.functionFlags.values[fn]! >> LEAVES_SHIFT) & Entered.All;
  }

  mayLeaveOf(fn: number): Entered {
    return (this.functionFlags.values[fn]! >> MAY_LEAVE_SHIFT) & Entered.All;
  }

  isInit(fn: number): boolean {
    return (this.functionFlags.values[fn]! & INIT_BIT) !== 0;
  }

  callsFrom(fn: number): number {
    return this.firstCall.values[fn]!;
  }

  callsEnd(fn: number): number {
    return fn + 1 < this.functionName.length ? this.firstCall.values[fn + 1]! : this.callName.length;
  }

  /** The functions of a name, as a list to be followed with {@link nextNamesake}; -1 ends it. */
  firstNamed(name: number): number {
    if (!this.functionsOfName) this.indexNames();
    return name < this.functionsOfName!.length ? this.functionsOfName![name]! : -1;
  }

  nextNamesake(fn: number): number {
    return this.nextOfName![fn]!;
  }

  private indexNames(): void {
    this.functionsOfName = new Int32Array(this.names.size).fill(-1);
    this.nextOfName = new Int32Array(this.functionCount);
    for (let fn = this.functionCount - 1; fn >= 0; fn--) {
      const name = this.nameOf(fn);
      this.nextOfName[fn] = this.functionsOfName[name]!;
      this.functionsOfName[name] = fn;
    }
  }

  // ── calls ────────────────────────────────────────────────────────────────────────────────────

  /** The called name, or for {@link Via.Parameter} the number of the parameter. */
  calleeOf(call: number): number {
    return this.callName.values[call]!;
  }

  callOffsetOf(call: number): number {
    return this.callOffset.values[call]!;
  }

  callerOf(call: number): number {
    return this.callFunction.values[call]!;
  }

  viaOf(call: number): Via {
    return this.callFlags.values[call]! & CallBits.via.mask;
  }

  actOf(call: number): Act {
    return (this.callFlags.values[call]! >> CallBits.act.shift) & CallBits.act.mask;
  }

  keepsOf(call: number): Entered {
    return (this.callFlags.values[call]! >> CallBits.keeps.shift) & CallBits.keeps.mask;
  }

  heldAt(call: number): Entered {
    return (this.callFlags.values[call]! >> CallBits.held.shift) & CallBits.held.mask;
  }

  maybeAt(call: number): Entered {
    return (this.callFlags.values[call]! >> CallBits.maybe.shift) & CallBits.maybe.mask;
  }

  provesSleep(call: number): boolean {
    return (this.callFlags.values[call]! & CallBits.proven) !== 0;
  }

  /** The event that forbids sleeping at a call, or proves that it is allowed; only where {@link heldAt} or {@link provesSleep} says that there is one. */
  holderAt(call: number): { readonly instance: string; readonly by: string; readonly offset: number; readonly resource: string } {
    const at = this.callExtra.values[call]!;
    const { values } = this.extras;
    return {
      instance: this.names.text(values[at]!),
      by: this.names.text(values[at + 1]!),
      offset: values[at + 2]!,
      resource: this.names.text(values[at + 3]!),
    };
  }

  /** Calls `visit` with each condition on a parameter (-1: something that speaks of sleeping) until it answers false; that answer is returned. */
  everyGuard(call: number, visit: (parameter: number, nonzero: boolean, usual: boolean) => boolean): boolean {
    if ((this.callFlags.values[call]! & CallBits.hasGuards) === 0) return true;
    const { values } = this.extras;
    const at = this.guardsAt(call);
    for (let i = 1; i <= values[at]!; i++) {
      const guard = values[at + i]!;
      if (guard > CONSTANT_BASE && !visit(guard >> 2, (guard & 1) !== 0, (guard & 2) !== 0)) return false;
    }
    return true;
  }

  /** A function that is known by its name only may have locked something before the call. */
  standsBehindUnknownLock(call: number): boolean {
    return !this.everyGuard(call, (parameter) => parameter !== UNKNOWN_LOCK);
  }

  /** The parameter that is the mask of an allocation made where sleeping is forbidden; -1 for all other calls. */
  maskParameterOf(call: number): number {
    let found = -1;
    this.everyGuard(call, (parameter) => {
      if (parameter <= MASK_PARAMETER) found = MASK_PARAMETER - parameter;
      return true;
    });
    return found;
  }

  /** The codes of the named constants that lead to a call when the parameter has one of them (0: other values); none where it does not decide. */
  casesAt(call: number, parameter: number): readonly number[] {
    if ((this.callFlags.values[call]! & CallBits.hasGuards) === 0) return [];
    const at = this.guardsAt(call);
    return this.constantsIn(at, (index) => index === parameter);
  }

  /** Calls `visit` with each parameter of which named constants decide whether a call is made. */
  eachChosen(call: number, visit: (parameter: number) => void): void {
    if ((this.callFlags.values[call]! & CallBits.hasGuards) === 0) return;
    this.constantsIn(this.guardsAt(call), (index) => {
      visit(index);
      return false;
    });
  }

  /** The code of the named constant that is passed at a position; 0 for none. */
  namedConstantAt(call: number, position: number): number {
    if ((this.callFlags.values[call]! & CallBits.hasPassedOn) === 0) return 0;
    return this.constantsIn(this.passedOnList(call), (index) => index === position)[0] ?? 0;
  }

  private constantsIn(list: number, wanted: (index: number) => boolean): readonly number[] {
    const { values } = this.extras;
    const codes: number[] = [];
    for (let i = 1; i <= values[list]!; i++) {
      const constant = constantOf(values[list + i]!);
      if (constant !== undefined && wanted(constant.index)) codes.push(constant.code);
    }
    return codes;
  }

  /** The pointer that is called holds one of several functions. */
  isOneOfMany(call: number): boolean {
    return !this.everyGuard(call, (parameter) => parameter !== ONE_OF_MANY);
  }

  /** What a call passes at a position: 1 zero, 2 another constant, 0 not known. */
  constantAt(call: number, position: number): number {
    if ((this.callFlags.values[call]! & CallBits.hasConstants) === 0 || position >= 16) return 0;
    const bits = this.extras.values[this.constantsAt(call)]!;
    if (((bits >> position) & 1) !== 0) return 1;
    return ((bits >>> 16) >> position) & 1 ? 2 : 0;
  }

  /** Parameter of the caller that is handed on at a position; -1 for none. */
  passedOnAt(call: number, position: number): number {
    if ((this.callFlags.values[call]! & CallBits.hasPassedOn) === 0) return -1;
    const { values } = this.extras;
    const at = this.passedOnList(call);
    for (let i = 1; i <= values[at]!; i++)
      if (values[at + i]! > CONSTANT_BASE && values[at + i]! >> 8 === position) return values[at + i]! & 255;
    return -1;
  }

  /** Calls `visit` with each parameter that is handed on, and where. */
  eachPassedOn(call: number, visit: (position: number, parameter: number) => void): void {
    if ((this.callFlags.values[call]! & CallBits.hasPassedOn) === 0) return;
    const { values } = this.extras;
    const at = this.passedOnList(call);
    for (let i = 1; i <= values[at]!; i++) if (values[at + i]! > CONSTANT_BASE) visit(values[at + i]! >> 8, values[at + i]! & 255);
  }

  private guardsAt(call: number): number {
    return this.callExtra.values[call]! + ((this.callFlags.values[call]! & CallBits.hasHolder) !== 0 ? HOLDER_FIELDS : 0);
  }

  private constantsAt(call: number): number {
    const at = this.guardsAt(call);
    return (this.callFlags.values[call]! & CallBits.hasGuards) !== 0 ? at + 1 + this.extras.values[at]! : at;
  }

  private passedOnList(call: number): number {
    const at = this.constantsAt(call);
    return (this.callFlags.values[call]! & CallBits.hasConstants) !== 0 ? at + 1 : at;
  }

  // ── mentions ─────────────────────────────────────────────────────────────────────────────────

  /** The member that the n-th mention stores its function in; 0 for other uses. */
  memberOfMention(index: number): number {
    const { values } = this.mentions;
    const at = index * MENTION_FIELDS;
    return values[at + 2] === MentionUse.Member ? values[at + 4]! : 0;
  }

  useOfMention(index: number): MentionUse {
    return this.mentions.values[index * MENTION_FIELDS + 2]!;
  }

  fileOfMention(index: number): number {
    return this.mentionFile.values[index]!;
  }

  nameOfMention(index: number): number {
    return this.mentions.values[index * MENTION_FIELDS]!;
  }

  /** Everything about the n-th mention. `scope`: the function it stands in, or -1. */
  mention(index: number): GraphMention {
    const { values } = this.mentions;
    const at = index * MENTION_FIELDS;
    const scope = this.mentionScope.values[index]!;
    const call = values[at + 5]!;
    return {
      name: values[at]!,
      offset: values[at + 1]!,
      use: values[at + 2]!,
      owner: values[at + 3]!,
      slot: values[at + 4]!,
      call: call < 0 || scope < 0 ? -1 : this.callsFrom(scope) + call,
      file: this.mentionFile.values[index]!,
      scope,
    };
  }
}

export interface GraphMention {
  readonly name: number;
  readonly offset: number;
  readonly use: MentionUse;
  readonly owner: number;
  readonly slot: number;
  /** The call it is an argument of, or -1. */
  readonly call: number;
  readonly file: number;
  readonly scope: number;
}

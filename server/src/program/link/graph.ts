import { Chains } from '../../base/chains';
import type { Interner } from '../../base/interner';
import { type Act, Entered, GuardOn, hasReceiver, type Linkage, MentionUse, type Via } from '../../facts/linkage/linkage';
import type { MemoryRecord } from '../../facts/linkage/memoryRecord';
import { Known } from './choiceSets';
import { type CodedTest, flagOfPlace, parameterOfPlace, testOf, VALUE_BASE } from './codedTest';
import { type GraphTables, graphTables } from './graphTables';
import { MemberOwners } from './memberOwners';
import {
  ACT_MASK,
  CallBits,
  CONSTANT_BASE,
  constantOf,
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

/**
 * All functions of a tree with their calls, as numbers: functions, calls and mentions are counted through, names are ids of one interner.
 * Built once from shards; only what is freed where may be added afterwards.
 */
export class ProgramGraph {
  readonly names: Interner;
  /** Paths, in the order of their spelling. */
  readonly files: readonly string[];
  private readonly freesOf = new Map<number, readonly number[]>();
  private functionsOfName: Chains | undefined;
  private readonly owners: MemberOwners;

  private constructor(private readonly tables: GraphTables) {
    this.names = tables.names;
    this.files = tables.files;
    this.owners = new MemberOwners(tables.names, tables.types);
    for (const [file, offsets] of tables.frees) this.markFrees(file, offsets);
  }

  /** The files of all shards, in whatever order these come. */
  static of(shards: readonly Shard[]): ProgramGraph {
    return new ProgramGraph(graphTables(shards));
  }

  /** Says that a file frees memory at these offsets which could come from kvmalloc(): kvfree() in the place of kfree() may sleep. */
  markFrees(file: number, offsets: Iterable<number>): void {
    const first = this.tables.firstFunction[file]!;
    const end = file + 1 < this.tables.firstFunction.length ? this.tables.firstFunction[file + 1]! : this.tables.functionName.length;
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
    const { memory: values } = this.tables;
    const { length } = values;
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
    return this.tables.functionName.length;
  }

  get callCount(): number {
    return this.tables.callName.length;
  }

  get mentionCount(): number {
    return this.tables.mentionFile.length;
  }

  nameOf(fn: number): number {
    return this.tables.functionName[fn]!;
  }

  textOf(fn: number): string {
    return this.names.text(this.nameOf(fn));
  }

  fileOf(fn: number): number {
    return this.tables.functionFile[fn]!;
  }

  pathOf(fn: number): string {
    return this.files[this.fileOf(fn)]!;
  }

  offsetOf(fn: number): number {
    return this.tables.functionOffset[fn]!;
  }

  linkageOf(fn: number): Linkage {
    return this.tables.functionFlags[fn]! & LINKAGE_MASK;
  }

  /** What the caller holds when the function returns: on every path, and on some. */
  leavesOf(fn: number): Entered {
    return (this.tables.functionFlags[fn]! >> LEAVES_SHIFT) & Entered.All;
  }

  mayLeaveOf(fn: number): Entered {
    return (this.tables.functionFlags[fn]! >> MAY_LEAVE_SHIFT) & Entered.All;
  }

  isInit(fn: number): boolean {
    return (this.tables.functionFlags[fn]! & INIT_BIT) !== 0;
  }

  callsFrom(fn: number): number {
    return this.tables.firstCall[fn]!;
  }

  callsEnd(fn: number): number {
    return fn + 1 < this.tables.functionName.length ? this.tables.firstCall[fn + 1]! : this.tables.callName.length;
  }

  /** The functions of a name, as a list to be followed with {@link nextNamesake}; -1 ends it. */
  firstNamed(name: number): number {
    return this.namesakes.first(name);
  }

  nextNamesake(fn: number): number {
    return this.namesakes.next(fn);
  }

  /** Whether the tree has another function of that name. */
  hasNamesake(fn: number): boolean {
    return this.nextNamesake(this.firstNamed(this.nameOf(fn))) >= 0;
  }

  private get namesakes(): Chains {
    this.functionsOfName ??= new Chains(this.names.size, this.functionCount, (fn) => this.nameOf(fn));
    return this.functionsOfName;
  }

  // ── calls ────────────────────────────────────────────────────────────────────────────────────

  /** The called name, or for {@link Via.Parameter} the number of the parameter. */
  calleeOf(call: number): number {
    return this.tables.callName[call]!;
  }

  callOffsetOf(call: number): number {
    return this.tables.callOffset[call]!;
  }

  callerOf(call: number): number {
    return this.tables.callFunction[call]!;
  }

  viaOf(call: number): Via {
    return this.tables.callFlags[call]! & CallBits.via.mask;
  }

  /** The tag of the struct through whose member a call goes, or in which it stores; 0 where it is not known, and for all other calls. */
  receiverOf(call: number): number {
    return hasReceiver(this.viaOf(call)) ? this.owners.tagOf(this.tables.extras[this.tables.callExtra[call]!]!) : 0;
  }

  /** Whether several structs of the tree have the tag. */
  isTagOfSeveral(tag: number): boolean {
    return this.owners.isOfSeveral(tag);
  }

  actOf(call: number): Act {
    return (this.tables.callFlags[call]! >> CallBits.act.shift) & CallBits.act.mask;
  }

  keepsOf(call: number): Entered {
    return (this.tables.callFlags[call]! >> CallBits.keeps.shift) & CallBits.keeps.mask;
  }

  heldAt(call: number): Entered {
    return (this.tables.callFlags[call]! >> CallBits.held.shift) & CallBits.held.mask;
  }

  maybeAt(call: number): Entered {
    return (this.tables.callFlags[call]! >> CallBits.maybe.shift) & CallBits.maybe.mask;
  }

  provesSleep(call: number): boolean {
    return (this.tables.callFlags[call]! & CallBits.proven) !== 0;
  }

  /** The event that forbids sleeping at a call, or proves that it is allowed; only where {@link heldAt} or {@link provesSleep} says that there is one. */
  holderAt(call: number): { readonly instance: string; readonly by: string; readonly offset: number; readonly resource: string } {
    const at = this.holderPlace(call);
    const { extras: values } = this.tables;
    return {
      instance: this.names.text(values[at]!),
      by: this.names.text(values[at + 1]!),
      offset: values[at + 2]!,
      resource: this.names.text(values[at + 3]!),
    };
  }

  /** Calls `visit` with each condition, on a parameter or what {@link GuardOn} says, until it answers false; that answer is returned. */
  everyGuard(call: number, visit: (parameter: number, nonzero: boolean, usual: boolean) => boolean): boolean {
    if ((this.tables.callFlags[call]! & CallBits.hasGuards) === 0) return true;
    const { extras: values } = this.tables;
    const at = this.guardsAt(call);
    for (let i = 1; i <= values[at]!; i++) {
      const guard = values[at + i]!;
      if (guard > CONSTANT_BASE && guard < VALUE_BASE && !visit(guard >> 2, (guard & 1) !== 0, (guard & 2) !== 0)) return false;
    }
    return true;
  }

  /** A function that is known by its name only may have locked something before the call. */
  standsBehindUnknownLock(call: number): boolean {
    return !this.everyGuard(call, (parameter) => parameter !== GuardOn.UnknownLock);
  }

  /** The parameter that is the mask of an allocation made where sleeping is forbidden; -1 for all other calls. */
  maskParameterOf(call: number): number {
    let found = -1;
    this.everyGuard(call, (parameter) => {
      if (parameter <= GuardOn.Mask) found = GuardOn.Mask - parameter;
      return true;
    });
    return found;
  }

  /** The codes of the named constants that lead to a call when the parameter has one of them (0: other values); none where it does not decide. */
  casesAt(call: number, parameter: number): readonly number[] {
    if ((this.tables.callFlags[call]! & CallBits.hasGuards) === 0) return [];
    const at = this.guardsAt(call);
    return this.constantsIn(at, (index) => index === parameter);
  }

  /** Calls `visit` with each parameter of which named constants decide whether a call is made. */
  eachChosen(call: number, visit: (parameter: number) => void): void {
    if ((this.tables.callFlags[call]! & CallBits.hasGuards) === 0) return;
    this.constantsIn(this.guardsAt(call), (index) => {
      visit(index);
      return false;
    });
  }

  /** The code of the named constant that is passed at a position; 0 for none. */
  namedConstantAt(call: number, position: number): number {
    if (!this.mayPassOn(call)) return 0;
    return this.constantsIn(this.passedOnList(call), (index) => index === position)[0] ?? 0;
  }

  private constantsIn(list: number, wanted: (index: number) => boolean): readonly number[] {
    const { extras: values } = this.tables;
    const codes: number[] = [];
    for (let i = 1; i <= values[list]!; i++) {
      const constant = constantOf(values[list + i]!);
      if (constant !== undefined && wanted(constant.index)) codes.push(constant.code);
    }
    return codes;
  }

  /** The pointer that is called holds one of several functions. */
  isOneOfMany(call: number): boolean {
    return !this.everyGuard(call, (parameter) => parameter !== GuardOn.OneOfMany);
  }

  /** Whether a call passes zero at a position, or a constant that is not zero. Which one tells {@link namedConstantAt}. */
  constantAt(call: number, position: number): Known.Nothing | Known.Zero | Known.Nonzero {
    if ((this.tables.callFlags[call]! & CallBits.hasConstants) === 0 || position >= 16) return Known.Nothing;
    const bits = this.tables.extras[this.constantsAt(call)]!;
    if (((bits >> position) & 1) !== 0) return Known.Zero;
    return ((bits >>> 16) >> position) & 1 ? Known.Nonzero : Known.Nothing;
  }

  /** Parameter of the caller that is handed on at a position; -1 for none. */
  passedOnAt(call: number, position: number): number {
    if (!this.mayPassOn(call)) return -1;
    const { extras: values } = this.tables;
    const at = this.passedOnList(call);
    for (let i = 1; i <= values[at]!; i++)
      if (isPassedOn(values[at + i]!) && values[at + i]! >> 8 === position) return values[at + i]! & 255;
    return -1;
  }

  /** False for calls that hand no parameter on, as most do. */
  mayPassOn(call: number): boolean {
    return (this.tables.callFlags[call]! & CallBits.hasPassedOn) !== 0;
  }

  /** Calls `visit` with each parameter that is handed on, and where. */
  eachPassedOn(call: number, visit: (position: number, parameter: number) => void): void {
    if (!this.mayPassOn(call)) return;
    const { extras: values } = this.tables;
    const at = this.passedOnList(call);
    for (let i = 1; i <= values[at]!; i++) if (isPassedOn(values[at + i]!)) visit(values[at + i]! >> 8, values[at + i]! & 255);
  }

  /** Calls `visit` with what the conditions around a call say of members and of bits of parameters. */
  eachTest(call: number, visit: (test: CodedTest) => void): void {
    if ((this.tables.callFlags[call]! & CallBits.hasGuards) === 0) return;
    const { extras: values } = this.tables;
    const at = this.guardsAt(call);
    for (let i = 1; i <= values[at]!; i++) if (values[at + i]! >= VALUE_BASE) visit(testOf(values[at + i]!));
  }

  /** Whether the flag is among the named constants that are ORed together, or stand alone, at a position; undefined where something else stands there. */
  hasFlagAt(call: number, position: number, flag: number): boolean | undefined {
    if (!this.mayPassOn(call)) return undefined;
    const alone = this.namedConstantAt(call, position);
    if (alone !== 0) return alone === flag;
    const { extras: values } = this.tables;
    const at = this.passedOnList(call);
    let answer: boolean | undefined;
    for (let i = 1; i <= values[at]!; i++) {
      const value = values[at + i]!;
      if (value >= VALUE_BASE && parameterOfPlace(value) === position) answer = answer === true || flagOfPlace(value) === flag;
    }
    return answer;
  }

  private guardsAt(call: number): number {
    return this.holderPlace(call) + ((this.tables.callFlags[call]! & CallBits.hasHolder) !== 0 ? HOLDER_FIELDS : 0);
  }

  private holderPlace(call: number): number {
    return this.tables.callExtra[call]! + (hasReceiver(this.viaOf(call)) ? 1 : 0);
  }

  private constantsAt(call: number): number {
    const at = this.guardsAt(call);
    return (this.tables.callFlags[call]! & CallBits.hasGuards) !== 0 ? at + 1 + this.tables.extras[at]! : at;
  }

  private passedOnList(call: number): number {
    const at = this.constantsAt(call);
    return (this.tables.callFlags[call]! & CallBits.hasConstants) !== 0 ? at + 1 : at;
  }

  // ── mentions ─────────────────────────────────────────────────────────────────────────────────

  /** The member that the n-th mention stores its function in; 0 for other uses. */
  memberOfMention(index: number): number {
    const { mentions: values } = this.tables;
    const at = index * MENTION_FIELDS;
    return values[at + 2] === MentionUse.Member ? values[at + 4]! : 0;
  }

  useOfMention(index: number): MentionUse {
    return this.tables.mentions[index * MENTION_FIELDS + 2]!;
  }

  fileOfMention(index: number): number {
    return this.tables.mentionFile[index]!;
  }

  nameOfMention(index: number): number {
    return this.tables.mentions[index * MENTION_FIELDS]!;
  }

  /** Everything about the n-th mention. `scope`: the function it stands in, or -1. */
  mention(index: number): GraphMention {
    const { mentions: values } = this.tables;
    const at = index * MENTION_FIELDS;
    const scope = this.tables.mentionScope[index]!;
    const call = values[at + 5]!;
    const use: MentionUse = values[at + 2]!;
    return {
      name: values[at]!,
      offset: values[at + 1]!,
      use,
      owner: use === MentionUse.Member || use === MentionUse.Handed ? this.owners.tagOf(values[at + 3]!) : values[at + 3]!,
      slot: values[at + 4]!,
      call: call < 0 || scope < 0 ? -1 : this.callsFrom(scope) + call,
      file: this.tables.mentionFile[index]!,
      scope,
    };
  }
}

/** Among what is passed on, neither a constant nor a flag. */
function isPassedOn(value: number): boolean {
  return value > CONSTANT_BASE && value < VALUE_BASE;
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

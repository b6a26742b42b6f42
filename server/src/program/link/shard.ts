import { grown } from '../../base/grown';
import type { Interner } from '../../base/interner';
import type { Held } from '../../facts/held';
import {
  ATOMIC_BITS,
  type FileLinkage,
  type FunctionLinkage,
  hasNamedSlot,
  hasReceiver,
  type LinkedCall,
  type LinkedTest,
  type Mention,
  type NamedConstant,
  Via,
} from '../../facts/linkage/linkage';
import { CODE_BITS, flagPlace, flagTest, memberTest } from './codedTest';

/**
 * The linkage of some files as one block of numbers, to be sent between threads and kept on disk. Names are numbered within the shard:
 * name n is the n-th spelling of `names`, 0 is no name.
 *
 * Layout of `data`: per file its path and the counts of functions, mentions, memory records, frees and member types, then these; per function
 * {@link FUNCTION_FIELDS} numbers, its calls, its mentions; per call three numbers, the struct of one through a member, and what its flags announce.
 */
export interface Shard {
  /** Spellings, each behind its length in two bytes. */
  readonly names: Uint8Array;
  readonly nameCount: number;
  readonly data: Int32Array;
  /** Where each file begins in `data`. */
  readonly starts: readonly number[];
}

/** Parts of a call's third number. */
export const CallBits = {
  via: { shift: 0, mask: 3 },
  act: { shift: 2, mask: 7 },
  keeps: { shift: 5, mask: 255 },
  held: { shift: 13, mask: 255 },
  maybe: { shift: 21, mask: 63 },
  proven: 1 << 27,
  hasHolder: 1 << 28,
  hasGuards: 1 << 29,
  hasConstants: 1 << 30,
  hasPassedOn: 1 << 31,
} as const;

/** path, number of functions, number of mentions, number of memory records, number of frees, number of member types */
export const FILE_FIELDS = 6;
/** symbol, offset, linkage with the init bit and what it leaves held, number of calls, number of mentions */
export const FUNCTION_FIELDS = 5;
export const INIT_BIT = 16;
export const LINKAGE_MASK = 15;
export const LEAVES_SHIFT = 8;
export const MAY_LEAVE_SHIFT = 16;
/** function, offset, use, owner, slot, number of the call it is an argument of, or -1 */
export const MENTION_FIELDS = 6;
/** owner, member, type */
export const TYPE_FIELDS = 3;
/** member, act with the parameter's position, families */
export const MEMORY_FIELDS = 3;
export const ACT_MASK = 255;
export const POSITION_SHIFT = 8;
/** instance, function that took it, offset of that call, resource */
export const HOLDER_FIELDS = 4;

/**
 * Named constants stand among the guards (those a parameter must have) and among what is passed on (arguments): as negative numbers, with a code of the name,
 * because a number of the shard would have to be translated wherever shards are put together.
 */
export const CONSTANT_BASE = -1024;
const INDEX_BITS = 5;

export function constantNumber(code: number, index: number): number {
  return CONSTANT_BASE - ((code << INDEX_BITS) | index);
}

/** The code of a named constant and the index it belongs to; undefined for all other numbers. */
export function constantOf(value: number): { readonly code: number; readonly index: number } | undefined {
  if (value > CONSTANT_BASE) return undefined;
  const packed = CONSTANT_BASE - value;
  return { code: packed >> INDEX_BITS, index: packed & ((1 << INDEX_BITS) - 1) };
}

/** 24 bits that tell names apart; 0 for no name. */
export function nameCode(interner: Interner, symbol: number): number {
  if (interner.lengthOf(symbol) === 0) return 0;
  return Math.imul(interner.hashOf(symbol), 0x9e3779b1) >>> (32 - CODE_BITS) || 1;
}

const INITIAL = 1 << 16;

/** Collects files into a shard. One writer serves one interner; {@link take} empties it. */
export class ShardWriter {
  private data = new Int32Array(INITIAL);
  private length = 0;
  private numbers = new Int32Array(INITIAL);
  private used: number[] = [];
  private starts: number[] = [];
  private lastHolder: { readonly holder: Held; readonly numbers: readonly number[] } | undefined;

  constructor(private readonly interner: Interner) {}

  add(path: string, { functions, mentions, memory, frees, types }: FileLinkage): void {
    this.starts.push(this.length);
    this.put(this.text(path), functions.length, mentions.length, memory.length, frees.length, types.length);
    for (const fn of functions) this.addFunction(fn);
    for (const mention of mentions) this.addMention(mention);
    for (const { member, act, families, position = 0 } of memory) this.put(this.name(member), act | (position << POSITION_SHIFT), families);
    for (const offset of frees) this.put(offset);
    for (const { owner, member, type } of types) this.put(this.nameOrNone(owner), this.nameOrNone(member), this.nameOrNone(type));
  }

  take(): Shard {
    const shard = { names: this.spellings(), nameCount: this.used.length, data: this.data.slice(0, this.length), starts: this.starts };
    for (const symbol of this.used) this.numbers[symbol] = 0;
    this.used = [];
    this.lastHolder = undefined;
    this.starts = [];
    this.length = 0;
    return shard;
  }

  private addFunction({ symbol, offset, linkage, atInit, leaves, mayLeave, calls, mentions }: FunctionLinkage): void {
    const flags = linkage | (atInit ? INIT_BIT : 0) | (leaves << LEAVES_SHIFT) | (mayLeave << MAY_LEAVE_SHIFT);
    this.put(this.name(symbol), offset, flags, calls.length, mentions.length);
    for (const call of calls) this.addCall(call);
    for (const mention of mentions) this.addMention(mention);
  }

  private addCall(call: LinkedCall): void {
    const { via, act, context, zeros, nonzeros, passedOn, constants, cases, flags, compared } = call;
    const { keeps, held, maybe, proof, guards } = context;
    // Where sleeping is forbidden nothing can prove that it is allowed: one place serves both.
    const isProven = (held & ATOMIC_BITS) === 0 && proof !== undefined;
    const holder = held === 0 ? proof : context.holder;
    const hasConstants = (zeros | nonzeros) !== 0;
    const guardCount = guards.length + cases.length + compared.length;
    const passedCount = passedOn.length + constants.length + flags.length;
    this.reserve(3);
    this.data[this.length++] = via === Via.Parameter ? call.symbol : this.name(call.symbol);
    this.data[this.length++] = call.offset;
    this.data[this.length++] =
      via |
      (act << CallBits.act.shift) |
      (keeps << CallBits.keeps.shift) |
      (held << CallBits.held.shift) |
      ((maybe & CallBits.maybe.mask) << CallBits.maybe.shift) |
      (isProven ? CallBits.proven : 0) |
      (holder ? CallBits.hasHolder : 0) |
      (guardCount > 0 ? CallBits.hasGuards : 0) |
      (hasConstants ? CallBits.hasConstants : 0) |
      (passedCount > 0 ? CallBits.hasPassedOn : 0);
    if (hasReceiver(via)) this.put(this.nameOrNone(call.receiver));
    if (holder) this.addHolder(holder);
    if (guardCount > 0) {
      this.put(guardCount);
      for (const { parameter, nonzero, usual } of guards) this.put(parameter * 4 + (nonzero ? 1 : 0) + (usual ? 2 : 0));
      this.putConstants(cases);
      for (const test of compared) this.put(this.testNumber(test));
    }
    if (hasConstants) this.put(zeros | (nonzeros << 16));
    if (passedCount === 0) return;
    this.put(passedCount);
    for (const { position, parameter } of passedOn) this.put((position << 8) | parameter);
    this.putConstants(constants);
    for (const { index, symbol } of flags) this.put(flagPlace(index, nameCode(this.interner, symbol)));
  }

  private testNumber({ parameter, member, constant, equal }: LinkedTest): number {
    const code = nameCode(this.interner, constant);
    return parameter >= 0 ? flagTest(parameter, code, equal) : memberTest(nameCode(this.interner, member), code, equal);
  }

  private putConstants(constants: readonly NamedConstant[]): void {
    for (const { index, symbol } of constants) this.put(constantNumber(nameCode(this.interner, symbol), index));
  }

  private addHolder(holder: Held): void {
    const { instance, by, range, resource } = holder;
    // The calls below one lock share it.
    if (this.lastHolder?.holder !== holder)
      this.lastHolder = { holder, numbers: [this.text(instance), this.text(by), range.start, this.text(resource)] };
    this.put(...this.lastHolder.numbers);
  }

  private addMention(mention: Mention): void {
    const slot = hasNamedSlot(mention.use) ? this.name(mention.slot) : mention.slot;
    this.put(this.name(mention.function), mention.offset, mention.use, this.nameOrNone(mention.owner), slot, mention.call);
  }

  private text(text: string): number {
    return text === '' ? 0 : this.name(this.interner.intern(text));
  }

  private nameOrNone(symbol: number): number {
    return symbol === 0 ? 0 : this.name(symbol);
  }

  /** The shard's number of a name. */
  private name(symbol: number): number {
    if (symbol >= this.numbers.length) this.numbers = grown(this.numbers, Math.max(symbol + 1, this.numbers.length * 2));
    const known = this.numbers[symbol]!;
    if (known !== 0) return known;
    this.used.push(symbol);
    this.numbers[symbol] = this.used.length;
    return this.used.length;
  }

  private put(...values: readonly number[]): void {
    this.reserve(values.length);
    for (const value of values) this.data[this.length++] = value;
  }

  private reserve(count: number): void {
    if (this.length + count > this.data.length) this.data = grown(this.data, Math.max(this.data.length * 2, this.length + count));
  }

  private spellings(): Uint8Array {
    const { interner, used } = this;
    const names = new Uint8Array(used.reduce((sum, symbol) => sum + interner.lengthOf(symbol) + 2, 0));
    let at = 0;
    for (const symbol of used) {
      const length = interner.lengthOf(symbol);
      names[at++] = length & 255;
      names[at++] = length >> 8;
      at = interner.copySpelling(symbol, names, at);
    }
    return names;
  }
}

/** A shard of one file, or of none where its linkage was not asked for. */
export function shardOf(path: string, linkage: FileLinkage | undefined, interner: Interner): Shard {
  const writer = new ShardWriter(interner);
  if (linkage) writer.add(path, linkage);
  return writer.take();
}

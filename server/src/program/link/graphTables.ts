import { hashStep, Interner } from '../../base/interner';
import { hasNamedSlot, hasReceiver, Via } from '../../facts/linkage/linkage';
import { CallBits, FILE_FIELDS, FUNCTION_FIELDS, HOLDER_FIELDS, MEMORY_FIELDS, MENTION_FIELDS, type Shard, TYPE_FIELDS } from './shard';

/** What a {@link ProgramGraph} reads: the files of all shards, with functions, calls and mentions counted through and names of one interner. */
export interface GraphTables {
  readonly names: Interner;
  /** Paths, in the order of their spelling. */
  readonly files: readonly string[];
  /** By file. */
  readonly firstFunction: Int32Array;
  // by function
  readonly functionName: Int32Array;
  readonly functionFile: Int32Array;
  readonly functionOffset: Int32Array;
  readonly functionFlags: Int32Array;
  readonly firstCall: Int32Array;
  // by call
  readonly callName: Int32Array;
  readonly callOffset: Int32Array;
  readonly callFlags: Int32Array;
  /** Where the rest of a call stands in `extras`; -1 for calls without one. */
  readonly callExtra: Int32Array;
  readonly callFunction: Int32Array;
  readonly extras: Int32Array;
  // by mention; those of files, then of functions, are told apart by their function number (-1: none)
  readonly mentions: Int32Array;
  readonly mentionFile: Int32Array;
  readonly mentionScope: Int32Array;
  /** Memory records: the file's number, then what the shard has. */
  readonly memory: Int32Array;
  /** Member types: owner, member, type. */
  readonly types: Int32Array;
  /** By file, where memory is freed that could come from kvmalloc(): offsets. */
  readonly frees: ReadonlyMap<number, readonly number[]>;
}

/**
 * Puts the files of all shards together, by path. Workers hand in their shards when they are done, so their order is chance; which of two chains of
 * one length is shown, or which of two places is nearest, must not be.
 */
export function graphTables(shards: readonly Shard[]): GraphTables {
  return new TableWriter().write(shards);
}

const PIECE = 1 << 16;

/** Numbers of a list that grows, piece by piece: one array that doubles would take up to three times the room while it does. */
class Numbers {
  length = 0;
  private readonly pieces: Int32Array[] = [];
  private last = new Int32Array(0);
  private free = 0;

  push(value: number): void {
    if (this.free === 0) {
      this.pieces.push((this.last = new Int32Array(PIECE)));
      this.free = PIECE;
    }
    this.last[PIECE - this.free--] = value;
    this.length++;
  }

  /** The numbers in one array; they are given up here. */
  take(): Int32Array {
    const taken = new Int32Array(this.length);
    for (const [index, piece] of this.pieces.splice(0).entries())
      taken.set(piece.subarray(0, Math.min(PIECE, taken.length - index * PIECE)), index * PIECE);
    return taken;
  }
}

/** One file of a shard, whose names have got ids of the graph. */
interface ShardFile {
  readonly path: string;
  readonly data: Int32Array;
  readonly start: number;
  readonly ids: Int32Array;
}

class TableWriter {
  private readonly names = new Interner();
  private readonly files: string[] = [];
  private readonly firstFunction = new Numbers();
  private readonly functionName = new Numbers();
  private readonly functionFile = new Numbers();
  private readonly functionOffset = new Numbers();
  private readonly functionFlags = new Numbers();
  private readonly firstCall = new Numbers();
  private readonly callName = new Numbers();
  private readonly callOffset = new Numbers();
  private readonly callFlags = new Numbers();
  private readonly callExtra = new Numbers();
  private readonly callFunction = new Numbers();
  private readonly extras = new Numbers();
  private readonly mentions = new Numbers();
  private readonly mentionFile = new Numbers();
  private readonly mentionScope = new Numbers();
  private readonly memory = new Numbers();
  private readonly types = new Numbers();
  private readonly frees = new Map<number, readonly number[]>();

  write(shards: readonly Shard[]): GraphTables {
    const files: ShardFile[] = [];
    for (const { names, nameCount, data, starts } of shards) {
      const ids = this.internNames(names, nameCount);
      for (const start of starts) files.push({ path: this.names.text(ids[data[start]!]!), data, start, ids });
    }
    files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    for (const file of files) this.addFile(file);
    return {
      names: this.names,
      files: this.files,
      firstFunction: this.firstFunction.take(),
      functionName: this.functionName.take(),
      functionFile: this.functionFile.take(),
      functionOffset: this.functionOffset.take(),
      functionFlags: this.functionFlags.take(),
      firstCall: this.firstCall.take(),
      callName: this.callName.take(),
      callOffset: this.callOffset.take(),
      callFlags: this.callFlags.take(),
      callExtra: this.callExtra.take(),
      callFunction: this.callFunction.take(),
      extras: this.extras.take(),
      mentions: this.mentions.take(),
      mentionFile: this.mentionFile.take(),
      mentionScope: this.mentionScope.take(),
      memory: this.memory.take(),
      types: this.types.take(),
      frees: this.frees,
    };
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
    const freed = at + data[start + 4]!;
    if (freed > at) this.frees.set(file, [...data.subarray(at, freed)]);
    for (at = freed; at < freed + data[start + 5]! * TYPE_FIELDS; at++) this.types.push(ids[data[at]!]!);
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
    const calls = data[start + 3]!;
    const mentions = data[start + 4]!;
    let at = start + FUNCTION_FIELDS;
    for (let i = 0; i < calls; i++) at = this.addCall(data, at, ids, fn);
    for (let i = 0; i < mentions; i++) at = this.addMention(data, at, ids, file, fn);
    return at;
  }

  private addCall(data: Int32Array, start: number, ids: Int32Array, fn: number): number {
    const flags = data[start + 2]!;
    const via = (flags >> CallBits.via.shift) & CallBits.via.mask;
    this.callName.push(via === Via.Parameter ? data[start]! : ids[data[start]!]!);
    this.callOffset.push(data[start + 1]!);
    this.callFlags.push(flags);
    this.callFunction.push(fn);
    let at = start + 3;
    const first = this.extras.length;
    if (hasReceiver(via)) this.extras.push(ids[data[at++]!]!);
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
    this.mentions.push(hasNamedSlot(use) ? ids[data[at + 4]!]! : data[at + 4]!);
    this.mentions.push(data[at + 5]!);
    this.mentionFile.push(file);
    this.mentionScope.push(scope);
    return at + MENTION_FIELDS;
  }
}

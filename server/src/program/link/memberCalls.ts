import { MentionUse, Via } from '../../facts/linkage/linkage';
import type { Callbacks } from './callbacks';
import type { ProgramGraph } from './graph';
import type { NameResolution } from './nameResolution';
import { storedParameters } from './storedParameters';

/** A function that a structure holds under a member's name. */
export interface Stored {
  readonly fn: number;
  /** The struct's tag; 0 where it is not in sight. */
  readonly owner: number;
  /** The file that stores it. */
  readonly file: number;
}

/** A member that holds more functions than this stands for a contract, not for a call: the catalogue has to know it. */
const MAX_STORED = 12;
/** The same where the struct is known. */
const MAX_STORED_IN_STRUCT = 40;

const NOTHING: readonly Stored[] = [];

/** More than the folders of a tree, by far. */
const MAX_FOLDERS = 1 << 20;

/**
 * Calls through pointers in structures: `dev->ops->start(dev)` can reach every function that was stored in a member `start` of the struct that
 * `ops` points to. Where that is not known, the member must belong to one structure alone, or the functions be of the caller's own folder.
 */
export class MemberCalls {
  private readonly callsOfMember = new Map<number, number[]>();
  /** Functions handed to one that stores them: the mention, the struct they are stored in, and the file that does it. They are counted on behind the mentions. */
  private readonly handed: { readonly mention: number; readonly struct: number; readonly file: number }[] = [];
  /** Mentions, and what is handed, by member; members by the name of the function. */
  private readonly mentionsOf = new Map<number, number[]>();
  private readonly membersOf = new Map<number, number[]>();
  /** By member, then by the call's struct and folder. */
  private readonly stored = new Map<number, Map<number, readonly Stored[]>>();
  /** By member and struct: mentions, by all that store something in that member of that struct. */
  private readonly ofStruct = new Map<number, Map<number, number[]>>();
  private readonly folders: (number | undefined)[] = [];
  private readonly folderNumbers = new Map<string, number>();

  constructor(
    private readonly graph: ProgramGraph,
    private readonly resolution: NameResolution,
    private readonly callbacks: Callbacks,
  ) {
    for (let call = 0; call < graph.callCount; call++)
      if (graph.viaOf(call) === Via.Member) push(this.callsOfMember, graph.calleeOf(call), call);
    for (let index = 0; index < graph.mentionCount; index++) {
      const member = graph.memberOfMention(index);
      if (member === 0 || !this.callsOfMember.has(member)) continue;
      push(this.mentionsOf, member, index);
      push(this.membersOf, graph.nameOfMention(index), member);
    }
    this.findHanded();
  }

  private findHanded(): void {
    const { graph } = this;
    const storing = storedParameters(graph);
    for (let mention = 0; mention < graph.mentionCount; mention++) {
      if (graph.useOfMention(mention) !== MentionUse.Call) continue;
      const { owner, slot, name } = graph.mention(mention);
      for (const { member, struct, file } of storing.get(owner)?.get(slot) ?? []) {
        if (!this.callsOfMember.has(member)) continue;
        push(this.mentionsOf, member, graph.mentionCount + this.handed.length);
        push(this.membersOf, name, member);
        this.handed.push({ mention, struct, file });
      }
    }
  }

  private mentionOf(index: number): number {
    return index < this.graph.mentionCount ? index : this.handed[index - this.graph.mentionCount]!.mention;
  }

  /** The struct that a function is stored in; 0 where that is not known. */
  private structOf(index: number): number {
    return index < this.graph.mentionCount ? this.graph.mention(index).owner : this.handed[index - this.graph.mentionCount]!.struct;
  }

  private fileOf(index: number): number {
    return index < this.graph.mentionCount ? this.graph.fileOfMention(index) : this.handed[index - this.graph.mentionCount]!.file;
  }

  /** The functions a call through a member can reach; none when that cannot be told. */
  targetsOf(call: number): readonly Stored[] {
    const { graph } = this;
    const member = graph.calleeOf(call);
    const mentions = this.mentionsOf.get(member);
    if (mentions === undefined) return NOTHING;
    const folder = this.folderOf(graph.fileOf(graph.callerOf(call)));
    let byFolder = this.stored.get(member);
    if (!byFolder) this.stored.set(member, (byFolder = new Map()));
    const receiver = graph.receiverOf(call);
    const place = receiver * MAX_FOLDERS + folder;
    let known = byFolder.get(place);
    if (!known) byFolder.set(place, (known = this.reachedIn(receiver, member, folder) ?? this.reached(mentions, folder)));
    return known;
  }

  /**
   * What is stored in a member of one struct; undefined where that struct is not known, or nobody stores anything in it. Who calls what its own folder stores
   * means that, and of several structs with one tag the one of its folder.
   */
  private reachedIn(struct: number, member: number, folder: number): readonly Stored[] | undefined {
    const stored = struct === 0 ? undefined : this.storedIn(struct, member);
    if (stored === undefined) return undefined;
    const near = stored.filter((index) => this.folderOf(this.fileOf(index)) === folder);
    const isFar = near.length === 0 && stored.length <= MAX_STORED_IN_STRUCT && !this.graph.isTagOfSeveral(struct);
    if (!isFar && near.length > MAX_STORED) return NOTHING;
    return (isFar ? stored : near).flatMap((index) => this.resolve(index));
  }

  private storedIn(struct: number, member: number): readonly number[] | undefined {
    let byStruct = this.ofStruct.get(member);
    if (!byStruct) {
      this.ofStruct.set(member, (byStruct = new Map()));
      for (const index of this.mentionsOf.get(member) ?? []) push(byStruct, this.structOf(index), index);
    }
    return byStruct.get(struct);
  }

  private reached(mentions: readonly number[], folder: number): readonly Stored[] {
    if (mentions.length <= MAX_STORED) {
      const all = mentions.flatMap((index) => this.resolve(index));
      if (all.every(({ owner }) => owner !== 0) && isOneOwner(all)) return all;
    }
    const near = mentions.filter((index) => this.folderOf(this.fileOf(index)) === folder);
    if (near.length > MAX_STORED) return NOTHING;
    const stored = near.flatMap((index) => this.resolve(index));
    return isOneOwner(stored) ? stored : NOTHING;
  }

  /** Whether a function was stored in the folder of a call or in the struct that the call names, and no other one in that member of its structure anywhere. */
  isMeant(call: number, { fn, owner, file }: Stored): boolean {
    const { graph } = this;
    if (owner === 0) return false;
    const isNear = this.folderOf(graph.fileOf(graph.callerOf(call))) === this.folderOf(file);
    if (!isNear && (graph.receiverOf(call) !== owner || graph.isTagOfSeveral(owner))) return false;
    const name = graph.nameOf(fn);
    const others = this.mentionsOf.get(graph.calleeOf(call))!;
    return others.every((index) => graph.nameOfMention(this.mentionOf(index)) === name || this.structOf(index) !== owner);
  }

  /** Members in which a function of a name is stored, and through which something is called. */
  membersHolding(name: number): readonly number[] {
    return this.membersOf.get(name) ?? [];
  }

  /** All calls through a member of a name, whatever the structure. */
  callsThrough(member: number): readonly number[] {
    return this.callsOfMember.get(member) ?? [];
  }

  /** What the catalogue knows of a member goes before the calls that are seen. */
  private resolve(index: number): readonly Stored[] {
    const mention = this.graph.mention(this.mentionOf(index));
    const known = this.callbacks.rowOf(mention);
    if (known !== undefined && known !== 'none' && known.exact) return NOTHING;
    return this.resolution
      .of(mention.file, mention.name)
      .functions.map((fn) => ({ fn, owner: this.structOf(index), file: this.fileOf(index) }));
  }

  /** The number of a file's folder. */
  private folderOf(file: number): number {
    const known = this.folders[file];
    if (known !== undefined) return known;
    const path = this.graph.files[file]!;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    let number = this.folderNumbers.get(folder);
    if (number === undefined) this.folderNumbers.set(folder, (number = this.folderNumbers.size));
    this.folders[file] = number;
    return number;
  }
}

/** No two structures; one that is not in sight may be any. */
function isOneOwner(stored: readonly Stored[]): boolean {
  let known = 0;
  for (const { owner } of stored) {
    if (owner !== 0 && known !== 0 && owner !== known) return false;
    known ||= owner;
  }
  return true;
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
}

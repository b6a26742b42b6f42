import { addTo } from '../../base/listsByKey';
import { folderOf } from '../../base/paths';
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

/** A mention whose function gets into a member, by itself or through a function that stores what it is handed. */
interface Storing {
  readonly mention: number;
  /** The struct's tag; 0 where it is not known. */
  readonly struct: number;
  /** The file that stores it there. */
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
  /** By member; members by the name of the function. */
  private readonly storings = new Map<number, Storing[]>();
  private readonly membersOf = new Map<number, number[]>();
  /** By member, then by struct. */
  private readonly storingsByStruct = new Map<number, Map<number, Storing[]>>();
  /** By member, then by the call's struct and folder. */
  private readonly reachable = new Map<number, Map<number, readonly Stored[]>>();
  private readonly folders: (number | undefined)[] = [];
  private readonly folderNumbers = new Map<string, number>();

  constructor(
    private readonly graph: ProgramGraph,
    private readonly resolution: NameResolution,
    private readonly callbacks: Callbacks,
  ) {
    for (let call = 0; call < graph.callCount; call++)
      if (graph.viaOf(call) === Via.Member) addTo(this.callsOfMember, graph.calleeOf(call), call);
    for (let mention = 0; mention < graph.mentionCount; mention++) {
      const member = graph.memberOfMention(mention);
      if (member !== 0 && this.callsOfMember.has(member))
        this.add(member, { mention, struct: graph.mention(mention).owner, file: graph.fileOfMention(mention) });
    }
    this.addHanded();
  }

  /** Functions handed to one that stores them. */
  private addHanded(): void {
    const { graph } = this;
    const stored = storedParameters(graph);
    for (let mention = 0; mention < graph.mentionCount; mention++) {
      if (graph.useOfMention(mention) !== MentionUse.Call) continue;
      const { owner, slot } = graph.mention(mention);
      for (const { member, struct, file } of stored.get(owner)?.get(slot) ?? [])
        if (this.callsOfMember.has(member)) this.add(member, { mention, struct, file });
    }
  }

  private add(member: number, storing: Storing): void {
    addTo(this.storings, member, storing);
    addTo(this.membersOf, this.graph.nameOfMention(storing.mention), member);
  }

  /** The functions a call through a member can reach; none when that cannot be told. */
  targetsOf(call: number): readonly Stored[] {
    const { graph } = this;
    const member = graph.calleeOf(call);
    const storings = this.storings.get(member);
    if (storings === undefined) return NOTHING;
    const folder = this.folderNumberOf(graph.fileOf(graph.callerOf(call)));
    let byPlace = this.reachable.get(member);
    if (!byPlace) this.reachable.set(member, (byPlace = new Map()));
    const receiver = graph.receiverOf(call);
    const place = receiver * MAX_FOLDERS + folder;
    let known = byPlace.get(place);
    if (!known) byPlace.set(place, (known = this.reachedIn(receiver, member, folder) ?? this.reached(storings, folder)));
    return known;
  }

  /**
   * What is stored in a member of one struct; undefined where that struct is not known, or nobody stores anything in it. Who calls what its own folder stores
   * means that, and of several structs with one tag the one of its folder.
   */
  private reachedIn(struct: number, member: number, folder: number): readonly Stored[] | undefined {
    const storings = struct === 0 ? undefined : this.storingsIn(struct, member);
    if (storings === undefined) return undefined;
    const near = storings.filter(({ file }) => this.folderNumberOf(file) === folder);
    const isFar = near.length === 0 && storings.length <= MAX_STORED_IN_STRUCT && !this.graph.isTagOfSeveral(struct);
    if (!isFar && near.length > MAX_STORED) return NOTHING;
    return (isFar ? storings : near).flatMap((storing) => this.storedBy(storing));
  }

  private storingsIn(struct: number, member: number): readonly Storing[] | undefined {
    let byStruct = this.storingsByStruct.get(member);
    if (!byStruct) {
      this.storingsByStruct.set(member, (byStruct = new Map()));
      for (const storing of this.storings.get(member) ?? []) addTo(byStruct, storing.struct, storing);
    }
    return byStruct.get(struct);
  }

  private reached(storings: readonly Storing[], folder: number): readonly Stored[] {
    if (storings.length <= MAX_STORED) {
      const all = storings.flatMap((storing) => this.storedBy(storing));
      if (all.every(({ owner }) => owner !== 0) && isOneOwner(all)) return all;
    }
    const near = storings.filter(({ file }) => this.folderNumberOf(file) === folder);
    if (near.length > MAX_STORED) return NOTHING;
    const stored = near.flatMap((storing) => this.storedBy(storing));
    return isOneOwner(stored) ? stored : NOTHING;
  }

  /** Whether a function was stored in the folder of a call or in the struct that the call names, and no other one in that member of its structure anywhere. */
  isMeant(call: number, { fn, owner, file }: Stored): boolean {
    const { graph } = this;
    if (owner === 0) return false;
    const isNear = this.folderNumberOf(graph.fileOf(graph.callerOf(call))) === this.folderNumberOf(file);
    if (!isNear && (graph.receiverOf(call) !== owner || graph.isTagOfSeveral(owner))) return false;
    const name = graph.nameOf(fn);
    const storings = this.storings.get(graph.calleeOf(call))!;
    return storings.every(({ mention, struct }) => graph.nameOfMention(mention) === name || struct !== owner);
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
  private storedBy({ mention: index, struct, file }: Storing): readonly Stored[] {
    const mention = this.graph.mention(index);
    const known = this.callbacks.rowOf(mention);
    if (known !== undefined && known !== 'none' && known.exact) return NOTHING;
    return this.resolution.of(mention.file, mention.name).functions.map((fn) => ({ fn, owner: struct, file }));
  }

  /** The number of a file's folder. */
  private folderNumberOf(file: number): number {
    const known = this.folders[file];
    if (known !== undefined) return known;
    const folder = folderOf(this.graph.files[file]!);
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

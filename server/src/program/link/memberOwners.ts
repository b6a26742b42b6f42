import type { Interner } from '../../base/interner';
import { TYPE_FIELDS } from './shard';

/** Finds the struct that a path of members leads to, by what all files say of their structs: `net_device.netdev_ops` is a `net_device_ops`. */
export class MemberOwners {
  /** Types by owner and member; 0 where two structs of one tag differ. Made for the first path. */
  private types: Map<number, number> | undefined;
  /** Tags under which more than one file defines a struct with functions in it. */
  private readonly namesakes = new Set<number>();
  /** By name: its tag and 1, or 0 for names that nobody asked for. */
  private readonly tags: Int32Array;

  constructor(
    private readonly names: Interner,
    private readonly records: Int32Array,
  ) {
    this.tags = new Int32Array(names.size);
  }

  /** The tag that a name stands for: itself, or what a path leads to, 0 where that is not known. */
  tagOf(name: number): number {
    if (name === 0) return 0;
    const known = this.tags[name] ?? 0;
    if (known !== 0) return known - 1;
    const tag = this.find(name);
    this.tags[name] = tag + 1;
    return tag;
  }

  /** Whether several structs have the tag: two drivers that know nothing of each other may both have a `struct board_ops`. */
  isOfSeveral(tag: number): boolean {
    this.types ??= this.index();
    return this.namesakes.has(tag);
  }

  private find(name: number): number {
    const [first = '', ...members] = this.names.text(name).split('.');
    if (members.length === 0) return name;
    let owner = first === '' ? 0 : this.names.find(first);
    for (const member of members) {
      owner = this.typeOf(owner, this.names.find(member));
      if (owner === 0) return 0;
    }
    return owner;
  }

  private typeOf(owner: number, member: number): number {
    this.types ??= this.index();
    return this.types.get(memberKey(owner, member)) ?? 0;
  }

  private index(): Map<number, number> {
    const types = new Map<number, number>();
    const { records } = this;
    const defined = new Set<number>();
    for (let at = 0; at < records.length; at += TYPE_FIELDS) {
      if (records[at + 1] === 0) {
        (defined.has(records[at]!) ? this.namesakes : defined).add(records[at]!);
        continue;
      }
      const place = memberKey(records[at]!, records[at + 1]!);
      const type = records[at + 2]!;
      types.set(place, (types.get(place) ?? type) === type ? type : 0);
    }
    return types;
  }
}

/** A struct and a member as one number. Ids of names stay far below the factor. */
export function memberKey(owner: number, member: number): number {
  return owner * 0x4000000 + member;
}

import { Linkage, MentionUse, Via } from '../../facts/linkage/linkage';
import { driverRow } from '../../kernel/contexts/callbacks';
import type { CallbackRow } from '../../kernel/model';
import type { GraphMention, ProgramGraph } from './graph';
import { followHandedOn, type HandedOn } from './handedOn';
import type { NameResolution } from './nameResolution';

/** What is known of a place where a function is handed out. */
export interface Registration {
  /** -1: the function is entered by its name. */
  readonly mention: number;
  readonly fn: number;
  readonly row: CallbackRow;
  /** The row names this registration itself; otherwise it was inferred from the member's name alone. */
  readonly exact: boolean;
}

/** Letters that make a member's name its structure's: `add` and `send` are in many. */
const TELLING = 5;

/** Rounds in which wrappers of wrappers of registering functions are found. */
const MAX_WRAPPING = 4;

/** Tells in which context a function runs that is registered somewhere: by the catalogue, through wrappers as well. */
export class Callbacks {
  private readonly registering = new Map<number, Map<number, CallbackRow>>();
  /** Rows of families of registering functions, by how their names begin: `register_trace_*`. */
  private readonly families: CallbackRow[] = [];
  private readonly entries: CallbackRow[] = [];
  private readonly members = new Map<string, CallbackRow>();
  /** Rows of members whose name no other structure of the catalogue uses. */
  private readonly membersAlone = new Map<string, CallbackRow | undefined>();

  constructor(
    private readonly graph: ProgramGraph,
    private readonly resolution: NameResolution,
    rows: readonly CallbackRow[],
  ) {
    for (const row of rows) this.addRow(row);
    this.forgetSharedMembers();
    this.findWrappers();
    this.findHandedMembers();
  }

  private addRow(row: CallbackRow): void {
    if (row.slot === null) return;
    if (row.kind === 'entry') this.entries.push(row);
    else if (row.kind === 'register') {
      if (typeof row.slot !== 'number') return;
      if (row.owner.endsWith('*')) this.families.push({ ...row, owner: row.owner.slice(0, -1) });
      const name = this.graph.names.find(row.owner);
      if (name !== 0) this.register(name, row.slot, row);
    } else {
      this.members.set(`${row.owner}.${row.slot}`, row);
      const slot = String(row.slot);
      if (slot.length < TELLING) return;
      const other = this.membersAlone.get(slot);
      const agrees = other === undefined ? !this.membersAlone.has(slot) : other.maySleep === row.maySleep && other.context === row.context;
      this.membersAlone.set(slot, agrees ? (other ?? row) : undefined);
    }
  }

  /** A member that another structure of the tree has as well tells nothing by its name alone. */
  private forgetSharedMembers(): void {
    const { graph } = this;
    for (let index = 0; index < graph.mentionCount; index++) {
      const { use, owner, slot } = graph.mention(index);
      if (use !== MentionUse.Member || owner === 0) continue;
      const member = graph.names.text(slot);
      if (this.membersAlone.get(member) !== undefined && !this.members.has(`${graph.names.text(owner)}.${member}`))
        this.membersAlone.set(member, undefined);
    }
  }

  private register(name: number, slot: number, row: CallbackRow): boolean {
    let slots = this.registering.get(name);
    if (!slots) this.registering.set(name, (slots = new Map()));
    if (slots.has(slot)) return false;
    slots.set(slot, row);
    return true;
  }

  /** Who registers a member registers what it holds: `usb_fill_int_urb(…, type->done, …)`. */
  private findHandedMembers(): void {
    const { graph } = this;
    for (let index = 0; index < graph.mentionCount; index++) {
      if (graph.useOfMention(index) !== MentionUse.Handed) continue;
      const { name, owner, slot, call } = graph.mention(index);
      const row = owner === 0 || call < 0 ? undefined : this.registeringRow(graph.calleeOf(call), slot);
      const place = `${graph.names.text(owner)}.${graph.names.text(name)}`;
      if (row && !this.members.has(place)) this.members.set(place, throughWrapper(row));
    }
  }

  /** A function that hands a parameter to a registering function, or stores it in a member that the catalogue knows, registers it. */
  private findWrappers(): void {
    const { graph } = this;
    const learn = (slots: ReadonlyMap<number, CallbackRow>, { call, position, parameter }: HandedOn): boolean => {
      const row = slots.get(position);
      const caller = graph.callerOf(call);
      // Static namesakes are told apart by file only where they are resolved; a wrapper must be the only one of its name.
      return row !== undefined && !graph.hasNamesake(caller) && this.register(graph.nameOf(caller), parameter, throughWrapper(row));
    };
    followHandedOn(graph, MAX_WRAPPING, (call) => this.registeredBy(call), learn);
  }

  private registeredBy(call: number): ReadonlyMap<number, CallbackRow> | undefined {
    const { graph } = this;
    if (graph.viaOf(call) === Via.Name) return this.registering.get(graph.calleeOf(call));
    const struct = graph.viaOf(call) === Via.Store ? graph.receiverOf(call) : 0;
    const row = struct === 0 ? undefined : this.members.get(`${graph.names.text(struct)}.${graph.names.text(graph.calleeOf(call))}`);
    return row && new Map([[0, row]]);
  }

  /** The row of a function's argument, by the function's name or by how it begins. */
  private registeringRow(name: number, slot: number): CallbackRow | undefined {
    const slots = this.registering.get(name);
    if (slots !== undefined) return slots.get(slot);
    return this.families.find((family) => family.slot === slot && this.graph.names.text(name).startsWith(family.owner));
  }

  /** What a mention says of the function: a row, `none` for uses that call nobody, undefined when nothing is known. */
  rowOf(mention: GraphMention): { readonly row: CallbackRow; readonly exact: boolean } | 'none' | undefined {
    const { names } = this.graph;
    switch (mention.use) {
      case MentionUse.Export:
      case MentionUse.Handed:
        return 'none';
      case MentionUse.Call: {
        const row = this.registeringRow(mention.owner, mention.slot);
        if (row) return { row, exact: row.certain };
        return INERT.test(names.text(mention.owner)) ? 'none' : undefined;
      }
      case MentionUse.Member: {
        const slot = names.text(mention.slot);
        if (mention.owner !== 0) {
          const owner = names.text(mention.owner);
          const row = this.members.get(`${owner}.${slot}`) ?? driverRow(owner, slot);
          return row && { row, exact: row.certain };
        }
        const row = this.membersAlone.get(slot);
        return row && { row, exact: UNMISTAKABLE.test(slot) && row.certain };
      }
      default:
        return undefined;
    }
  }

  /** All registrations of functions with a row. */
  registrations(): Registration[] {
    const { graph } = this;
    const found: Registration[] = [];
    for (let index = 0; index < graph.mentionCount; index++) {
      const mention = graph.mention(index);
      const known = this.rowOf(mention);
      if (!known || known === 'none') continue;
      for (const fn of this.resolution.of(mention.file, mention.name).functions)
        if (graph.linkageOf(fn) !== Linkage.Macro) found.push({ mention: index, fn, ...known });
    }
    for (const row of this.entries) {
      const name = graph.names.find(row.owner);
      for (let fn = name === 0 ? -1 : graph.firstNamed(name); fn >= 0; fn = graph.nextNamesake(fn))
        if (graph.linkageOf(fn) !== Linkage.Macro) found.push({ mention: -1, fn, row, exact: true });
    }
    return found;
  }
}

/** Whoever keeps a function that may sleep may also call it in another way. */
function throughWrapper(row: CallbackRow): CallbackRow {
  return row.maySleep === true && row.certain ? { ...row, certain: false } : row;
}

/** Macros that name a function and do not call it, and functions that forget one. */
const INERT = /^(NOKPROBE_SYMBOL|ALLOW_ERROR_INJECTION|BTF_ID|BTF_ID_FLAGS|trace_android_vh)$|(^|_)unregister(_|$)/;

/** Members that belong to one structure by their prefix. */
const UNMISTAKABLE = /^(ndo|device_prep)_/;

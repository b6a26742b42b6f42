import type { SizeInterval } from '../sizeInterval';

/** A C type as far as its size needs it; structs and typedefs stay references until their layout is asked for. */
export type CType =
  | { readonly kind: 'scalar'; readonly size: SizeInterval; readonly align: SizeInterval; readonly unsigned: boolean }
  | { readonly kind: 'pointer'; readonly to: CType }
  | { readonly kind: 'array'; readonly of: CType; readonly count: SizeInterval }
  | { readonly kind: 'record'; readonly tag: string; readonly definitions: readonly RecordDefinition[] }
  | { readonly kind: 'named'; readonly name: string; readonly size: SizeInterval; readonly align: SizeInterval }
  | { readonly kind: 'function'; readonly returns: CType }
  | { readonly kind: 'unknown'; readonly name: string };

/** A struct or union with its members, wherever it was found. More than one for a tag: each `#if` branch has its own. */
export interface RecordDefinition {
  /** `struct foo`, `union bar`, `anonymous struct`. */
  readonly name: string;
  readonly union: boolean;
  readonly packed: boolean;
  /** Least alignment asked for by an attribute. */
  readonly aligned: SizeInterval | undefined;
  /** Members and choices between members in their order. Read on demand: a struct may hold pointers to itself. */
  readonly items: () => readonly LayoutItem[];
}

export type LayoutItem = Member | Choice;

/** Parts of a record of which exactly one exists, decided by a `#if` whose outcome is not known. An arm may be empty. */
export interface Choice {
  readonly arms: readonly (readonly LayoutItem[])[];
}

export interface Member {
  /** Empty for anonymous structs and unions, whose members belong to the outer one, and for unnamed bit fields. */
  readonly name: string;
  readonly type: CType;
  /** Width of a bit field. */
  readonly bits: SizeInterval | undefined;
  readonly packed: boolean;
  readonly aligned: SizeInterval | undefined;
}

export const UNKNOWN_TYPE: CType = { kind: 'unknown', name: '' };

/** A class, because an object with a getter of its own costs the engine ten times as much, and a tree has a hundred thousand of them. */
class RecordReference {
  readonly kind = 'record';
  private found: readonly RecordDefinition[] | undefined;

  constructor(
    readonly tag: string,
    private readonly find: () => readonly RecordDefinition[],
  ) {}

  get definitions(): readonly RecordDefinition[] {
    return (this.found ??= this.find());
  }
}

/** A reference to a struct or union (`struct foo`) whose definitions are looked for when somebody asks. */
export function recordType(tag: string, find: () => readonly RecordDefinition[]): CType {
  return new RecordReference(tag, find);
}

export function isChoice(item: LayoutItem): item is Choice {
  return 'arms' in item;
}

/** A member of which nothing is known. */
export function unknownMember(name: string): Member {
  return { name, type: UNKNOWN_TYPE, bits: undefined, packed: false, aligned: undefined };
}

/**
 * Finds a member by name, through anonymous structs and unions; of several definitions (one for each `#if` branch) the first that has it counts.
 * `seen`: records that were searched already, because one that holds itself, which is not C, must not be searched for ever.
 */
export function memberOf(type: CType, name: string, seen?: Set<RecordDefinition>): Member | undefined {
  if (type.kind !== 'record') return undefined;
  for (const definition of type.definitions) {
    if (seen?.has(definition) === true) continue;
    const member = memberAmong(definition.items(), name, seen?.add(definition) ?? new Set([definition]));
    if (member !== undefined) return member;
  }
  return undefined;
}

function memberAmong(items: readonly LayoutItem[], name: string, seen: Set<RecordDefinition>): Member | undefined {
  for (const item of items) {
    const found = isChoice(item) ? memberAmong(item.arms.flat(), name, seen) : memberOrInner(item, name, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function memberOrInner(member: Member, name: string, seen: Set<RecordDefinition>): Member | undefined {
  if (member.name === name) return member;
  return member.name === '' ? memberOf(member.type, name, seen) : undefined;
}

/** What `*x` or `x[0]` is for an `x` of this type. */
export function pointee(type: CType): CType {
  if (type.kind === 'pointer') return type.to;
  return type.kind === 'array' ? type.of : UNKNOWN_TYPE;
}

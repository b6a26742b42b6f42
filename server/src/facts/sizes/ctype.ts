import type { SizeInterval } from '../site';

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
  /** Read on demand: a struct may hold pointers to itself. */
  readonly members: () => readonly Member[];
}

export interface Member {
  /** Empty for anonymous structs and unions, whose members belong to the outer one, and for unnamed bit fields. */
  readonly name: string;
  readonly type: CType;
  /** Width of a bit field. */
  readonly bits: SizeInterval | undefined;
  readonly packed: boolean;
  readonly aligned: SizeInterval | undefined;
  /** Stands inside an `#if`: may be missing in another configuration. */
  readonly optional: boolean;
}

export const UNKNOWN_TYPE: CType = { kind: 'unknown', name: '' };

/** Finds a member by name, through anonymous structs and unions; of several definitions (one for each `#if` branch) the first that has it counts. */
export function memberOf(type: CType, name: string): Member | undefined {
  if (type.kind !== 'record') return undefined;
  for (const definition of type.definitions) {
    const member = memberOfDefinition(definition, name);
    if (member !== undefined) return member;
  }
  return undefined;
}

function memberOfDefinition(definition: RecordDefinition, name: string): Member | undefined {
  for (const member of definition.members()) {
    if (member.name === name) return member;
    if (member.name === '' && member.type.kind === 'record') {
      const inner = memberOf(member.type, name);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** What `*x` or `x[0]` is for an `x` of this type. */
export function pointee(type: CType): CType {
  if (type.kind === 'pointer') return type.to;
  return type.kind === 'array' ? type.of : UNKNOWN_TYPE;
}

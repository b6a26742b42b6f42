import type { TextRange } from '../base/range';
import { lastWord } from '../base/words';
import { ATOMIC_RESOURCES, type ContextFunction, type Resource } from '../kernel/model';
import * as masks from '../mask/mask';
import type { Guard } from './linkage/linkage';
import type { Held, TraceStep } from './site';

/** A resource held at a program point. */
export interface HeldEntry {
  readonly resource: Resource;
  /** Normalised source text of the instance; empty for global resources. */
  readonly instance: string;
  readonly by: string;
  readonly range: TextRange;
  /** Held on every path, or on some only. */
  readonly must: boolean;
  /** Only a name says that the function releases something. */
  readonly guessed?: true;
}

/** A lock that is held if a value is (non-)zero: the result of a trylock that was stored. */
export interface PendingEffect {
  readonly function: ContextFunction;
  readonly call: { readonly by: string; readonly range: TextRange; readonly instances: readonly string[] };
}

/** What is known of a variable or member path. */
export interface VariableValue {
  readonly mask: masks.Mask;
  /** Nodes of the allocating calls whose result it can hold, ascending; undefined when none is known. */
  readonly allocations: readonly number[] | undefined;
  /** Nothing but `allocations` (or NULL) can be in it. */
  readonly complete: boolean;
  readonly pending: PendingEffect | undefined;
}

/** The product state: context × variables. Values are shared and never changed in place. */
export interface State {
  readonly held: readonly HeldEntry[];
  readonly variables: ReadonlyMap<string, VariableValue>;
  /** Released although this function had not taken it: the caller's. `must` when on every path. */
  readonly released: readonly HeldEntry[];
  /** A test on every path decided whether sleeping is allowed. */
  readonly tested: { readonly maySleep: boolean; readonly step: TraceStep } | undefined;
  /** What is known of parameters on every path; followed only for the analysis of a whole tree. */
  readonly guards: readonly Guard[];
  /** The function has slept on every path, in the context it was entered in: whoever calls it may sleep. */
  readonly slept: Held | undefined;
}

export const UNKNOWN_VALUE: VariableValue = { mask: masks.UNKNOWN, allocations: undefined, complete: false, pending: undefined };

const NOTHING_HELD: readonly HeldEntry[] = [];

const NO_GUARDS: readonly Guard[] = [];

export const ENTRY_STATE: State = {
  held: NOTHING_HELD,
  variables: new Map(),
  released: NOTHING_HELD,
  tested: undefined,
  guards: NO_GUARDS,
  slept: undefined,
};

/** Nested acquisitions of one global resource that are counted; deeper ones are as good as this many. */
const MAX_NESTING = 4;
/** Resources held at once that are told apart; no code of the kernel holds a tenth of this. Those beyond are not noted. */
const MAX_HELD = 200;

// ── held resources ─────────────────────────────────────────────────────────────────────────────

export function acquire(held: readonly HeldEntry[], entry: HeldEntry): readonly HeldEntry[] {
  const same = held.filter((other) => other.resource === entry.resource && other.instance === entry.instance);
  if (entry.instance !== '' && same.length > 0) {
    // The same lock text again: another instance in a loop, or an array element. One entry stands for all.
    return same.some((other) => other.must) || !entry.must ? held : [...held.filter((other) => !same.includes(other)), entry];
  }
  if (same.length >= MAX_NESTING || held.length >= MAX_HELD) return held;
  return [...held, entry];
}

/**
 * Releases one resource. An instance that is not held by that spelling may be an alias of one that is: then a lone
 * candidate is taken to be meant, and several become uncertain, so that no report rests on a guess.
 */
export function release(held: readonly HeldEntry[], resource: Resource, instance: string): readonly HeldEntry[] {
  for (let i = held.length - 1; i >= 0; i--) {
    const entry = held[i]!;
    if (entry.resource === resource && entry.instance === instance) return held.filter((_, index) => index !== i);
  }
  const candidates = held.filter((entry) => entry.resource === resource);
  if (candidates.length === 0) return held;
  const named = candidates.filter((entry) => lastMember(entry.instance) === lastMember(instance));
  if (named.length === 1) return held.filter((entry) => entry !== named[0]);
  if (candidates.length === 1) return held.filter((entry) => entry !== candidates[0]);
  return held.map((entry) => (entry.resource === resource ? { ...entry, must: false } : entry));
}

export function releaseAll(held: readonly HeldEntry[], resource: Resource): readonly HeldEntry[] {
  return held.some((entry) => entry.resource === resource) ? held.filter((entry) => entry.resource !== resource) : held;
}

/** Whether the entry's instance could be released by a function we know only by name. */
export function makeUncertain(held: readonly HeldEntry[]): readonly HeldEntry[] {
  return held.some((entry) => entry.must) ? held.map((entry) => (entry.must ? { ...entry, must: false } : entry)) : held;
}

export function isAtomic(entry: HeldEntry): boolean {
  return ATOMIC_RESOURCES.has(entry.resource);
}

function lastMember(instance: string): string {
  return lastWord(instance) ?? instance;
}

// ── join and equality ──────────────────────────────────────────────────────────────────────────

export function joinStates(a: State, b: State): State {
  if (a === b) return a;
  const held = joinHeld(a.held, b.held);
  const variables = joinVariables(a.variables, b.variables);
  const released = joinHeld(a.released, b.released);
  const tested = a.tested && b.tested && a.tested.maySleep === b.tested.maySleep ? a.tested : undefined;
  const guards = joinGuards(a.guards, b.guards);
  const slept = a.slept && b.slept && (a.slept.range.start <= b.slept.range.start ? a.slept : b.slept);
  // Mostly the other path has nothing to take away.
  return unlessSame(a, { held, variables, released, tested, guards, slept });
}

/** `next` as a state; `known` itself when no part of it differs, so that the same state stays the same object. */
export function unlessSame(known: State, next: State): State {
  const { held, variables, released, tested, guards, slept } = next;
  const same =
    held === known.held &&
    variables === known.variables &&
    released === known.released &&
    tested === known.tested &&
    guards === known.guards &&
    slept === known.slept;
  return same ? known : { held, variables, released, tested, guards, slept };
}

function joinGuards(a: readonly Guard[], b: readonly Guard[]): readonly Guard[] {
  if (a === b || a.length === 0) return a;
  const both = a.filter((guard) => b.some((other) => sameGuard(guard, other)));
  return both.length === a.length ? a : both.length === 0 ? NO_GUARDS : both;
}

export function sameGuard(a: Guard, b: Guard): boolean {
  return a.parameter === b.parameter && a.nonzero === b.nonzero;
}

function joinHeld(a: readonly HeldEntry[], b: readonly HeldEntry[]): readonly HeldEntry[] {
  if (sameHeld(a, b)) return a;
  const rest = b.slice();
  const joined: HeldEntry[] = [];
  for (const entry of a) {
    const at = rest.findIndex((other) => other.resource === entry.resource && other.instance === entry.instance);
    if (at < 0) {
      joined.push(entry.must ? { ...entry, must: false } : entry);
      continue;
    }
    const other = rest.splice(at, 1)[0]!;
    // The earlier event speaks for both, so that the order of joins does not show.
    const first = other.range.start < entry.range.start ? other : entry;
    const must = entry.must && other.must;
    joined.push(first.must === must ? first : { ...first, must });
  }
  for (const entry of rest) joined.push(entry.must ? { ...entry, must: false } : entry);
  return joined;
}

function joinVariables(a: ReadonlyMap<string, VariableValue>, b: ReadonlyMap<string, VariableValue>): ReadonlyMap<string, VariableValue> {
  if (a === b || (a.size === 0 && b.size === 0)) return a;
  const joined = new Map<string, VariableValue>();
  for (const [name, value] of a) {
    const merged = joinValues(value, b.get(name) ?? UNKNOWN_VALUE);
    if (!isUnknown(merged)) joined.set(name, merged);
  }
  for (const [name, value] of b) {
    if (a.has(name)) continue;
    const merged = joinValues(UNKNOWN_VALUE, value);
    if (!isUnknown(merged)) joined.set(name, merged);
  }
  return joined;
}

function joinValues(a: VariableValue, b: VariableValue): VariableValue {
  if (a === b) return a;
  return {
    mask: masks.join(a.mask, b.mask),
    allocations: union(a.allocations, b.allocations),
    complete: a.complete && b.complete,
    pending: samePending(a.pending, b.pending) ? a.pending : undefined,
  };
}

function union(a: readonly number[] | undefined, b: readonly number[] | undefined): readonly number[] | undefined {
  if (!a || !b || a === b) return a ?? b;
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

export function isUnknown(value: VariableValue): boolean {
  return value.mask.set === 0 && value.mask.clear === 0 && !value.allocations && !value.complete && !value.pending;
}

export function equalStates(a: State, b: State): boolean {
  if (a === b) return true;
  return (
    a.tested?.maySleep === b.tested?.maySleep &&
    a.slept?.range.start === b.slept?.range.start &&
    (a.guards === b.guards || (a.guards.length === b.guards.length && a.guards.every((guard, i) => sameGuard(guard, b.guards[i]!)))) &&
    sameHeld(a.held, b.held) &&
    sameHeld(a.released, b.released) &&
    sameVariables(a.variables, b.variables)
  );
}

function sameHeld(a: readonly HeldEntry[], b: readonly HeldEntry[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every((entry, i) => {
    const other = b[i]!;
    return (
      entry === other ||
      (entry.resource === other.resource &&
        entry.instance === other.instance &&
        entry.must === other.must &&
        entry.range.start === other.range.start)
    );
  });
}

function sameVariables(a: ReadonlyMap<string, VariableValue>, b: ReadonlyMap<string, VariableValue>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined || !sameValue(value, other)) return false;
  }
  return true;
}

function sameValue(a: VariableValue, b: VariableValue): boolean {
  if (a === b) return true;
  return (
    masks.equal(a.mask, b.mask) && a.complete === b.complete && samePending(a.pending, b.pending) && sameNodes(a.allocations, b.allocations)
  );
}

function samePending(a: PendingEffect | undefined, b: PendingEffect | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.call.range.start === b.call.range.start && a.function === b.function);
}

function sameNodes(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.length !== b.length) return false;
  return a.every((node, i) => node === b[i]);
}

import { ATOMIC_BITS } from '../../facts/linkage/linkage';
import type { Registration } from './callbacks';

/** How a context came to a function. */
export const enum Origin {
  /** The caller holds something at the call. */
  Held = 0,
  /** The caller's own context is still in force at the call. */
  Passed = 1,
  /** The function is registered as a callback. */
  Registered = 2,
  /** A function calls its parameter while it holds something; ours is that parameter. */
  Iterated = 3,
  /** The function itself uses GFP_NOFS or GFP_NOIO: its author knew that reclaim must not come back. */
  Testified = 4,
  /** A caller passes GFP_ATOMIC: it asks that the function does not sleep. */
  Asked = 5,
  /** The function itself says what its callers hold: `lockdep_assert_held(&x->lock)`. */
  Stated = 6,
}

/** A function reached in a context that forbids sleeping. */
export interface ContextNode {
  readonly fn: number;
  readonly bit: number;
  /** What is known of the parameters that decide: a number of {@link ChoiceSets}. */
  readonly choices: number;
  readonly certain: boolean;
  readonly depth: number;
  readonly origin: Origin;
  /** The caller's node, for {@link Origin.Passed}. */
  readonly parent: ContextNode | undefined;
  /** The call; for registrations -1. */
  readonly call: number;
  /** The mention, for registrations, iterated functions, and what a function says of itself; otherwise -1. */
  readonly mention: number;
  readonly registration: Registration | undefined;
  /** The call of a function of another file that returned with the lock; undefined for locks taken here. */
  readonly locker?: number;
}

/** Steps of a chain; longer ones convince nobody. */
const MAX_DEPTH = 8;
/** The same for callbacks that reclaim may wait for: whether it does depends on the device, and with each call on more. */
const RECLAIM_DEPTH = 3;
/** How far the testimony of a mask is believed. */
export const TESTIMONY_DEPTH = 2;

export function isTestimony(node: ContextNode): boolean {
  return originOf(node).origin === Origin.Testified;
}

/** Rests on a mask that somebody wrote, not on an event. */
function isWeak(node: ContextNode): boolean {
  const { origin } = originOf(node);
  return origin === Origin.Testified || origin === Origin.Asked;
}

/** How many calls a context is believed to travel. */
export function reachOf(node: ContextNode): number {
  if (isWeak(node)) return TESTIMONY_DEPTH;
  return originOf(node).origin === Origin.Registered && (node.bit & ATOMIC_BITS) === 0 ? RECLAIM_DEPTH : MAX_DEPTH;
}

/** The node at the beginning of the chain. */
export function originOf(node: ContextNode): ContextNode {
  let origin = node;
  while (origin.parent) origin = origin.parent;
  return origin;
}

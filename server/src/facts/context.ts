import type { ContextFact, Held } from './site';
import { type HeldEntry, isAtomic, type State } from './state';

/** What a state says of the execution context, in the form rules and hovers read. */
export function contextFact(state: State): ContextFact {
  const held = state.held.filter((entry) => entry.must);
  const maybeHeld = state.held.filter((entry) => !entry.must);
  const tested = state.tested;
  return {
    held: held.map(describe),
    maybeHeld: maybeHeld.map(describe),
    maySleep: maySleep(held, maybeHeld, tested?.maySleep),
    decidedBy: held.some(isAtomic) ? undefined : tested?.step,
    unreachable: false,
  };
}

function maySleep(held: readonly HeldEntry[], maybeHeld: readonly HeldEntry[], tested: boolean | undefined): ContextFact['maySleep'] {
  if (held.some(isAtomic) || tested === false) return 'no';
  if (maybeHeld.some(isAtomic)) return 'maybe';
  return tested === true ? 'yes' : 'unknown';
}

export function describe(entry: HeldEntry): Held {
  const { resource, instance, by, range } = entry;
  return { resource, instance, by, range };
}

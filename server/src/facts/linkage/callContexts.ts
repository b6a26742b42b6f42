import { describe } from '../context';
import { provesSleep } from '../held';
import { type HeldEntry, isAtomic, type State } from '../state';
import { type CallContext, Entered, enteredBit, type Guard } from './linkage';

/** The execution contexts at the calls of one function. Calls between which nothing changes share a value. */
export class CallContexts {
  private last: { readonly state: State; readonly context: CallContext } | undefined;
  private readonly guarded = new Map<Guard, Map<CallContext, CallContext>>();

  /** The context where the solver has a state. */
  of(state: State): CallContext {
    const known = this.last;
    if (known && sameForCalls(known.state, state)) return known.context;
    const context = callContext(state);
    this.last = { state, context };
    return context;
  }

  /** A context under one more condition. */
  under(guard: Guard, context: CallContext): CallContext {
    let known = this.guarded.get(guard);
    if (!known) this.guarded.set(guard, (known = new Map()));
    let found = known.get(context);
    if (!found) known.set(context, (found = withGuards(context, [guard])));
    return found;
  }
}

/** A context under more conditions. */
export function withGuards(context: CallContext, guards: readonly Guard[]): CallContext {
  return guards.length === 0 ? context : { ...context, guards: [...context.guards, ...guards] };
}

function sameForCalls(a: State, b: State): boolean {
  return a.held === b.held && a.released === b.released && a.tested === b.tested && a.guards === b.guards && a.slept === b.slept;
}

function callContext({ held, released, tested, guards, slept }: State): CallContext {
  let [own, maybe] = [0, 0];
  let holder: HeldEntry | undefined;
  let proof = slept;
  let keeps: number = tested?.maySleep ? Entered.Fs | Entered.Io : Entered.All;
  for (const entry of held) {
    const bit = enteredBit(entry.resource);
    if (bit !== 0 && entry.must) {
      own |= bit;
      if (isBetter(entry, holder)) holder = entry;
    } else if (bit !== 0) maybe |= bit;
    else if (entry.must && provesSleep(entry)) proof ??= describe(entry);
    else keeps &= ~scopedBits(entry.resource);
  }
  // Whoever gives back what its caller took knows the contract it was called under.
  for (const entry of released) keeps &= ~(isAtomic(entry) ? enteredBit(entry.resource) | Entered.Callback : enteredBit(entry.resource));
  return { held: own, holder: holder && describe(holder), maybe, keeps, proof, guards };
}

/** What forbids sleeping is named before what forbids reclaim, and a lock before the interrupts it turned off. */
function isBetter(entry: HeldEntry, than: HeldEntry | undefined): boolean {
  if (than === undefined) return true;
  if (isAtomic(entry) !== isAtomic(than)) return isAtomic(entry);
  return than.instance === '' && entry.instance !== '';
}

/** A scope takes the flags away that would matter to the caller. */
function scopedBits(resource: HeldEntry['resource']): number {
  if (resource === 'noio-scope') return Entered.Fs | Entered.Io;
  return resource === 'nofs-scope' ? Entered.Fs : 0;
}

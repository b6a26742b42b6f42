import { ATOMIC_BITS, Via } from '../../facts/linkage/linkage';
import { namesLock, namesUnlock } from '../../facts/names';
import type { ProgramGraph } from './graph';
import type { NameResolution } from './nameResolution';

/** What functions of other files that were called before a call have left held there. `by`: the call that did, or -1. */
export interface LeftHeld {
  readonly bits: number;
  readonly by: number;
}

const NOTHING: LeftHeld = { bits: 0, by: -1 };

/** Words of functions that end what another one began. */
const GIVES_BACK = /(^|_)(release|exit|leave|end|finish|done|drop|put)(_|$)/;

/** Wrappers of wrappers that are looked into. */
const MAX_NESTING = 4;

/**
 * Lock functions of other files. A file by itself knows such a function by its name only, and takes everything behind it for uncertain; here its
 * definition is at hand: most lock a mutex, some return with a spinlock held.
 */
export class LockEffects {
  private readonly effects = new Map<number, number | undefined>();
  private readonly known = new Map<number, LeftHeld | undefined>();
  private readonly spelling = new Map<number, 'lock' | 'unlock' | 'other'>();

  constructor(
    private readonly graph: ProgramGraph,
    private readonly resolution: NameResolution,
    /** Names whose effect was known where they are called. */
    private readonly catalogued: ReadonlySet<number>,
  ) {}

  /** What is held at a call that stands behind lock functions of unknown effect; undefined when that cannot be told. */
  leftAt(call: number): LeftHeld | undefined {
    if (!this.known.has(call)) this.known.set(call, this.findLeft(call));
    return this.known.get(call);
  }

  private findLeft(call: number): LeftHeld | undefined {
    const { graph } = this;
    const fn = graph.callerOf(call);
    const offset = graph.callOffsetOf(call);
    let left: LeftHeld | undefined = NOTHING;
    for (let other = graph.callsFrom(fn); left && other < graph.callsEnd(fn); other++) {
      if (graph.callOffsetOf(other) >= offset) continue;
      const kind = this.kindOf(other);
      // Calls stand in the order of the text: what was left held may have been given back since.
      if (kind === 'unlock' && left.bits !== 0) left = undefined;
      if (kind !== 'lock') continue;
      const bits = this.effectOf(other, 0);
      if (bits === 0) continue;
      // Two that leave something may be a lock and its like in the other branch.
      left = bits === undefined || left === undefined || left.bits !== 0 ? undefined : { bits, by: other };
    }
    // A lock that was handed back by spin_unlock() itself shows in what is still in force here.
    return left && (left.bits & ~graph.keepsOf(call)) !== 0 ? undefined : left;
  }

  /** Bits that the called function leaves held for certain; undefined when that is not known. */
  private effectOf(call: number, nesting: number): number | undefined {
    const { functions, ambiguous } = this.resolution.of(this.graph.fileOf(this.graph.callerOf(call)), this.graph.calleeOf(call));
    if (functions.length === 0) return undefined;
    const effects = functions.map((fn) => this.effectOfFunction(fn, nesting));
    if (effects.every((bits) => bits === 0)) return 0;
    return !ambiguous && effects.every((bits) => bits === effects[0]) ? effects[0] : undefined;
  }

  private effectOfFunction(fn: number, nesting: number): number | undefined {
    if (this.effects.has(fn)) return this.effects.get(fn);
    this.effects.set(fn, undefined); // recursion ends here
    const bits = nesting < MAX_NESTING ? this.computeEffect(fn, nesting) : undefined;
    this.effects.set(fn, bits);
    return bits;
  }

  private computeEffect(fn: number, nesting: number): number | undefined {
    const { graph } = this;
    if ((graph.mayLeaveOf(fn) & ATOMIC_BITS) !== 0) return undefined;
    let bits: number | undefined = graph.leavesOf(fn) & ATOMIC_BITS;
    let unlocks = false;
    for (let call = graph.callsFrom(fn); call < graph.callsEnd(fn); call++) {
      const kind = this.kindOf(call);
      if (kind === 'unlock') unlocks = true;
      if (kind !== 'lock') continue;
      const inner = this.effectOf(call, nesting + 1);
      bits = inner === undefined || bits === undefined ? undefined : bits | inner;
    }
    return unlocks && bits !== 0 ? undefined : bits;
  }

  private kindOf(call: number): 'lock' | 'unlock' | 'other' {
    const { graph } = this;
    const name = graph.calleeOf(call);
    if (graph.viaOf(call) !== Via.Name || this.catalogued.has(name)) return 'other';
    let kind = this.spelling.get(name);
    if (!kind) {
      const text = graph.names.text(name);
      this.spelling.set(name, (kind = namesUnlock(text) || GIVES_BACK.test(text) ? 'unlock' : namesLock(text) ? 'lock' : 'other'));
    }
    return kind;
  }
}

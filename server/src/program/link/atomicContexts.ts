import { Act, ATOMIC_BITS, Entered, Linkage } from '../../facts/linkage/linkage';
import type { Callbacks, Registration } from './callbacks';
import type { ProgramGraph } from './graph';
import type { LockEffects } from './lockEffects';
import type { Relevance } from './relevance';

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
}

/** A function reached in a context that forbids sleeping. */
export interface ContextNode {
  readonly fn: number;
  readonly bit: number;
  /** What is known of the parameters that decide: two bits each, 0 unknown, 1 zero, 2 not zero. */
  readonly choices: number;
  readonly certain: boolean;
  readonly depth: number;
  readonly origin: Origin;
  /** The caller's node, for {@link Origin.Passed}. */
  readonly parent: ContextNode | undefined;
  /** The call; for registrations -1. */
  readonly call: number;
  /** The mention, for registrations and iterated functions; otherwise -1. */
  readonly mention: number;
  readonly registration: Registration | undefined;
  /** The call of a function of another file that returned with the lock; undefined for locks taken here. */
  readonly locker?: number;
}

/** A call that may sleep or enter reclaim although the context forbids it. */
export interface BlockedCall {
  readonly call: number;
  readonly node: ContextNode;
  readonly certain: boolean;
}

/** Steps of a chain; longer ones convince nobody. */
const MAX_DEPTH = 8;
/** Calls that may lie between the event and the allocation in a certain chain: each one more is one more condition that nobody looked at. */
const CERTAIN_DEPTH = 4;
/** Parameters of one function that are followed. */
const MAX_CHOICES = 4;
const BITS = [
  Entered.Lock,
  Entered.Rcu,
  Entered.SoftirqsOff,
  Entered.InterruptsOff,
  Entered.PreemptionOff,
  Entered.Callback,
  Entered.Fs,
  Entered.Io,
];
/** The same for callbacks that reclaim may wait for: whether it does depends on the device, and with each call on more. */
const RECLAIM_DEPTH = 3;
/** The guard of calls in a `switch` on what the caller passed: whoever is called from afar is called with one of the values. */
const CHOSEN = -3;
/** How far the testimony of a mask is believed. */
const TESTIMONY_DEPTH = 2;

/** Spreads contexts that forbid sleeping along calls, breadth first, so that each function is reached by a shortest chain. */
export class AtomicContexts {
  /** Nodes by function, certain ones first and shorter chains first. */
  readonly nodes = new Map<number, ContextNode[]>();
  private certainQueue: ContextNode[] = [];
  private possibleQueue: ContextNode[] = [];
  private readonly decidingParameters = new Map<number, readonly number[]>();

  constructor(
    private readonly graph: ProgramGraph,
    private readonly callbacks: Callbacks,
    private readonly relevance: Relevance,
    private readonly locks: LockEffects,
  ) {}

  run(): this {
    this.startFromLocks();
    this.startFromForeignLocks();
    this.startFromCallbacks();
    this.startFromIterators();
    this.startFromTestimony();
    this.startFromRequests();
    this.spread(this.certainQueue);
    this.spread(this.possibleQueue);
    return this;
  }

  // ── starts ───────────────────────────────────────────────────────────────────────────────────

  private startFromLocks(): void {
    const { graph, relevance } = this;
    for (let call = 0; call < graph.callCount; call++) {
      const held = graph.heldAt(call) | graph.maybeAt(call);
      if (held === 0 || !relevance.isCallRelevant(call)) continue;
      // While the system starts, one processor runs with interrupts off and nothing can be waited for: the allocator knows that.
      const early = graph.isInit(graph.callerOf(call)) ? Entered.InterruptsOff | Entered.PreemptionOff : 0;
      for (const bit of BITS) {
        if ((held & ~early & bit) === 0) continue;
        const certain = (graph.heldAt(call) & bit) !== 0;
        this.follow(call, bit, undefined, Origin.Held, certain, 0);
      }
    }
  }

  /** Functions of other files that return with a lock held. */
  private startFromForeignLocks(): void {
    const { graph } = this;
    for (let call = 0; call < graph.callCount; call++) {
      if (!this.relevance.isCallRelevant(call) || !graph.standsBehindUnknownLock(call)) continue;
      const left = this.locks.leftAt(call);
      for (const bit of left ? BITS : []) if ((left!.bits & bit) !== 0) this.follow(call, bit, undefined, Origin.Held, true, 0, left!.by);
    }
  }

  private startFromCallbacks(): void {
    for (const registration of this.callbacks.registrations()) {
      const { fn, row, exact, mention } = registration;
      const bit = row.maySleep === false ? Entered.Callback : row.reclaim === 'fs' ? Entered.Fs : row.reclaim === 'io' ? Entered.Io : 0;
      if (bit === 0 || !this.relevance.isRelevant(fn)) continue;
      this.add({
        fn,
        bit,
        choices: 0,
        // Whether reclaim waits depends on what lies on the device, and some callers open a scope (usb_reset_device() in drivers/usb/core/hub.c).
        certain: exact && bit === Entered.Callback,
        depth: 0,
        origin: Origin.Registered,
        parent: undefined,
        call: -1,
        mention,
        registration,
      });
    }
  }

  /** A function that calls its parameter under a lock: whoever passes it a function has that function called under the lock. */
  private startFromIterators(): void {
    const { graph, relevance } = this;
    for (const { call, mention, fn } of relevance.iterated) {
      const held = graph.heldAt(call);
      for (const bit of BITS) {
        if ((held & bit) === 0) continue;
        this.add({
          fn,
          bit,
          choices: 0,
          certain: true,
          depth: 1,
          origin: Origin.Iterated,
          parent: undefined,
          call,
          mention,
          registration: undefined,
        });
      }
    }
  }

  private startFromTestimony(): void {
    const { graph } = this;
    for (let call = 0; call < graph.callCount; call++) {
      const act = graph.actOf(call);
      if ((act !== Act.BlocksIo && act !== Act.BlocksOnly) || (graph.keepsOf(call) & Entered.Fs) === 0 || graph.heldAt(call) !== 0)
        continue;
      this.testify(call, graph.callerOf(call), 0);
    }
  }

  /** The function of a mask, and those that alone call it, share a context. */
  private testify(call: number, fn: number, depth: number): void {
    const { graph } = this;
    this.add({
      fn,
      bit: graph.actOf(call) === Act.BlocksIo ? Entered.Fs : Entered.Io,
      choices: 0,
      certain: false,
      depth,
      origin: Origin.Testified,
      parent: undefined,
      call,
      mention: -1,
      registration: undefined,
    });
    if (depth >= TESTIMONY_DEPTH || graph.linkageOf(fn) !== Linkage.Static) return;
    const callers = new Set<number>();
    this.relevance.eachCallOf(graph.nameOf(fn), (other) => {
      const caller = graph.callerOf(other);
      if (graph.fileOf(caller) === graph.fileOf(fn)) callers.add((graph.keepsOf(other) & Entered.Fs) !== 0 ? caller : -1);
    });
    const [only] = callers;
    if (callers.size === 1 && only !== undefined && only >= 0) this.testify(call, only, depth + 1);
  }

  /** A function that is given GFP_ATOMIC is asked not to sleep, whatever its own masks say. */
  private startFromRequests(): void {
    const { graph } = this;
    for (let call = 0; call < graph.callCount; call++)
      if (graph.actOf(call) === Act.Atomic && this.relevance.isCallRelevant(call))
        this.follow(call, Entered.Callback, undefined, Origin.Asked, false, 0);
  }

  // ── spreading ────────────────────────────────────────────────────────────────────────────────

  private spread(queue: ContextNode[]): void {
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at]!;
      if (node.depth >= reachOf(node)) continue;
      const end = this.graph.callsEnd(node.fn);
      for (let call = this.graph.callsFrom(node.fn); call < end; call++) {
        if ((this.graph.keepsOf(call) & node.bit) === 0 || !this.relevance.isCallRelevant(call)) continue;
        // The function sleeps anyway: calling it is the mistake, whatever masks it uses further down.
        if ((node.bit & ATOMIC_BITS) !== 0 && this.graph.provesSleep(call)) continue;
        const open = this.isOpen(call, node);
        if (open !== 'no') this.follow(call, node.bit, node, Origin.Passed, node.certain && open === 'yes', node.depth + 1);
      }
    }
  }

  /** Whether a call is reached in a node's context, as far as parameters decide that. */
  isOpen(call: number, node: ContextNode): 'yes' | 'no' | 'perhaps' {
    let answer: 'yes' | 'no' | 'perhaps' = 'yes';
    this.graph.everyGuard(call, (parameter, nonzero, usual) => {
      const known = parameter < 0 ? 0 : this.choiceOf(node, parameter);
      if (parameter === CHOSEN && node.depth > 0) answer = 'perhaps';
      if (parameter === -1 && originOf(node).origin === Origin.Asked) answer = 'no';
      else if (known === 0) answer = usual ? answer : 'perhaps';
      else if ((known === 2) !== nonzero) answer = 'no';
      return answer !== 'no';
    });
    return answer;
  }

  private choiceOf({ fn, choices }: ContextNode, parameter: number): number {
    const index = this.parametersOf(fn).indexOf(parameter);
    return index < 0 ? 0 : (choices >> (2 * index)) & 3;
  }

  /** Parameters that decide which calls a function makes, in its own calls or by being handed on. */
  private parametersOf(fn: number): readonly number[] {
    let known = this.decidingParameters.get(fn);
    if (!known) this.decidingParameters.set(fn, (known = this.findParameters(fn)));
    return known;
  }

  private findParameters(fn: number): readonly number[] {
    const found: number[] = [];
    const note = (parameter: number): void => {
      if (parameter >= 0 && found.length < MAX_CHOICES && !found.includes(parameter)) found.push(parameter);
    };
    const { graph } = this;
    const end = graph.callsEnd(fn);
    for (let call = graph.callsFrom(fn); call < end; call++)
      graph.everyGuard(call, (parameter) => {
        note(parameter);
        return true;
      });
    for (let call = graph.callsFrom(fn); call < end; call++)
      if (this.relevance.isCallRelevant(call)) graph.eachPassedOn(call, (_, parameter) => note(parameter));
    return found;
  }

  private follow(
    call: number,
    bit: number,
    parent: ContextNode | undefined,
    origin: Origin,
    certain: boolean,
    depth: number,
    locker?: number,
  ): void {
    for (const { fn, sure, mention } of this.relevance.targetsOf(call)) {
      if (parent && isTestimony(parent) && this.graph.fileOf(fn) !== this.graph.fileOf(parent.fn)) continue;
      this.add({
        fn,
        bit,
        choices: mention >= 0 ? 0 : this.choicesAt(call, parent, fn),
        certain: certain && sure && depth <= CERTAIN_DEPTH,
        depth,
        origin,
        parent,
        call,
        mention,
        registration: undefined,
        ...(locker !== undefined && { locker }),
      });
    }
  }

  /** What a call tells its callee about the parameters that decide there. */
  private choicesAt(call: number, caller: ContextNode | undefined, callee: number): number {
    let choices = 0;
    this.parametersOf(callee).forEach((parameter, index) => {
      let value = this.graph.constantAt(call, parameter);
      const handedOn = value === 0 ? this.graph.passedOnAt(call, parameter) : -1;
      if (handedOn >= 0) value = this.knownAt(call, caller, handedOn);
      choices |= value << (2 * index);
    });
    return choices;
  }

  private knownAt(call: number, caller: ContextNode | undefined, parameter: number): number {
    let value = caller ? this.choiceOf(caller, parameter) : 0;
    this.graph.everyGuard(call, (guarded, nonzero) => {
      if (guarded === parameter) value = nonzero ? 2 : 1;
      return true;
    });
    return value;
  }

  private add(node: ContextNode): void {
    const known = this.nodes.get(node.fn);
    // A function has few nodes: looking through them costs less than a set of keys beyond 32 bits.
    for (const other of known ?? [])
      if (other.bit === node.bit && other.choices === node.choices && (other.certain || !node.certain)) return;
    (node.certain ? this.certainQueue : this.possibleQueue).push(node);
    if (known) known.push(node);
    else this.nodes.set(node.fn, [node]);
  }

  // ── answers ──────────────────────────────────────────────────────────────────────────────────

  /** The calls that do what a caller forbids, each with the best context that reaches it. */
  *blockedCalls(): Generator<BlockedCall> {
    const { graph } = this;
    for (const [fn, nodes] of this.nodes) {
      const end = graph.callsEnd(fn);
      for (let call = graph.callsFrom(fn); call < end; call++) {
        const act = graph.actOf(call);
        if (act < Act.Blocks || (graph.heldAt(call) & ATOMIC_BITS) !== 0) continue;
        const best = this.bestFor(call, nodes, graph.provesSleep(call) ? 0 : ATOMIC_BITS) ?? this.bestFor(call, nodes, RECLAIM_BITS[act]!);
        if (best) yield { call, ...best };
      }
    }
  }

  /** Allocations that may sleep behind a function of another file that returned with a lock. */
  *lockedCalls(): Generator<BlockedCall> {
    const { graph } = this;
    for (let call = 0; call < graph.callCount; call++) {
      if (graph.actOf(call) < Act.Blocks || graph.heldAt(call) !== 0 || !graph.standsBehindUnknownLock(call)) continue;
      const left = this.locks.leftAt(call);
      const bit = left && BITS.find((one) => (left.bits & one) !== 0);
      if (bit === undefined) continue;
      const fn = graph.callerOf(call);
      const node = { fn, bit, choices: 0, certain: true, depth: 0, origin: Origin.Held, parent: undefined, call, mention: -1 };
      yield {
        call,
        node: { ...node, registration: undefined, locker: left!.by },
        certain: graph.everyGuard(call, (parameter) => parameter !== -1),
      };
    }
  }

  private bestFor(call: number, nodes: readonly ContextNode[], bits: number): { node: ContextNode; certain: boolean } | undefined {
    let best: { node: ContextNode; certain: boolean } | undefined;
    for (const node of nodes) {
      if ((this.graph.keepsOf(call) & node.bit & bits) === 0 || node.call === call) continue;
      const open = this.isOpen(call, node);
      if (open === 'no') continue;
      const certain = node.certain && open === 'yes';
      if (best && (best.certain || !certain) && (best.certain !== certain || best.node.depth <= node.depth)) continue;
      best = { node, certain };
    }
    return best;
  }
}

/** What a blocking call must not meet, by act. */
const RECLAIM_BITS: Readonly<Record<number, number>> = {
  [Act.Blocks]: 0,
  [Act.BlocksOnly]: 0,
  [Act.BlocksIo]: Entered.Io,
  [Act.BlocksFs]: Entered.Io | Entered.Fs,
};

function isTestimony(node: ContextNode): boolean {
  return originOf(node).origin === Origin.Testified;
}

/** Rests on a mask that somebody wrote, not on an event. */
function isWeak(node: ContextNode): boolean {
  const { origin } = originOf(node);
  return origin === Origin.Testified || origin === Origin.Asked;
}

/** How many calls a context is believed to travel. */
function reachOf(node: ContextNode): number {
  if (isWeak(node)) return TESTIMONY_DEPTH;
  return originOf(node).origin === Origin.Registered && (node.bit & ATOMIC_BITS) === 0 ? RECLAIM_DEPTH : MAX_DEPTH;
}

/** The node at the beginning of the chain. */
export function originOf(node: ContextNode): ContextNode {
  let origin = node;
  while (origin.parent) origin = origin.parent;
  return origin;
}

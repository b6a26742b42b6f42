import { Act, ATOMIC_BITS, Entered, GuardOn, Linkage, MentionUse, Via } from '../../facts/linkage/linkage';
import type { Callbacks } from './callbacks';
import { Choices } from './choices';
import { type ContextNode, isTestimony, Origin, originOf, reachOf, TESTIMONY_DEPTH } from './contextNode';
import type { ProgramGraph } from './graph';
import type { LockEffects } from './lockEffects';
import type { Relevance } from './relevance';
import { subsystemOf } from './subsystem';

/** A call that may sleep or enter reclaim although the context forbids it. */
export interface BlockedCall {
  readonly call: number;
  readonly node: ContextNode;
  readonly certain: boolean;
}

/** Calls that may lie between the event and the allocation in a certain chain: each one more is one more condition that nobody looked at. */
const CERTAIN_DEPTH = 4;
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
/** Spreads contexts that forbid sleeping along calls, breadth first, so that each function is reached by a shortest chain. */
export class AtomicContexts {
  /** Nodes by function, certain ones first and shorter chains first. */
  readonly nodes = new Map<number, ContextNode[]>();
  private certainQueue: ContextNode[] = [];
  private possibleQueue: ContextNode[] = [];
  private readonly choices: Choices;
  /** By file. */
  private readonly subsystems: string[] = [];

  constructor(
    private readonly graph: ProgramGraph,
    private readonly callbacks: Callbacks,
    private readonly relevance: Relevance,
    private readonly locks: LockEffects,
  ) {
    this.choices = new Choices(graph, relevance);
  }

  run(): this {
    this.startFromLocks();
    this.startFromForeignLocks();
    this.startFromCallbacks();
    this.startFromStatements();
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
      const early = this.earlyBits(graph.callerOf(call));
      const isLast = graph.everyGuard(call, (parameter) => parameter !== GuardOn.OwnReference);
      for (const bit of BITS) {
        if ((held & ~early & bit) === 0) continue;
        const certain = isLast && (graph.heldAt(call) & bit) !== 0;
        this.follow(call, bit, undefined, Origin.Held, certain, 0);
      }
    }
  }

  /** While the system starts, one processor runs with interrupts off and nothing can be waited for: the allocator knows that. */
  private earlyBits(fn: number): number {
    return this.graph.isInit(fn) ? Entered.InterruptsOff | Entered.PreemptionOff : 0;
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

  /** What functions say of the context they are entered in: sparse and lockdep hold their callers to it. */
  private startFromStatements(): void {
    const { graph } = this;
    for (let index = 0; index < graph.mentionCount; index++) {
      if (graph.useOfMention(index) !== MentionUse.Stated) continue;
      const { scope: fn, slot } = graph.mention(index);
      if (fn < 0 || !this.relevance.isRelevant(fn)) continue;
      for (const bit of BITS) {
        if ((slot & ~this.earlyBits(fn) & bit) === 0) continue;
        const origin = { origin: Origin.Stated, parent: undefined, call: -1, mention: index, registration: undefined };
        this.add({ fn, bit, choices: 0, certain: true, depth: 0, ...origin });
      }
    }
  }

  /** A function that calls its parameter under a lock: whoever passes it a function has that function called under the lock. */
  private startFromIterators(): void {
    const { relevance } = this;
    // One that calls its parameter without the lock as well may choose by what the function is.
    const always = new Map<number, number>();
    for (const { held, mention } of relevance.iterated) always.set(mention, (always.get(mention) ?? Entered.All) & held);
    for (const { call, held, mention, fn } of relevance.iterated) {
      for (const bit of BITS) {
        if ((held & bit) === 0) continue;
        this.add({
          fn,
          bit,
          choices: 0,
          certain: (always.get(mention)! & bit) !== 0,
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
        const open = this.choices.isOpen(call, node);
        if (open !== 'no') this.follow(call, node.bit, node, Origin.Passed, node.certain && open === 'yes', node.depth + 1);
      }
    }
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
      if (parent && !sure && this.isForeign(parent, call, fn)) continue;
      this.add({
        fn,
        bit,
        choices: mention >= 0 ? 0 : this.choices.at(call, parent, fn),
        // Who passes GFP_ATOMIC asks that nothing sleeps: the callee may well listen, by a condition on its mask.
        certain: certain && sure && depth <= CERTAIN_DEPTH && this.graph.actOf(call) !== Act.Atomic,
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

  /** What begins in one driver does not lead through the core into another: the core calls back whoever called it. */
  private isForeign(parent: ContextNode, call: number, fn: number): boolean {
    const { graph } = this;
    if (graph.viaOf(call) !== Via.Member) return false;
    const origin = originOf(parent);
    const from = this.subsystemOf(graph.fileOf(origin.call < 0 ? origin.fn : graph.callerOf(origin.call)));
    const [core, to] = [this.subsystemOf(graph.fileOf(graph.callerOf(call))), this.subsystemOf(graph.fileOf(fn))];
    return from !== core && from !== to && core !== to;
  }

  private subsystemOf(file: number): string {
    return (this.subsystems[file] ??= subsystemOf(this.graph.files[file]!));
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
        certain: graph.everyGuard(call, (parameter) => parameter !== GuardOn.Sleeping),
      };
    }
  }

  private bestFor(call: number, nodes: readonly ContextNode[], bits: number): { node: ContextNode; certain: boolean } | undefined {
    let best: { node: ContextNode; certain: boolean } | undefined;
    for (const node of nodes) {
      if ((this.graph.keepsOf(call) & node.bit & bits) === 0 || node.call === call) continue;
      const open = this.choices.isOpen(call, node);
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

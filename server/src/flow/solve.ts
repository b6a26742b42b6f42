import { type BasicBlock, type Cfg, type Condition, ENTRY } from './cfg';

/** The values a forward analysis computes with. States are never changed in place. */
export interface Lattice<State> {
  /** The state after the steps of a block. */
  transfer(block: BasicBlock, state: State): State;
  /**
   * The same for the only visit of a block: used in graphs without loops, where the first state of a block is also its last,
   * so that an observer may listen in and the blocks need not be visited again.
   */
  transferOnce?(block: BasicBlock, state: State): State;
  /** The state on an edge whose condition is known to hold, or undefined when the edge cannot be taken. */
  assume(condition: Condition, state: State): State | undefined;
  /** What holds on both paths. Must only lose knowledge: repeated joins reach a fixed point. */
  join(a: State, b: State): State;
  equal(a: State, b: State): boolean;
}

export interface Solution<State> {
  /** State at the start of each block; undefined for blocks that cannot be reached. */
  readonly before: readonly (State | undefined)[];
  /** The limit on visits was reached: the states of loops may be too strong, so nothing proven may rest on them. */
  readonly exhausted: boolean;
  /** The graph has no loop: each reachable block was visited once, by `transferOnce` where the lattice has it. */
  readonly acyclic: boolean;
}

/** Visits a block may take on average before the solver gives up; real functions need 2 to 4. */
const VISITS_PER_BLOCK = 24;

/** Computes the least fixed point of a forward analysis, visiting blocks in reverse postorder. */
export function solve<State>(cfg: Cfg, lattice: Lattice<State>, entry: State): Solution<State> {
  const order = reversePostorder(cfg);
  const rank = new Int32Array(cfg.blocks.length).fill(-1);
  order.forEach((block, index) => {
    rank[block] = index;
  });
  const before: (State | undefined)[] = new Array(cfg.blocks.length).fill(undefined);
  before[ENTRY] = entry;
  const dirty = new Uint8Array(order.length);
  dirty[0] = 1;
  const acyclic = !hasLoop(cfg, order, rank);
  const once = acyclic && lattice.transferOnce !== undefined;
  let fuel = order.length * VISITS_PER_BLOCK;
  for (let lowest = 0; lowest < order.length; ) {
    if (dirty[lowest] === 0) {
      lowest++;
      continue;
    }
    if (fuel-- === 0) return { before, exhausted: true, acyclic };
    dirty[lowest] = 0;
    const id = order[lowest]!;
    const block = cfg.blocks[id]!;
    const after = once ? lattice.transferOnce!(block, before[id]!) : lattice.transfer(block, before[id]!);
    let next = lowest + 1;
    for (const { to, condition } of block.successors) {
      const arriving = condition ? lattice.assume(condition, after) : after;
      if (arriving === undefined) continue;
      const known = before[to];
      const merged = known === undefined ? arriving : lattice.join(known, arriving);
      if (known !== undefined && lattice.equal(known, merged)) continue;
      before[to] = merged;
      const position = rank[to]!;
      dirty[position] = 1;
      if (position < next) next = position;
    }
    lowest = next;
  }
  return { before, exhausted: false, acyclic };
}

/** In reverse postorder only loops have edges that lead back. */
function hasLoop(cfg: Cfg, order: readonly number[], rank: Int32Array): boolean {
  return order.some((block) => cfg.blocks[block]!.successors.some((edge) => rank[edge.to]! <= rank[block]!));
}

/** Blocks that can be reached from the entry, each before its successors where there is no loop. */
function reversePostorder(cfg: Cfg): number[] {
  const seen = new Uint8Array(cfg.blocks.length);
  const order: number[] = [];
  const stack: { block: number; next: number }[] = [{ block: ENTRY, next: 0 }];
  seen[ENTRY] = 1;
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const successors = cfg.blocks[top.block]!.successors;
    if (top.next === successors.length) {
      order.push(top.block);
      stack.pop();
      continue;
    }
    const to = successors[top.next++]!.to;
    if (seen[to]) continue;
    seen[to] = 1;
    stack.push({ block: to, next: 0 });
  }
  return order.reverse();
}

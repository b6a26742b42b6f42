import type { Tree } from '../syntax/tree';
import { type Condition, type Edge, ENTRY, EXIT, type Step, StepKind } from './cfg';

export interface OpenBlock {
  readonly steps: Step[];
  readonly successors: Edge[];
}

/** A cleanup that runs when its scope is left. */
export interface Cleanup {
  readonly tree: Tree;
  readonly node: number;
}

interface PendingGoto {
  readonly from: number;
  readonly label: string;
  readonly cleanups: readonly Cleanup[];
}

export interface JumpTarget {
  readonly block: number;
  /** Number of cleanups that stay open at the target. */
  readonly depth: number;
}

/** A control-flow graph under construction: its blocks, the scopes that are open, and the jumps whose targets are not known yet. */
export class OpenGraph {
  protected readonly blocks: OpenBlock[] = [];
  /** The block that code is added to. */
  protected current: number = ENTRY;
  protected readonly breaks: JumpTarget[] = [];
  protected readonly continues: JumpTarget[] = [];
  private cleanups: Cleanup[] = [];
  private readonly labels = new Map<string, { block: number; cleanups: readonly Cleanup[] }>();
  private readonly gotos: PendingGoto[] = [];
  private readonly computedGotos: PendingGoto[] = [];

  constructor() {
    this.blocks.push({ steps: [], successors: [] }, { steps: [], successors: [] });
  }

  // ── blocks and edges ─────────────────────────────────────────────────────────────────────────

  protected newBlock(): number {
    this.blocks.push({ steps: [], successors: [] });
    return this.blocks.length - 1;
  }

  protected edge(from: number, to: number, condition?: Condition): void {
    this.blocks[from]!.successors.push({ to, condition });
  }

  /** Ends the current block with a jump; what follows is unreachable until a label or join starts a block. */
  protected jump(to: number): void {
    this.edge(this.current, to);
    this.current = this.newBlock();
  }

  /** Continues in `block`, reached from the current one. */
  protected fallInto(block: number): void {
    this.edge(this.current, block);
    this.current = block;
  }

  // ── scopes ───────────────────────────────────────────────────────────────────────────────────

  protected unwindTo(depth: number): void {
    for (let i = this.cleanups.length - 1; i >= depth; i--) this.scopeExit(this.current, this.cleanups[i]!);
  }

  private scopeExit(block: number, cleanup: Cleanup): void {
    this.blocks[block]!.steps.push({
      kind: StepKind.ScopeExit,
      tree: cleanup.tree,
      node: cleanup.node,
      expansion: undefined,
      quiet: false,
    });
  }

  protected openScope(tree: Tree, node: number): void {
    this.cleanups.push({ tree, node });
  }

  protected closeScopes(depth: number): void {
    this.unwindTo(depth);
    this.cleanups.length = depth;
  }

  protected get openScopes(): number {
    return this.cleanups.length;
  }

  // ── jumps ────────────────────────────────────────────────────────────────────────────────────

  protected jumpTo(label: string): void {
    this.gotos.push({ from: this.current, label, cleanups: this.cleanups.slice() });
    this.current = this.newBlock();
  }

  /** A jump to any of the labels. */
  protected jumpAnywhere(): void {
    this.computedGotos.push({ from: this.current, label: '', cleanups: this.cleanups.slice() });
    this.current = this.newBlock();
  }

  protected placeLabel(name: string): void {
    const target = this.newBlock();
    this.labels.set(name, { block: target, cleanups: this.cleanups.slice() });
    this.fallInto(target);
  }

  protected leave(targets: readonly JumpTarget[]): void {
    const target = targets[targets.length - 1];
    if (!target) return;
    this.unwindTo(target.depth);
    this.jump(target.block);
  }

  protected resolveGotos(): void {
    for (const { from, label, cleanups } of this.gotos) {
      const target = this.labels.get(label);
      if (target) this.gotoEdge(from, cleanups, target);
      else this.edge(from, EXIT);
    }
    for (const { from, cleanups } of this.computedGotos) {
      for (const target of this.labels.values()) this.gotoEdge(from, cleanups, target);
    }
  }

  private gotoEdge(from: number, cleanups: readonly Cleanup[], target: { block: number; cleanups: readonly Cleanup[] }): void {
    let shared = 0;
    while (shared < cleanups.length && shared < target.cleanups.length && cleanups[shared] === target.cleanups[shared]) shared++;
    for (let i = cleanups.length - 1; i >= shared; i--) this.scopeExit(from, cleanups[i]!);
    this.edge(from, target.block);
  }
}

import { addTo } from '../../base/listsByKey';
import type { IncludeNotes } from '../../facts/headers/includeNotes';

/** What {@link IncludeNotebook} has heard, as a value that a worker can send. */
export interface IncludeRows {
  /** Paths, and what stands for includes without a file: `?` and the last part of the path as written. */
  readonly nodes: readonly string[];
  /** Pairs of numbers of nodes: who includes what. */
  readonly edges: Int32Array;
  /** Files of which something was asked that their includes answer. */
  readonly asked: readonly string[];
}

const UNRESOLVED = '?';

/** Notes what files include, each thing once. */
export class IncludeNotebook implements IncludeNotes {
  private readonly known = new Map<string, Set<string>>();
  private numbers = new Map<string, number>();
  private edges: number[] = [];
  private askers: string[] = [];

  asked(file: string): void {
    this.askers.push(file);
    this.known.delete(file);
  }

  included(from: string, path: string, found: string | undefined): void {
    const target = found ?? UNRESOLVED + lastPart(path);
    let targets = this.known.get(from);
    if (targets === undefined) this.known.set(from, (targets = new Set()));
    if (targets.has(target)) return;
    targets.add(target);
    this.edges.push(this.number(from), this.number(target));
  }

  /** What was noted since the last time. */
  take(): IncludeRows {
    const rows = { nodes: [...this.numbers.keys()], edges: Int32Array.from(this.edges), asked: this.askers };
    this.numbers = new Map();
    this.edges = [];
    this.askers = [];
    return rows;
  }

  private number(node: string): number {
    let number = this.numbers.get(node);
    if (number === undefined) this.numbers.set(node, (number = this.numbers.size));
    return number;
  }
}

/** Which files rest on which headers. */
export class IncludeGraph {
  private readonly targets = new Map<string, Set<string>>();
  private readonly askers = new Set<string>();

  add({ nodes, edges, asked }: IncludeRows): void {
    for (let at = 0; at < edges.length; at += 2) {
      const from = nodes[edges[at]!]!;
      let targets = this.targets.get(from);
      if (targets === undefined) this.targets.set(from, (targets = new Set()));
      targets.add(nodes[edges[at + 1]!]!);
    }
    for (const file of asked) this.askers.add(file);
  }

  /** Forgets what a file includes and that it asked: it has changed, or is looked at again. */
  forget(path: string): void {
    this.targets.delete(path);
    this.askers.delete(path);
  }

  /** All files that something includes. */
  headers(): ReadonlySet<string> {
    const found = new Set<string>();
    for (const targets of this.targets.values()) for (const target of targets) if (!target.startsWith(UNRESOLVED)) found.add(target);
    return found;
  }

  /** Files whose includes may mean something else since files of these names have come or gone. */
  includersOf(paths: Iterable<string>): Set<string> {
    const names = new Set([...paths].map(lastPart));
    const found = new Set<string>();
    if (names.size === 0) return found;
    for (const [from, targets] of this.targets) {
      for (const target of targets) {
        if (!names.has(target.startsWith(UNRESOLVED) ? target.slice(UNRESOLVED.length) : lastPart(target))) continue;
        found.add(from);
        break;
      }
    }
    return found;
  }

  /** Files that asked something and from which one of these is in reach. */
  askersReaching(touched: Iterable<string>): Set<string> {
    const includers = new Map<string, string[]>();
    for (const [from, targets] of this.targets) for (const target of targets) addTo(includers, target, from);
    const seen = new Set(touched);
    // Grows while it is walked.
    for (const path of seen) for (const from of includers.get(path) ?? []) seen.add(from);
    return new Set([...seen].filter((path) => this.askers.has(path)));
  }

  /** The graph as rows, from which {@link add} makes it again. */
  rows(): IncludeRows {
    const numbers = new Map<string, number>();
    const number = (node: string): number => {
      let known = numbers.get(node);
      if (known === undefined) numbers.set(node, (known = numbers.size));
      return known;
    };
    const edges: number[] = [];
    for (const [from, targets] of this.targets) for (const target of targets) edges.push(number(from), number(target));
    return { nodes: [...numbers.keys()], edges: Int32Array.from(edges), asked: [...this.askers] };
  }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

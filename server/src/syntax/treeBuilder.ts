import { grown, headOf } from '../base/grown';
import type { NodeKind } from './nodes';
import type { TokenStream } from './tokenStream';
import type { Tokens } from './tokens';
import type { Tree } from './tree';

/** Trees above this many nodes give their buffers back, so that one huge file does not stay in memory. */
const KEPT_NODES = 1 << 20;

/**
 * The arrays of a growing tree; see tree.ts for their meaning. While a parser runs, `tok`, `first` and `end` hold stream positions;
 * {@link TreeBuilder.settle} turns them into token numbers.
 */
export class TreeBuilder {
  count = 1;
  kind = new Uint8Array(1 << 14);
  tok = new Uint32Array(1 << 14);
  first = new Uint32Array(1 << 14);
  end = new Uint32Array(1 << 14);
  child = new Uint32Array(1 << 14);
  next = new Uint32Array(1 << 14);
  aux = new Uint16Array(1 << 14);

  reset(): void {
    this.count = 1;
  }

  add(kind: NodeKind, tok: number, first: number, end: number): number {
    const node = this.count++;
    if (node >= this.kind.length) this.grow();
    this.kind[node] = kind;
    this.tok[node] = tok;
    this.first[node] = first;
    this.end[node] = end;
    this.child[node] = 0;
    this.next[node] = 0;
    this.aux[node] = 0;
    return node;
  }

  /** A node of one token. */
  leaf(kind: NodeKind, tok: number): number {
    return this.add(kind, tok, tok, tok + 1);
  }

  /** Links a child behind `tail` (0: as the first one) and returns it as the new tail. */
  append(parent: number, tail: number, child: number): number {
    if (tail === 0) this.child[parent] = child;
    else this.next[tail] = child;
    return child;
  }

  /**
   * Makes `child` the first child of a node. Always use this for a child that is parsed in the same statement: in
   * `tree.child[node] = parse()` the array is looked up before the parse, which may replace it by a larger one.
   */
  setChild(node: number, child: number): void {
    this.child[node] = child;
  }

  /** Makes `next` the following sibling of a node; see {@link setChild}. */
  setNext(node: number, next: number): void {
    this.next[node] = next;
  }

  /** Turns the stream positions of the nodes from `from` on into token numbers. */
  settle(from: number, stream: TokenStream): void {
    const { raw } = stream;
    if (raw === undefined) return;
    const { tok, first, end, count } = this;
    for (let node = from; node < count; node++) {
      const start = first[node]!;
      const stop = end[node]!;
      tok[node] = raw[tok[node]!]!;
      first[node] = raw[start]!;
      end[node] = stop > start ? raw[stop - 1]! + 1 : raw[start]!;
    }
  }

  /** The exact part of the arrays as an immutable tree. */
  take(tokens: Tokens, over?: Tree): Tree {
    const { count } = this;
    // One slice per array: faster than views of one buffer, which would be cleared before it is filled.
    const tree: Tree = {
      tokens,
      count,
      kind: headOf(this.kind, count, over?.kind),
      tok: headOf(this.tok, count, over?.tok),
      first: headOf(this.first, count, over?.first),
      end: headOf(this.end, count, over?.end),
      child: headOf(this.child, count, over?.child),
      next: headOf(this.next, count, over?.next),
      aux: headOf(this.aux, count, over?.aux),
    };
    if (this.kind.length > KEPT_NODES) this.allocate(1 << 14);
    return tree;
  }

  private allocate(size: number): void {
    this.kind = new Uint8Array(size);
    this.tok = new Uint32Array(size);
    this.first = new Uint32Array(size);
    this.end = new Uint32Array(size);
    this.child = new Uint32Array(size);
    this.next = new Uint32Array(size);
    this.aux = new Uint16Array(size);
  }

  private grow(): void {
    const size = this.kind.length * 2;
    this.kind = grown(this.kind, size);
    this.tok = grown(this.tok, size);
    this.first = grown(this.first, size);
    this.end = grown(this.end, size);
    this.child = grown(this.child, size);
    this.next = grown(this.next, size);
    this.aux = grown(this.aux, size);
  }
}

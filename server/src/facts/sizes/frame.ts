import { rangeOf, type Tree } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';

/** Values of local variables at the point of evaluation, by name; undefined for a variable nothing is known of. */
export type ValueEnvironment = (symbolName: string) => SizeInterval | undefined;

/** Where an evaluation stands: what names mean there, and how deep it already is. */
export interface Frame {
  readonly tree: Tree;
  readonly env: ValueEnvironment | undefined;
  readonly depth: number;
  readonly notes: Set<string>;
  /** Token of the file at which local names are looked up. */
  readonly at: number;
}

const decoder = new TextDecoder();

/** The texts behind trees: the file's own and those of macro bodies. */
export class TreeTexts {
  private readonly bytes: Map<Tree, Uint8Array>;

  constructor(tree: Tree, bytes: Uint8Array) {
    this.bytes = new Map([[tree, bytes]]);
  }

  add(tree: Tree, bytes: Uint8Array): void {
    this.bytes.set(tree, bytes);
  }

  of(tree: Tree, node: number): string {
    const { start, end } = rangeOf(tree, node);
    return decoder.decode(this.bytes.get(tree)!.subarray(start, end));
  }
}

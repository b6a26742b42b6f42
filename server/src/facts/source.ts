import type { Interner } from '../base/interner';
import type { TextRange } from '../base/range';
import type { Expansion } from '../flow/cfg';
import { rangeOf, stripCasts, type Tree } from '../syntax/tree';

const decoder = new TextDecoder('utf-8');

/** The bytes behind each tree of one analysis: the file's own and those of macro bodies. */
export class SourceTexts {
  private readonly bytes = new Map<Tree, Uint8Array>();

  constructor(private readonly interner: Interner) {}

  add(tree: Tree, bytes: Uint8Array): void {
    this.bytes.set(tree, bytes);
  }

  bytesOf(tree: Tree): Uint8Array {
    return this.bytes.get(tree)!;
  }

  slice(tree: Tree, range: TextRange): string {
    return decoder.decode(this.bytesOf(tree).subarray(range.start, range.end));
  }

  /** The source text of a node with white space folded to single blanks. */
  text(tree: Tree, node: number): string {
    if (tree.end[node]! - tree.first[node]! === 1) return this.tokenText(tree, tree.first[node]!);
    const text = this.slice(tree, rangeOf(tree, node));
    return isFolded(text) ? text : text.replace(/\s+/g, ' ');
  }

  tokenText(tree: Tree, token: number): string {
    const symbol = tree.tokens.symbol[token]!;
    if (symbol !== 0) return this.interner.text(symbol);
    return this.slice(tree, { start: tree.tokens.start[token]!, end: tree.tokens.end[token]! });
  }

  /** The spelling that identifies a lock or pointer: no outer parentheses, no blanks, `(*x).y` and `(x)->y` as `x->y`. */
  pathText(tree: Tree, node: number): string {
    const inner = stripCasts(tree, node);
    if (tree.end[inner]! - tree.first[inner]! === 1) return this.tokenText(tree, tree.first[inner]!);
    return this.slice(tree, rangeOf(tree, inner))
      .replace(/\s+/g, '')
      .replace(/\(\*(\w+)\)\./g, '$1->')
      .replace(/(^|[^\w)\]])\((\w+)\)/g, '$1$2');
  }
}

function isFolded(text: string): boolean {
  return !text.includes('\n') && !text.includes('\t') && !text.includes('  ');
}

/** A range in the analysed file: for nodes inside a macro body, that of the outermost call that was expanded. */
export function fileRange(tree: Tree, node: number, expansion: Expansion | undefined, fileTree: Tree): TextRange {
  if (!expansion) return rangeOf(tree, node);
  let outermost = expansion;
  while (outermost.outer) outermost = outermost.outer;
  return rangeOf(fileTree, outermost.call);
}

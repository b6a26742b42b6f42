import { isMemberAccess } from '../../syntax/brackets';
import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import type { CallSite } from '../site';
import type { FileNodes } from './fileNodes';

/** The names that stand in the functions around some calls, remembered by the list of calls. */
export class NamesBeside {
  private readonly namesBeside = new Map<readonly CallSite[], ReadonlySet<number>>();

  constructor(private readonly nodes: FileNodes) {}

  /** Whether one of the functions that make these calls names the member or variable that a node names, or one that it was read from. */
  has(node: number, calls: readonly CallSite[]): boolean {
    const symbol = this.nodes.tree.tokens.symbol[this.nodes.tree.tok[node]!]!;
    if (this.isSymbolBeside(symbol, calls)) return true;
    return (
      this.nodes.tree.kind[node] === NodeKind.Identifier &&
      this.membersReadInto(node, symbol).some((member) => this.isSymbolBeside(member, calls))
    );
  }

  /** Members that end what a variable is assigned in its function: `old = x->ring;`. */
  private membersReadInto(node: number, symbol: number): number[] {
    const { kind, symbol: symbols } = this.nodes.tree.tokens;
    const owner = this.nodes.functionNodeAt(node);
    const members: number[] = [];
    for (let token = this.nodes.tree.first[owner]!; token < this.nodes.tree.end[owner]!; token++) {
      if (symbols[token] !== symbol || kind[token + 1] !== TokenKind.Assign) continue;
      for (let at = token + 2; kind[at] !== TokenKind.Semicolon && at < this.nodes.tree.end[owner]!; at++)
        if (isMemberAccess(kind[at])) members.push(symbols[at + 1]!);
    }
    return members;
  }

  private isSymbolBeside(symbol: number, calls: readonly CallSite[]): boolean {
    let names = this.namesBeside.get(calls);
    if (names === undefined) {
      names = this.namesIn(new Set(calls.map((call) => call.function.entry.node)));
      this.namesBeside.set(calls, names);
    }
    return names.has(symbol);
  }

  private namesIn(functions: ReadonlySet<number>): ReadonlySet<number> {
    const { tree } = this.nodes;
    const names = new Set<number>();
    for (const node of functions) {
      for (let token = tree.first[node]!; token < tree.end[node]!; token++) names.add(tree.tokens.symbol[token]!);
    }
    return names;
  }
}

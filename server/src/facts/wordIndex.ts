import { grown } from '../base/grown';
import { TokenKind } from '../syntax/tokens';
import type { Tree } from '../syntax/tree';

/**
 * Where the words that matter stand in a file: token numbers, ascending, with the roles of each. Questions about a range of
 * tokens cost as much as there are such words in it, not as much as there are tokens.
 */
export class WordIndex {
  private readonly at: Uint32Array;
  private readonly roles: Uint16Array;
  private readonly count: number;
  /** All roles that occur in the file. */
  readonly union: number;

  /** `roleOf` gives the roles of a name; `isCall` says that it stands before an opening parenthesis. */
  constructor(
    private readonly tree: Tree,
    roleOf: (symbol: number, isCall: boolean) => number,
  ) {
    const { symbol, kind, count } = tree.tokens;
    let [at, roles] = [new Uint32Array(256), new Uint16Array(256)];
    let [found, union] = [0, 0];
    for (let token = 1; token < count; token++) {
      const name = symbol[token]!;
      if (name === 0) continue;
      const role = roleOf(name, kind[token + 1] === TokenKind.LParen);
      if (role === 0) continue;
      if (found === at.length) [at, roles] = [grown(at, found * 2), grown(roles, found * 2)];
      at[found] = token;
      roles[found++] = role;
      union |= role;
    }
    this.at = at;
    this.roles = roles;
    this.count = found;
    this.union = union;
  }

  /** Whether a word in [first, end) has one of these roles. */
  has(first: number, end: number, roles: number): boolean {
    for (let i = this.from(first); i < this.count && this.at[i]! < end; i++) if ((this.roles[i]! & roles) !== 0) return true;
    return false;
  }

  /** Calls `visit` with the symbol, roles and token of each word in [first, end) that has one of these roles, until it answers true. */
  some(first: number, end: number, roles: number, visit: (symbol: number, role: number, token: number) => boolean): boolean {
    const { symbol } = this.tree.tokens;
    for (let i = this.from(first); i < this.count && this.at[i]! < end; i++) {
      if ((this.roles[i]! & roles) !== 0 && visit(symbol[this.at[i]!]!, this.roles[i]!, this.at[i]!)) return true;
    }
    return false;
  }

  /** The first word at or behind a token. */
  private from(token: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at[middle]! < token) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

import { NodeKind } from './nodes';
import type { Damage } from './sourceFile';
import type { TokenStream } from './tokenStream';
import { TokenKind } from './tokens';
import type { TreeBuilder } from './treeBuilder';
import type { Vocabulary } from './vocabulary';

/** Nesting beyond this depth is not read but reported as 'too-deep'. The deepest real code stays below 100. */
export const MAX_DEPTH = 200;

/** Looking ahead may visit each token this often on average; beyond it the parser stops looking and takes its first guess. */
const LOOKAHEAD_PER_TOKEN = 16;

/** Cursor, damage and bracket matching: what all parts of the parser share. */
export abstract class ParserCore {
  /** Kinds of the stream's tokens; an Eof is put in here for a while to end a function early. */
  protected readonly kind: Uint8Array;
  protected readonly symbol: Uint32Array;
  /** Position of the next token. */
  protected pos = 1;
  protected depth = 0;
  /** Position of the first token that did not fit since the last recovery; 0 when all is well. */
  protected trouble = 0;
  /** The trouble is excessive nesting, so that reading the same in another way is pointless. */
  protected tooDeep = false;
  /** Position of the name of the function that is being read. */
  protected functionName = 0;
  private lookahead: number;

  constructor(
    protected readonly stream: TokenStream,
    protected readonly tree: TreeBuilder,
    protected readonly vocabulary: Vocabulary,
    protected readonly damage: Damage[],
    private readonly nameOf: (symbol: number) => string,
  ) {
    this.kind = stream.kind;
    this.symbol = stream.symbol;
    this.lookahead = stream.kind.length * LOOKAHEAD_PER_TOKEN + 1000;
  }

  protected listedTraits(position: number): number {
    return this.vocabulary.listedTraits(this.symbol[position]!);
  }

  protected traits(position: number): number {
    return this.vocabulary.traits(this.symbol[position]!);
  }

  /** Notes that the next token does not fit. */
  protected fail(): void {
    if (this.trouble === 0) this.trouble = this.pos;
  }

  protected failTooDeep(): void {
    this.fail();
    this.tooDeep = true;
  }

  /** A node for what is missing at the cursor; consumes nothing. */
  protected missing(): number {
    this.fail();
    return this.tree.add(NodeKind.Damaged, this.pos, this.pos, this.pos);
  }

  protected omitted(): number {
    return this.tree.add(NodeKind.Omitted, this.pos, this.pos, this.pos);
  }

  protected expect(kind: TokenKind): void {
    if (this.kind[this.pos] === kind) this.pos++;
    else this.fail();
  }

  /** Ends the state of trouble and lists the tokens [from, to) as damaged. */
  protected report(from: number, to: number, reason: string): void {
    const { stream } = this;
    const start = stream.offset(from);
    const end = to > from ? stream.endOffset(to - 1) : start;
    const name = this.functionName === 0 ? '' : this.nameOf(this.symbol[this.functionName]!);
    this.damage.push({ range: { start, end }, reason: this.tooDeep ? 'too-deep' : reason, function: name });
    this.trouble = 0;
    this.tooDeep = false;
  }

  /** Moves behind the bracket that matches the one at the cursor, or to the Eof. */
  protected skipBalanced(): void {
    const { kind } = this;
    let depth = 0;
    for (;;) {
      const token = kind[this.pos]!;
      if (token === TokenKind.Eof) return;
      this.pos++;
      if (opens(token)) depth++;
      else if (closes(token) && --depth <= 0) return;
    }
  }

  /** Position of the `)` for the `(` at `open`, with whatever lies between; 0 when the enclosing block or the text ends before it. */
  protected matchingParen(open: number): number {
    const { kind } = this;
    let parens = 0;
    let braces = 0;
    for (let at = open; this.lookahead > 0; at++, this.lookahead--) {
      switch (kind[at]) {
        case TokenKind.LParen:
          parens++;
          break;
        case TokenKind.RParen:
          if (--parens === 0) return at;
          break;
        case TokenKind.LBrace:
          braces++;
          break;
        case TokenKind.RBrace:
          if (--braces < 0) return 0;
          break;
        case TokenKind.Eof:
          return 0;
      }
    }
    return 0;
  }

  /** As {@link matchingParen}, but a `;` outside braces ends the search too: the parenthesis is taken for one that was not closed. */
  protected matchingParenInStatement(open: number): number {
    const close = this.matchingParen(open);
    let braces = 0;
    for (let at = open; at < close; at++, this.lookahead--) {
      const token = this.kind[at]!;
      if (token === TokenKind.LBrace) braces++;
      else if (token === TokenKind.RBrace) braces--;
      else if (token === TokenKind.Semicolon && braces === 0) return 0;
    }
    return close;
  }

  /** Expects the `)` for `open`; tokens in front of it that do not fit are reported and passed over when it can be found. */
  protected closeParen(open: number): void {
    if (this.kind[this.pos] === TokenKind.RParen && this.trouble === 0) {
      this.pos++;
      return;
    }
    this.fail();
    if (this.tooDeep) return;
    const close = this.matchingParenInStatement(open);
    if (close < this.pos) return;
    this.report(this.pos, close, 'expression');
    this.pos = close + 1;
  }
}

export function opens(token: number): boolean {
  return token === TokenKind.LParen || token === TokenKind.LBrace || token === TokenKind.LBracket;
}

export function closes(token: number): boolean {
  return token === TokenKind.RParen || token === TokenKind.RBrace || token === TokenKind.RBracket;
}

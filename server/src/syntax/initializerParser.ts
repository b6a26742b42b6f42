import { CallParser } from './callParser';
import { NodeKind } from './nodes';
import { MAX_DEPTH } from './parserCore';
import { TokenKind } from './tokens';

/** Initialisers, and the lists in braces at file level in general. */
export abstract class InitializerParser extends CallParser {
  protected parseInitializerValue(): number {
    return this.kind[this.pos] === TokenKind.LBrace ? this.parseInitList() : this.parseAssignment();
  }

  protected parseInitList(): number {
    const { kind, tree } = this;
    const open = this.pos;
    const node = tree.add(NodeKind.InitList, open, open, 0);
    if (this.depth >= MAX_DEPTH) {
      this.failTooDeep();
      tree.end[node] = this.pos;
      return node;
    }
    const close = this.enterBraces();
    this.pos++;
    this.depth++;
    let tail = 0;
    while (kind[this.pos] !== TokenKind.RBrace && kind[this.pos] !== TokenKind.Eof) {
      if (kind[this.pos] === TokenKind.Comma) {
        this.pos++;
        continue;
      }
      const start = this.pos;
      tail = tree.append(node, tail, this.parseInitItem());
      if (this.trouble !== 0) {
        if (this.tooDeep || kind[this.pos] === TokenKind.Semicolon || kind[this.pos] === TokenKind.Eof) break;
        this.skipToComma();
      } else if (this.pos === start) this.pos++;
    }
    this.depth--;
    this.leaveBraces(close);
    tree.end[node] = this.pos;
    return node;
  }

  private parseInitItem(): number {
    const { kind } = this;
    switch (kind[this.pos]) {
      case TokenKind.LBrace:
        return this.parseInitList();
      case TokenKind.Dot:
      case TokenKind.LBracket:
        return this.parseDesignated();
      case TokenKind.Identifier:
        // `name: value`, the GNU spelling from before C99
        return kind[this.pos + 1] === TokenKind.Colon ? this.parseDesignated() : this.parseAssignment();
      default:
        return this.parseAssignment();
    }
  }

  protected parseDesignated(): number {
    const { kind, tree } = this;
    const first = this.pos;
    const node = tree.add(NodeKind.Designated, first, first, 0);
    let tail = 0;
    if (kind[first] === TokenKind.Identifier) {
      tail = tree.append(node, tail, tree.leaf(NodeKind.FieldDesignator, first));
      this.pos += 2;
    } else {
      while (this.trouble === 0 && (kind[this.pos] === TokenKind.Dot || kind[this.pos] === TokenKind.LBracket)) {
        tail = tree.append(node, tail, kind[this.pos] === TokenKind.Dot ? this.parseFieldDesignator() : this.parseIndexDesignator());
      }
      if (kind[this.pos] === TokenKind.Assign) this.pos++;
    }
    if (this.trouble === 0) tree.append(node, tail, this.parseInitializerValue());
    tree.end[node] = this.pos;
    return node;
  }

  private parseFieldDesignator(): number {
    const { kind, tree } = this;
    const dot = this.pos++;
    const name = this.pos;
    if (kind[name] === TokenKind.Identifier || kind[name]! >= TokenKind.FirstKeyword) this.pos++;
    else this.fail();
    // `.FIELD(name) = value`: the macro makes the field's name.
    if (kind[this.pos] === TokenKind.LParen && this.trouble === 0) this.skipBalanced();
    return tree.add(NodeKind.FieldDesignator, name, dot, this.pos);
  }

  private parseIndexDesignator(): number {
    const { kind, tree } = this;
    const open = this.pos++;
    const node = tree.add(NodeKind.IndexDesignator, open, open, 0);
    const from = this.parseConditional();
    tree.child[node] = from;
    if (kind[this.pos] === TokenKind.Ellipsis) {
      this.pos++;
      tree.setNext(from, this.parseConditional());
    }
    this.expect(TokenKind.RBracket);
    tree.end[node] = this.pos;
    return node;
  }

  /** Reports what stands before the next `,` or the closing bracket as damaged. */
  protected skipToComma(): void {
    const { kind } = this;
    const start = this.pos;
    for (;;) {
      const token = kind[this.pos]!;
      if (token === TokenKind.Eof || token === TokenKind.Comma || closesGroup(token)) break;
      if (token === TokenKind.LParen || token === TokenKind.LBrace || token === TokenKind.LBracket) this.skipBalanced();
      else this.pos++;
    }
    this.report(start, this.pos, 'expression');
    // A stray `)` or `]` belongs to nothing.
    if (kind[this.pos] === TokenKind.RParen || kind[this.pos] === TokenKind.RBracket) this.pos++;
  }

  /** Called at a `{` that holds members, enumerators or initialisers; what it returns goes to {@link leaveBraces}. */
  protected abstract enterBraces(): number;
  /** Consumes the `}` that belongs to {@link enterBraces}. */
  protected abstract leaveBraces(entered: number): void;
}

function closesGroup(token: number): boolean {
  return token === TokenKind.RBrace || token === TokenKind.RParen || token === TokenKind.RBracket;
}

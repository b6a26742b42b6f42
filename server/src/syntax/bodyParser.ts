import { type BraceLimit, BraceLimits } from './braceLimits';
import { NodeKind } from './nodes';
import type { Damage } from './sourceFile';
import { StatementParser } from './statementParser';
import type { TokenStream } from './tokenStream';
import { TokenKind } from './tokens';
import type { TreeBuilder } from './treeBuilder';
import type { Vocabulary } from './vocabulary';

/** Braces at file level: where they end is settled before their inside is read (see {@link BraceLimits}). */
export abstract class BodyParser extends StatementParser {
  constructor(stream: TokenStream, tree: TreeBuilder, vocabulary: Vocabulary, damage: Damage[], nameOf: (symbol: number) => string) {
    super(stream, tree, vocabulary, damage, nameOf);
    this.braces = new BraceLimits(stream);
  }

  /** Position that holds an Eof of ours while braces at file level are read, 0 at file level itself. */
  protected limit = 0;
  private limitKind = 0;
  private limitClose = 0;
  protected readonly braces: BraceLimits;

  protected enterBraces(): number {
    if (this.limit !== 0) return 0;
    this.limitTo(this.braces.find(this.pos));
    return this.limit;
  }

  protected leaveBraces(entered: number): void {
    const { kind } = this;
    if (entered === 0) {
      this.expect(TokenKind.RBrace);
      return;
    }
    const close = this.limitClose;
    this.unlimit();
    if (this.trouble === 0 && this.pos === close && kind[this.pos] === TokenKind.RBrace) {
      this.pos++;
      return;
    }
    this.report(this.pos, entered, 'unbalanced');
    this.pos = entered;
  }

  private limitTo(found: BraceLimit): void {
    this.limit = found.end;
    this.limitClose = found.close;
    this.limitKind = this.kind[found.end]!;
    this.kind[found.end] = TokenKind.Eof;
  }

  protected unlimit(): void {
    this.kind[this.limit] = this.limitKind;
    this.limit = 0;
  }

  /** The Block at the cursor, whatever its inside looks like: the cursor ends where the layout says that the function ends. */
  protected parseFunctionBody(): number {
    const { kind, tree } = this;
    if (this.limit !== 0) return this.parseBlock();
    const open = this.pos;
    const found = this.braces.find(open);
    this.limitTo(found);
    if (found.unbalanced) this.report(open, open + 1, 'unbalanced');
    const node = tree.add(NodeKind.Block, open, open, 0);
    let tail = 0;
    this.pos++;
    while (this.pos !== found.close && kind[this.pos] !== TokenKind.Eof) {
      const before = this.pos;
      const statement = this.parseStatement();
      if (statement !== 0) tail = tree.append(node, tail, statement);
      if (this.pos === before) {
        // A `}` too many.
        tail = tree.append(node, tail, tree.leaf(NodeKind.Damaged, this.pos++));
      }
    }
    this.unlimit();
    this.pos = found.end;
    tree.end[node] = this.pos;
    return node;
  }
}

import { DeclarationParser } from './declarationParser';
import { NodeKind } from './nodes';
import { Role, TOKEN_ROLE } from './tokenClasses';
import { TokenKind } from './tokens';

/**
 * Statements that begin with a keyword, and getting behind a statement that cannot be read: it becomes Damaged and ends at the next
 * `;` or in front of the next `}`.
 */
export abstract class ControlParser extends DeclarationParser {
  /** The text is a fragment: its last statement may miss the semicolon, which follows where the fragment is used. */
  protected readsFragment = false;

  /** Reports the statement from `start` and moves behind it. `read` is what could be read of it. */
  protected recover(start: number, read: number, reason: string): number {
    const { kind, tree } = this;
    if (read !== 0) tree.end[read] = this.pos;
    this.passStatement();
    if (this.pos === start && kind[start] !== TokenKind.Eof && kind[start] !== TokenKind.RBrace) this.pos++;
    this.report(this.trouble !== 0 && this.trouble < this.pos ? this.trouble : start, this.pos, reason);
    const node = tree.add(NodeKind.Damaged, start, start, this.pos);
    tree.child[node] = read;
    return node;
  }

  /** Moves behind the next `;` or block, or in front of a `}` or of a statement that begins a line. */
  protected passStatement(): void {
    const { kind } = this;
    for (let first = true; ; first = false) {
      const token = kind[this.pos]!;
      if (token === TokenKind.Eof || token === TokenKind.RBrace) return;
      if (token === TokenKind.Semicolon) {
        this.pos++;
        return;
      }
      if (token === TokenKind.LBrace) {
        this.skipBalanced();
        return;
      }
      const keyword = (TOKEN_ROLE[token]! & Role.Statement) !== 0 || token === TokenKind.Case || token === TokenKind.Default;
      if (keyword && !first && this.stream.startsLine(this.pos)) return;
      this.pos++;
    }
  }

  /** The statement governed by if, while, …; an Empty node where it is missing. */
  protected parseSubStatement(): number {
    const node = this.parseStatement();
    return node !== 0 ? node : this.missingStatement();
  }

  private missingStatement(): number {
    const node = this.tree.add(NodeKind.Empty, this.pos, this.pos, this.pos);
    this.report(this.pos, this.pos, 'statement');
    return node;
  }

  /** `( expr )` behind if, while and switch. False, with the trouble kept, when it cannot be read. */
  private parseCondition(): number {
    const open = this.pos;
    // `if time_after(a, b)`: the macro brings the parentheses.
    if (this.kind[open] === TokenKind.Identifier && this.kind[open + 1] === TokenKind.LParen) return this.parseUnary();
    if (this.kind[open] !== TokenKind.LParen) return this.missing();
    this.pos++;
    const expression = this.parseExpression();
    this.closeParen(open);
    return expression;
  }

  /** `if … else if … else …` in a loop: each If is the `else` of the one before it. */
  protected parseIf(): number {
    const { kind, tree } = this;
    let head = 0;
    let outerThen = 0;
    let last = 0;
    for (;;) {
      const word = this.pos++;
      const condition = this.parseCondition();
      const node = tree.add(NodeKind.If, word, word, 0);
      tree.child[node] = condition;
      const then = this.trouble === 0 ? this.parseSubStatement() : this.recover(word, 0, 'expression');
      tree.next[condition] = then;
      if (head === 0) head = node;
      else tree.next[outerThen] = node;
      outerThen = then;
      last = node;
      if (kind[this.pos] !== TokenKind.Else) break;
      this.pos++;
      if (kind[this.pos] !== TokenKind.If) {
        tree.setNext(then, this.parseSubStatement());
        break;
      }
    }
    for (let node = head; ; node = tree.next[tree.next[tree.child[node]!]!]!) {
      tree.end[node] = this.pos;
      if (node === last) return head;
    }
  }

  protected parseWhile(): number {
    const { tree } = this;
    const word = this.pos++;
    const condition = this.parseCondition();
    const node = tree.add(NodeKind.While, word, word, 0);
    tree.child[node] = condition;
    tree.setNext(condition, this.trouble === 0 ? this.parseSubStatement() : this.recover(word, 0, 'expression'));
    tree.end[node] = this.pos;
    return node;
  }

  protected parseDo(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const body = this.parseSubStatement();
    const node = tree.add(NodeKind.DoWhile, word, word, 0);
    tree.child[node] = body;
    if (kind[this.pos] === TokenKind.While) {
      this.pos++;
      tree.setNext(body, this.parseCondition());
      if (this.trouble === 0 && kind[this.pos] === TokenKind.Semicolon) this.pos++;
      else if (this.trouble !== 0) this.recover(word, 0, 'expression');
    } else if (kind[this.pos] === TokenKind.Identifier && kind[this.pos + 1] === TokenKind.LParen) {
      // `do { … } while_each_thread(g, t);`
      tree.setNext(body, this.parseUnary());
      tree.end[node] = this.pos;
      return this.endSimple(node, word);
    } else {
      tree.setNext(body, this.omitted());
      this.report(this.pos, this.pos, 'statement');
    }
    tree.end[node] = this.pos;
    return node;
  }

  protected parseFor(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const open = this.pos;
    const node = tree.add(NodeKind.For, word, word, 0);
    let tail = 0;
    this.expect(TokenKind.LParen);
    if (this.trouble === 0) {
      tail = tree.append(node, tail, this.parseForInit());
      if (kind[this.pos] === TokenKind.RParen) {
        // `for (EACH_ELEMENT(x))`: the macro brings its semicolons.
        tail = tree.append(node, tail, this.omitted());
        tail = tree.append(node, tail, this.omitted());
      } else {
        this.expect(TokenKind.Semicolon);
        tail = tree.append(node, tail, kind[this.pos] === TokenKind.Semicolon ? this.omitted() : this.parseExpression());
        this.expect(TokenKind.Semicolon);
        tail = tree.append(node, tail, kind[this.pos] === TokenKind.RParen ? this.omitted() : this.parseExpression());
      }
      this.closeForHeader(open);
    }
    if (this.trouble !== 0) {
      while (this.childCount(node) < 3) tail = tree.append(node, tail, this.omitted());
      tree.append(node, tail, this.recover(word, 0, 'expression'));
    } else tree.append(node, tail, this.parseSubStatement());
    tree.end[node] = this.pos;
    return node;
  }

  private parseForInit(): number {
    const { kind } = this;
    if (kind[this.pos] === TokenKind.Semicolon) return this.omitted();
    const declares =
      kind[this.pos] === TokenKind.Identifier
        ? this.nameStartsDeclaration()
        : (TOKEN_ROLE[kind[this.pos]!]! & (Role.Type | Role.Storage)) !== 0;
    return declares ? this.parseDeclarationWithoutEnd() : this.parseExpression();
  }

  private closeForHeader(open: number): void {
    if (this.trouble === 0 && this.kind[this.pos] === TokenKind.RParen) {
      this.pos++;
      return;
    }
    this.fail();
    if (this.tooDeep) return;
    const close = this.matchingParen(open);
    if (close < this.pos) return;
    this.report(this.pos, close, 'expression');
    this.pos = close + 1;
  }

  private childCount(node: number): number {
    let count = 0;
    for (let child = this.tree.child[node]!; child !== 0; child = this.tree.next[child]!) count++;
    return count;
  }

  protected parseSwitch(): number {
    const { tree } = this;
    const word = this.pos++;
    const subject = this.parseCondition();
    const node = tree.add(NodeKind.Switch, word, word, 0);
    tree.child[node] = subject;
    tree.setNext(subject, this.trouble === 0 ? this.parseSubStatement() : this.recover(word, 0, 'expression'));
    tree.end[node] = this.pos;
    return node;
  }

  /** Any number of labels in a loop, then the statement they stand on; each label holds the next one. */
  protected parseLabelled(): number {
    const { kind, tree } = this;
    let head = 0;
    let innermost = 0;
    let statement = 0;
    for (;;) {
      const label = this.parseLabel();
      if (head === 0) head = label;
      else tree.append(innermost, this.lastChildOf(innermost), label);
      innermost = label;
      const token = kind[this.pos];
      const more =
        token === TokenKind.Case ||
        token === TokenKind.Default ||
        (token === TokenKind.Identifier && kind[this.pos + 1] === TokenKind.Colon);
      if (more && this.trouble === 0) continue;
      if (this.trouble !== 0) statement = this.recover(tree.first[label]!, 0, 'expression');
      else if (token !== TokenKind.RBrace && token !== TokenKind.Eof) statement = this.parseStatement();
      break;
    }
    if (statement !== 0) tree.append(innermost, this.lastChildOf(innermost), statement);
    for (let node = head; ; node = this.lastChildOf(node)) {
      tree.end[node] = this.pos;
      if (node === innermost) return head;
    }
  }

  private parseLabel(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const token = kind[word];
    if (token === TokenKind.Case) {
      const node = tree.add(NodeKind.Case, word, word, 0);
      const value = this.parseConditional();
      tree.child[node] = value;
      if (kind[this.pos] === TokenKind.Ellipsis) {
        this.pos++;
        tree.setNext(value, this.parseConditional());
      }
      this.expect(TokenKind.Colon);
      return node;
    }
    const node = tree.add(token === TokenKind.Default ? NodeKind.Default : NodeKind.Label, word, word, 0);
    this.expect(TokenKind.Colon);
    return node;
  }

  protected parseGoto(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    if (kind[this.pos] === TokenKind.Star) {
      this.pos++;
      const target = this.parseExpression();
      const node = tree.add(NodeKind.ComputedGoto, word, word, 0);
      tree.child[node] = target;
      return this.endSimple(node, word);
    }
    const node = tree.add(NodeKind.Goto, this.pos, word, 0);
    this.expect(TokenKind.Identifier);
    return this.endSimple(node, word);
  }

  protected parseReturn(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const node = tree.add(NodeKind.Return, word, word, 0);
    if (kind[this.pos] !== TokenKind.Semicolon && !this.endsStatementText()) {
      tree.setChild(node, this.commaEndsStatement ? this.parseAssignment() : this.parseExpression());
    }
    return this.endSimple(node, word);
  }

  protected parseJump(): number {
    const word = this.pos++;
    const node = this.tree.add(this.kind[word] === TokenKind.Break ? NodeKind.Break : NodeKind.Continue, word, word, 0);
    return this.endSimple(node, word);
  }

  /** Whether the cursor is at the end of a statement that needs no semicolon: a macro's argument or a fragment ends. */
  protected endsStatementText(): boolean {
    const token = this.kind[this.pos];
    if (token === TokenKind.Eof) return this.readsFragment;
    return this.commaEndsStatement && (token === TokenKind.Comma || token === TokenKind.RParen);
  }

  /** Expects the `;` of a statement that began at `start`. */
  private endSimple(node: number, start: number): number {
    const { kind, tree } = this;
    if (this.trouble === 0 && kind[this.pos] === TokenKind.Semicolon) this.pos++;
    else if (this.trouble === 0 && this.endsStatementText()) tree.end[node] = this.pos;
    else if (this.trouble === 0 && (kind[this.pos] === TokenKind.RBrace || this.stream.startsLine(this.pos)))
      this.report(this.pos - 1, this.pos, 'statement');
    else {
      this.fail();
      return this.recover(start, node, 'statement');
    }
    tree.end[node] = this.pos;
    return node;
  }

  /** `asm volatile goto ("…" : outputs : inputs : clobbers : labels)`: the operands' expressions are the children. */
  protected parseAsm(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const node = tree.add(NodeKind.Asm, word, word, 0);
    while (kind[this.pos] === TokenKind.Volatile || kind[this.pos] === TokenKind.Goto || kind[this.pos] === TokenKind.Inline) this.pos++;
    const open = this.pos;
    if (kind[open] === TokenKind.LParen) this.parseAsmOperands(node);
    else this.fail();
    return this.endSimple(node, word);
  }

  private parseAsmOperands(node: number): void {
    const { kind, tree } = this;
    const open = this.pos++;
    let tail = 0;
    let section = 0;
    while (this.trouble === 0 && kind[this.pos] !== TokenKind.RParen && kind[this.pos] !== TokenKind.Eof) {
      const token = kind[this.pos]!;
      if (token === TokenKind.Colon) {
        section++;
        this.pos++;
      } else if (token === TokenKind.LParen && (section === 1 || section === 2)) {
        const paren = this.pos++;
        tail = tree.append(node, tail, this.parseExpression());
        this.closeParen(paren);
      } else if (token === TokenKind.LParen || token === TokenKind.LBracket) this.skipBalanced();
      else if (token === TokenKind.Semicolon || token === TokenKind.RBrace || token === TokenKind.LBrace) this.fail();
      else this.pos++;
    }
    this.closeParen(open);
  }

  /** A Declaration without its `;`. */
  private parseDeclarationWithoutEnd(): number {
    const { tree } = this;
    const start = this.pos;
    const specifiers = this.parseSpecifiers();
    const node = tree.add(NodeKind.Declaration, tree.tok[specifiers]!, start, 0);
    tree.child[node] = specifiers;
    if (this.trouble === 0) this.parseDeclarators(node, specifiers);
    tree.end[node] = this.pos;
    return node;
  }
}

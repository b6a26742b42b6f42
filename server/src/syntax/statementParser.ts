import { DeclarationParser } from './declarationParser';
import { NodeKind } from './nodes';
import { MAX_DEPTH } from './parserCore';
import { Role, TOKEN_ROLE } from './tokenClasses';
import { TokenKind } from './tokens';
import { Trait } from './vocabulary';

/** Statements. A statement that cannot be read becomes Damaged and ends at the next `;` or in front of the next `}`. */
export abstract class StatementParser extends DeclarationParser {
  /** The text is a fragment: its last statement may miss the semicolon, which follows where the fragment is used. */
  protected readsFragment = false;

  /** Consumes at least one token unless the cursor is at a `}` or the Eof; 0 when there is nothing to keep. */
  protected parseStatement(): number {
    if (this.depth >= MAX_DEPTH) return this.skipDeepStatement();
    this.depth++;
    const node = this.parseStatementInner();
    this.depth--;
    return node;
  }

  private skipDeepStatement(): number {
    const start = this.pos;
    this.failTooDeep();
    return this.recover(start, 0, 'too-deep');
  }

  private parseStatementInner(): number {
    const { kind } = this;
    switch (kind[this.pos]) {
      case TokenKind.Identifier:
        if (kind[this.pos + 1] === TokenKind.Colon) return this.parseLabelled();
        if ((this.traits(this.pos) & Trait.Asm) !== 0) return this.parseAsm();
        return this.nameStartsDeclaration() ? this.parseLocalDeclaration() : this.parseExpressionStatement();
      case TokenKind.LBrace:
        return this.parseBlock();
      case TokenKind.Semicolon:
        return this.tree.leaf(NodeKind.Empty, this.pos++);
      case TokenKind.If:
        return this.parseIf();
      case TokenKind.While:
        return this.parseWhile();
      case TokenKind.Do:
        return this.parseDo();
      case TokenKind.For:
        return this.parseFor();
      case TokenKind.Switch:
        return this.parseSwitch();
      case TokenKind.Case:
      case TokenKind.Default:
        return this.parseLabelled();
      case TokenKind.Goto:
        return this.parseGoto();
      case TokenKind.Return:
        return this.parseReturn();
      case TokenKind.Break:
      case TokenKind.Continue:
        return this.parseJump();
      case TokenKind.Asm:
        return this.parseAsm();
      case TokenKind.Attribute:
        return this.parseAttributeStatement();
      case TokenKind.Label:
        return this.parseLabelDeclaration();
      case TokenKind.Extension:
        return (TOKEN_ROLE[kind[this.pos + 1]!]! & Role.Type) !== 0 ? this.parseLocalDeclaration() : this.parseExpressionStatement();
      case TokenKind.RBrace:
      case TokenKind.Eof:
        return 0;
      default:
        return (TOKEN_ROLE[kind[this.pos]!]! & (Role.Type | Role.Storage)) !== 0
          ? this.parseLocalDeclaration()
          : this.parseExpressionStatement();
    }
  }

  protected isStatementStart(position: number): boolean {
    const token = this.kind[position]!;
    if (token === TokenKind.Identifier || (TOKEN_ROLE[token]! & (Role.Statement | Role.Type | Role.Storage)) !== 0) return true;
    switch (token) {
      case TokenKind.Case:
      case TokenKind.Default:
      case TokenKind.LBrace:
      case TokenKind.Star:
      case TokenKind.LParen:
      case TokenKind.PlusPlus:
      case TokenKind.MinusMinus:
        return true;
      default:
        return false;
    }
  }

  protected parseBlock(): number {
    const { kind, tree } = this;
    const open = this.pos++;
    const node = tree.add(NodeKind.Block, open, open, 0);
    const outer = this.commaEndsStatement;
    this.commaEndsStatement = false;
    let tail = 0;
    if (this.depth >= MAX_DEPTH) tail = this.skipDeepBlock(node, open);
    while (kind[this.pos] !== TokenKind.RBrace && kind[this.pos] !== TokenKind.Eof) {
      const before = this.pos;
      const statement = this.parseStatement();
      if (statement !== 0) tail = tree.append(node, tail, statement);
      if (this.pos === before) this.pos++;
    }
    if (kind[this.pos] === TokenKind.RBrace) this.pos++;
    else this.report(open, open + 1, 'unbalanced');
    this.commaEndsStatement = outer;
    tree.end[node] = this.pos;
    return node;
  }

  /** Passes over the inside of a block that is nested too deeply. */
  private skipDeepBlock(block: number, open: number): number {
    const { kind, tree } = this;
    this.pos = open;
    this.skipBalanced();
    if (kind[this.pos - 1] === TokenKind.RBrace) this.pos--;
    this.failTooDeep();
    this.report(open, this.pos, 'too-deep');
    return tree.append(block, 0, tree.add(NodeKind.Damaged, open, open, this.pos));
  }

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
  private passStatement(): void {
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

  private parseExpressionStatement(): number {
    const { kind, tree } = this;
    const start = this.pos;
    const iterator = this.parseIteratorCall();
    const expression = iterator !== 0 ? iterator : this.commaEndsStatement ? this.parseAssignment() : this.parseExpression();
    const following = kind[this.pos]!;
    if (this.trouble === 0) {
      if (following === TokenKind.Semicolon) {
        this.pos++;
        return this.expressionStatement(start, expression);
      }
      const macro = this.macroName(expression);
      if (macro !== 0 && tree.kind[expression] === NodeKind.Call && this.bodyFollows(macro, start))
        return this.parseMacroBody(expression, macro);
      if (this.endsWithoutSemicolon(macro, following)) return this.expressionStatement(start, expression);
      if (this.stream.startsLine(this.pos) && this.isStatementStart(this.pos)) {
        // A lone call on its line may be a macro with a semicolon of its own; everything else misses one.
        if (macro === 0) this.report(this.pos - 1, this.pos, 'statement');
        return this.expressionStatement(start, expression);
      }
    }
    this.fail();
    return this.recover(start, expression, 'statement');
  }

  /** The call of an iterator macro, read apart: what follows it (`++n;`, `(void)f();`) would continue a call. 0 for anything else. */
  private parseIteratorCall(): number {
    const { kind, tree, pos: start } = this;
    if (kind[start] !== TokenKind.Identifier || kind[start + 1] !== TokenKind.LParen || (this.traits(start) & Trait.Iterator) === 0)
      return 0;
    const nodes = tree.count;
    this.pos++;
    const call = this.parseCall(tree.leaf(NodeKind.Identifier, start));
    if (this.trouble !== 0 || kind[this.pos] === TokenKind.Semicolon || this.isStatementStart(this.pos)) return call;
    this.pos = start;
    tree.count = nodes;
    return 0;
  }

  private expressionStatement(start: number, expression: number): number {
    const { tree } = this;
    const node = tree.add(NodeKind.ExprStatement, start, start, this.pos);
    tree.child[node] = expression;
    return node;
  }

  /** The name of a plain call `name(…)` or lone name; 0 for other expressions. */
  private macroName(expression: number): number {
    const { tree } = this;
    const callee = tree.kind[expression] === NodeKind.Call ? tree.child[expression]! : expression;
    return tree.kind[callee] === NodeKind.Identifier ? tree.tok[callee]! : 0;
  }

  /** Macros may bring their own semicolon, and statements given to macros have none. */
  private endsWithoutSemicolon(macro: number, following: number): boolean {
    if (this.endsStatementText()) return true;
    if (macro === 0) return false;
    if (following === TokenKind.RBrace || following === TokenKind.Else) return true;
    return (this.traits(macro) & Trait.Upper) !== 0 && this.isStatementStart(this.pos);
  }

  /** Whether what follows a macro's call is the statement it governs. */
  private bodyFollows(macro: number, start: number): boolean {
    const token = this.kind[this.pos]!;
    if (token === TokenKind.LBrace) return true;
    if (token === TokenKind.Case || token === TokenKind.Default || !this.isStatementStart(this.pos)) return false;
    const traits = this.traits(macro);
    if ((traits & (Trait.Iterator | Trait.Guard)) !== 0) return true;
    if ((TOKEN_ROLE[token]! & (Role.Type | Role.Storage)) !== 0) return false;
    if (!this.stream.startsLine(this.pos)) return (traits & Trait.Upper) === 0;
    return this.stream.indentation(this.pos) > this.stream.indentation(start);
  }

  private parseMacroBody(call: number, macro: number): number {
    const { tree } = this;
    const kind = (this.traits(macro) & Trait.Guard) !== 0 ? NodeKind.ScopedGuard : NodeKind.ForEach;
    const body = this.parseSubStatement();
    const node = tree.add(kind, macro, tree.first[call]!, this.pos);
    tree.child[node] = call;
    tree.next[call] = body;
    return node;
  }

  /** The statement governed by if, while, …; an Empty node where it is missing. */
  private parseSubStatement(): number {
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
  private parseIf(): number {
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

  private parseWhile(): number {
    const { tree } = this;
    const word = this.pos++;
    const condition = this.parseCondition();
    const node = tree.add(NodeKind.While, word, word, 0);
    tree.child[node] = condition;
    tree.setNext(condition, this.trouble === 0 ? this.parseSubStatement() : this.recover(word, 0, 'expression'));
    tree.end[node] = this.pos;
    return node;
  }

  private parseDo(): number {
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

  private parseFor(): number {
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

  private parseSwitch(): number {
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
  private parseLabelled(): number {
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

  private parseGoto(): number {
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

  private parseReturn(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const node = tree.add(NodeKind.Return, word, word, 0);
    if (kind[this.pos] !== TokenKind.Semicolon && !this.endsStatementText()) {
      tree.setChild(node, this.commaEndsStatement ? this.parseAssignment() : this.parseExpression());
    }
    return this.endSimple(node, word);
  }

  private parseJump(): number {
    const word = this.pos++;
    const node = this.tree.add(this.kind[word] === TokenKind.Break ? NodeKind.Break : NodeKind.Continue, word, word, 0);
    return this.endSimple(node, word);
  }

  /** Whether the cursor is at the end of a statement that needs no semicolon: a macro's argument or a fragment ends. */
  private endsStatementText(): boolean {
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

  /** `__attribute__((fallthrough));` or a declaration that begins with an attribute. */
  private parseAttributeStatement(): number {
    const { kind, tree } = this;
    const start = this.pos;
    const close = this.matchingParen(start + 1);
    if (close === 0 || kind[close + 1] !== TokenKind.Semicolon) return this.parseLocalDeclaration();
    this.pos = close + 2;
    return tree.add(NodeKind.Empty, start, start, this.pos);
  }

  private parseLabelDeclaration(): number {
    const start = this.pos;
    this.passStatement();
    return this.tree.add(NodeKind.Empty, start, start, this.pos);
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

  protected parseLocalDeclaration(): number {
    const { kind, tree } = this;
    const start = this.pos;
    const specifiers = this.parseSpecifiers();
    if (
      this.trouble === 0 &&
      !this.hasType(specifiers) &&
      kind[this.pos] === TokenKind.Identifier &&
      kind[this.pos + 1] === TokenKind.LParen
    ) {
      return this.parseLocalMacro(start);
    }
    const node = tree.add(NodeKind.Declaration, tree.tok[specifiers]!, start, 0);
    tree.child[node] = specifiers;
    if (this.trouble === 0 && kind[this.pos] !== TokenKind.Semicolon) {
      this.parseDeclarators(node, specifiers);
      if (this.trouble === 0 && kind[this.pos] === TokenKind.LBrace && this.declaresFunction(node)) return this.parseNestedFunction(node);
    }
    return this.endDeclaration(node, start);
  }

  private endDeclaration(node: number, start: number): number {
    const { kind, tree } = this;
    if (this.trouble === 0 && kind[this.pos] === TokenKind.Semicolon) this.pos++;
    else if (this.trouble === 0 && this.endsStatementText()) tree.end[node] = this.pos;
    else if (
      this.trouble === 0 &&
      this.pos > start &&
      (kind[this.pos] === TokenKind.RBrace || (this.stream.startsLine(this.pos) && this.isStatementStart(this.pos)))
    ) {
      this.report(this.pos - 1, this.pos, 'declaration');
    } else {
      this.fail();
      return this.recover(start, node, 'declaration');
    }
    tree.end[node] = this.pos;
    return node;
  }

  /** `static DEFINE_SPINLOCK(lock);` inside a function. */
  private parseLocalMacro(start: number): number {
    const { kind, tree } = this;
    const name = this.pos++;
    const call = this.parseCall(tree.leaf(NodeKind.Identifier, name));
    const node = tree.add(NodeKind.MacroDeclaration, name, start, 0);
    tree.child[node] = call;
    if (this.trouble === 0 && kind[this.pos] === TokenKind.Assign) {
      const sign = this.pos++;
      const initializer = tree.add(NodeKind.Initializer, sign, sign, 0);
      tree.setChild(initializer, this.parseInitializerValue());
      tree.end[initializer] = this.pos;
      tree.next[call] = initializer;
    }
    return this.endDeclaration(node, start);
  }

  /** True when the only declarator of a declaration is that of a function. */
  protected declaresFunction(declaration: number): boolean {
    const { tree } = this;
    const declarator = tree.next[tree.child[declaration]!]!;
    if (declarator === 0 || tree.next[declarator] !== 0 || tree.tok[declarator] === 0) return false;
    return tree.kind[tree.child[declarator]!] === NodeKind.FunctionParams;
  }

  /** A GNU nested function; more often, what follows a function that lost its `}`. */
  private parseNestedFunction(declaration: number): number {
    const { tree } = this;
    const declarator = tree.next[tree.child[declaration]!]!;
    const node = tree.add(NodeKind.Function, tree.tok[declarator]!, tree.first[declaration]!, 0);
    tree.child[node] = tree.child[declaration]!;
    tree.setNext(declarator, this.parseBlock());
    tree.end[node] = this.pos;
    return node;
  }
}

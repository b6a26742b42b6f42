import { ControlParser } from './controlParser';
import { NodeKind } from './nodes';
import { MAX_DEPTH } from './parserCore';
import { Role, TOKEN_ROLE } from './tokenClasses';
import { TokenKind } from './tokens';
import { Trait } from './vocabulary';

/** Blocks and the statements in them: expressions, macros that govern a statement, declarations. */
export abstract class StatementParser extends ControlParser {
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
        if ((this.listedTraits(this.pos) & Trait.Asm) !== 0) return this.parseAsm();
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

  private isStatementStart(position: number): boolean {
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

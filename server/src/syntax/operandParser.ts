import { NodeKind } from './nodes';
import { MAX_DEPTH } from './parserCore';
import { Role, TOKEN_ROLE } from './tokenClasses';
import { TokenKind } from './tokens';
import { TypeGuess, TypeLookahead } from './typeLookahead';

/** Chains of operators or suffixes beyond this length are cut with 'too-deep', because they make the tree that deep. */
export const MAX_CHAIN = 4000;

/** Operands: names, literals, casts, sizeof, and what may stand in front of and behind them. */
export abstract class OperandParser extends TypeLookahead {
  protected abstract parseExpression(): number;
  protected abstract parseAssignment(): number;
  /** Reads the arguments of the call whose `(` is at the cursor; `callee` becomes the first child. */
  protected abstract parseCall(callee: number): number;
  protected abstract parseTypeName(): number;
  protected abstract parseInitList(): number;
  protected abstract parseBlock(): number;

  protected parseUnary(): number {
    if (this.depth >= MAX_DEPTH) {
      this.failTooDeep();
      return this.missing();
    }
    switch (this.kind[this.pos]) {
      case TokenKind.Identifier:
        return this.parsePostfix(this.parseName());
      case TokenKind.Amp:
      case TokenKind.Star:
      case TokenKind.Plus:
      case TokenKind.Minus:
      case TokenKind.Tilde:
      case TokenKind.Not:
      case TokenKind.PlusPlus:
      case TokenKind.MinusMinus:
      case TokenKind.AmpAmp:
        return this.parsePrefix();
      case TokenKind.LParen:
        return this.parseParenthesised();
      case TokenKind.Sizeof:
      case TokenKind.Alignof:
        return this.parseSizeof();
      case TokenKind.Extension: {
        this.pos++;
        this.depth++;
        const operand = this.parseUnary();
        this.depth--;
        return operand;
      }
      default:
        return this.parsePostfix(this.parsePrimary());
    }
  }

  private parsePrefix(): number {
    const { tree } = this;
    const sign = this.pos++;
    this.depth++;
    const operand = this.parseUnary();
    this.depth--;
    const node = tree.add(NodeKind.Unary, sign, sign, this.pos);
    tree.child[node] = operand;
    return node;
  }

  /** `(expr)`, `({ … })`, `(type) operand`, `(type) { … }` */
  private parseParenthesised(): number {
    const open = this.pos;
    if (this.kind[open + 1] === TokenKind.LBrace) return this.parseStatementExpression();
    const guess = this.guessType(open + 1);
    if (guess === TypeGuess.Certain || (guess === TypeGuess.SingleName && this.castsWith(open + 1))) return this.parseCast();
    return this.parsePostfix(this.parseParen());
  }

  private parseParen(): number {
    const { tree } = this;
    const open = this.pos++;
    this.depth++;
    const inner = this.parseExpression();
    this.depth--;
    this.closeParen(open);
    const node = tree.add(NodeKind.Paren, open, open, this.pos);
    tree.child[node] = inner;
    return node;
  }

  private parseStatementExpression(): number {
    const { tree } = this;
    const open = this.pos++;
    this.depth++;
    const block = this.parseBlock();
    this.depth--;
    this.closeParen(open);
    const node = tree.add(NodeKind.StatementExpr, open, open, this.pos);
    tree.child[node] = block;
    return this.parsePostfix(node);
  }

  private parseCast(): number {
    const { kind, tree } = this;
    const open = this.pos++;
    const type = this.parseTypeName();
    this.closeParen(open);
    const token = kind[this.pos]!;
    if (token === TokenKind.LBrace) return this.parsePostfix(this.parseCompoundLiteral(open, type));
    if (!canStartOperand(token)) {
      // A type given to a macro in parentheses of its own.
      const paren = tree.add(NodeKind.Paren, open, open, this.pos);
      tree.child[paren] = type;
      return paren;
    }
    this.depth++;
    const operand = this.parseUnary();
    this.depth--;
    const node = tree.add(NodeKind.Cast, open, open, this.pos);
    tree.child[node] = type;
    tree.next[type] = operand;
    return node;
  }

  private parseCompoundLiteral(open: number, type: number): number {
    const { tree } = this;
    const list = this.parseInitList();
    const node = tree.add(NodeKind.CompoundLiteral, open, open, this.pos);
    tree.child[node] = type;
    tree.next[type] = list;
    return node;
  }

  private parseSizeof(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const open = this.pos;
    let guess = kind[open] === TokenKind.LParen ? this.guessType(open + 1) : TypeGuess.No;
    if (guess === TypeGuess.SingleName && !this.isTypeName(open + 1)) guess = TypeGuess.No;
    let node: number;
    if (guess !== TypeGuess.No) {
      this.pos++;
      const type = this.parseTypeName();
      this.closeParen(open);
      if (kind[this.pos] === TokenKind.LBrace) {
        const literal = this.parsePostfix(this.parseCompoundLiteral(open, type));
        node = tree.add(NodeKind.SizeofExpr, word, word, this.pos);
        tree.child[node] = literal;
      } else {
        node = tree.add(NodeKind.SizeofType, word, word, this.pos);
        tree.child[node] = type;
      }
      return node;
    }
    this.depth++;
    // `sizeof(x) - 1`: what stands in the parentheses is no cast.
    const operand =
      kind[open] === TokenKind.LParen && kind[open + 1] !== TokenKind.LBrace ? this.parsePostfix(this.parseParen()) : this.parseUnary();
    this.depth--;
    node = tree.add(NodeKind.SizeofExpr, word, word, this.pos);
    tree.child[node] = operand;
    return node;
  }

  /** A name, or names up to a string literal: `KERN_ERR PREFIX "text"`. */
  private parseName(): number {
    const { kind } = this;
    const name = this.pos++;
    const following = kind[this.pos];
    if (following === TokenKind.String) return this.parseStrings(name);
    if (following === TokenKind.Identifier) {
      const at = this.skipNames(this.pos);
      if (kind[at] === TokenKind.String) return this.parseStrings(name);
    }
    return this.tree.leaf(NodeKind.Identifier, name);
  }

  private parsePrimary(): number {
    const { kind, tree } = this;
    switch (kind[this.pos]) {
      case TokenKind.Number:
        return tree.leaf(NodeKind.Number, this.pos++);
      case TokenKind.Char:
        return tree.leaf(NodeKind.Char, this.pos++);
      case TokenKind.String:
        return this.parseStrings(this.pos);
      case TokenKind.BuiltinOffsetof:
      case TokenKind.StaticAssert:
      case TokenKind.Asm:
      case TokenKind.Default:
        return kind[this.pos + 1] === TokenKind.LParen ? tree.leaf(NodeKind.Identifier, this.pos++) : this.missing();
      case TokenKind.Generic:
        return this.parseGeneric();
      case TokenKind.Typeof:
        return this.parseTypeName();
      default:
        return this.missing();
    }
  }

  /** Adjacent literals with the macros between them, from the cursor or the names in front of it. */
  private parseStrings(first: number): number {
    const { kind, tree } = this;
    let literal = 0;
    for (this.pos = first; ; ) {
      const token = kind[this.pos];
      if (token === TokenKind.String) {
        if (literal === 0) literal = this.pos;
        this.pos++;
      } else if (token === TokenKind.Identifier) {
        this.pos++;
        if (kind[this.pos] === TokenKind.LParen) this.skipBalanced();
      } else break;
    }
    return tree.add(NodeKind.String, literal, first, this.pos);
  }

  private parsePostfix(operand: number): number {
    const { kind, tree } = this;
    let node = operand;
    for (let length = 0; ; length++) {
      if (length > MAX_CHAIN) this.failTooDeep();
      switch (kind[this.pos]) {
        case TokenKind.LParen:
          node = this.parseCall(node);
          if (kind[this.pos] === TokenKind.String && this.trouble === 0) node = this.parseStringTail(node);
          break;
        case TokenKind.LBracket: {
          const open = this.pos++;
          this.depth++;
          const index = this.parseExpression();
          this.depth--;
          this.expect(TokenKind.RBracket);
          const access = tree.add(NodeKind.Index, open, tree.first[node]!, this.pos);
          tree.child[access] = node;
          tree.next[node] = index;
          node = access;
          break;
        }
        case TokenKind.Dot:
        case TokenKind.Arrow: {
          const member = kind[this.pos] === TokenKind.Dot ? NodeKind.Member : NodeKind.Arrow;
          this.pos++;
          let name = this.pos;
          if (kind[name] === TokenKind.Identifier || kind[name]! >= TokenKind.FirstKeyword) this.pos++;
          else {
            this.fail();
            name = this.pos - 1;
          }
          const access = tree.add(member, name, tree.first[node]!, this.pos);
          tree.child[access] = node;
          node = access;
          break;
        }
        case TokenKind.PlusPlus:
        case TokenKind.MinusMinus: {
          const sign = this.pos++;
          const postfix = tree.add(NodeKind.Postfix, sign, tree.first[node]!, this.pos);
          tree.child[postfix] = node;
          node = postfix;
          break;
        }
        default:
          return node;
      }
      if (this.trouble !== 0) return node;
    }
  }

  /** `FORMAT(x) "text"`: a call that stands for a part of a literal. */
  private parseStringTail(call: number): number {
    const first = this.tree.first[call]!;
    const strings = this.parseStrings(this.pos);
    this.tree.first[strings] = first;
    return strings;
  }

  /** `_Generic(subject, type: value, default: value)` as a Call: subject and values are the arguments. */
  private parseGeneric(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const callee = tree.leaf(NodeKind.Identifier, word);
    const open = this.pos;
    if (this.depth >= MAX_DEPTH) this.failTooDeep();
    if (kind[open] !== TokenKind.LParen || this.tooDeep) return this.missing();
    this.pos++;
    this.depth++;
    const node = tree.add(NodeKind.Call, open, word, 0);
    let tail = tree.append(node, tree.append(node, 0, callee), this.parseAssignment());
    while (kind[this.pos] === TokenKind.Comma && this.trouble === 0) {
      this.pos++;
      while (kind[this.pos] !== TokenKind.Colon && kind[this.pos] !== TokenKind.Eof && kind[this.pos] !== TokenKind.RParen) {
        if (kind[this.pos] === TokenKind.LParen || kind[this.pos] === TokenKind.LBracket) this.skipBalanced();
        else this.pos++;
      }
      this.expect(TokenKind.Colon);
      tail = tree.append(node, tail, this.parseAssignment());
    }
    this.depth--;
    this.closeParen(open);
    tree.end[node] = this.pos;
    return node;
  }
}

function canStartOperand(token: number): boolean {
  if ((TOKEN_ROLE[token]! & Role.Operand) !== 0) return true;
  switch (token) {
    case TokenKind.LParen:
    case TokenKind.Star:
    case TokenKind.Amp:
    case TokenKind.AmpAmp:
    case TokenKind.Plus:
    case TokenKind.Minus:
    case TokenKind.PlusPlus:
    case TokenKind.MinusMinus:
    case TokenKind.Typeof:
      return true;
    default:
      return false;
  }
}

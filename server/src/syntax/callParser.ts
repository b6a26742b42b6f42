import { ExpressionParser } from './expressionParser';
import { NodeKind } from './nodes';
import { closes, MAX_DEPTH, opens } from './parserCore';
import { Role, TOKEN_ROLE } from './tokenClasses';
import { TokenKind } from './tokens';

/** Tokens of the first of the values in braces, at most: more are statements. */
const MAX_VALUE = 256;

/**
 * Calls. Most "functions" of the kernel that take something else than expressions are macros, so an argument may be a type, a
 * declaration, statements, or plain tokens.
 */
export abstract class CallParser extends ExpressionParser {
  /** Positions of arguments that are known not to be expressions, so that an outer second attempt does not try again. */
  private readonly statementArguments = new Set<number>();
  /** The same of statements among arguments: only their tokens can be kept. */
  private readonly tokenArguments = new Set<number>();
  /** The statement that is read is an argument itself: a comma ends its expression. */
  protected commaEndsStatement = false;

  protected abstract parseStatement(): number;
  protected abstract parseDesignated(): number;

  protected parseCall(callee: number): number {
    const { kind, tree } = this;
    const open = this.pos++;
    const node = tree.add(NodeKind.Call, open, tree.first[callee]!, 0);
    tree.child[node] = callee;
    if (kind[this.pos] === TokenKind.RParen) {
      this.pos++;
    } else if (this.depth >= MAX_DEPTH) {
      this.failTooDeep();
    } else {
      this.depth++;
      this.parseArguments(node, callee, open);
      this.depth--;
    }
    tree.end[node] = this.pos;
    return node;
  }

  /** Reads arguments up to and with the `)`, linking them behind `tail`. */
  protected parseArguments(parent: number, tail: number, open: number): void {
    const { kind, tree } = this;
    const outer = this.commaEndsStatement;
    this.commaEndsStatement = false;
    let last = tail;
    for (;;) {
      last = tree.append(parent, last, this.parseArgument(open));
      if (this.trouble !== 0) break;
      if (kind[this.pos] === TokenKind.RParen) {
        this.pos++;
        break;
      }
      this.pos++;
    }
    this.commaEndsStatement = outer;
  }

  /** One argument; without trouble the cursor is at the `,` or `)` behind it. */
  private parseArgument(open: number): number {
    const { kind, tree } = this;
    const start = this.pos;
    if (kind[start] === TokenKind.Identifier && endsArgument(kind[start + 1]!)) {
      this.pos++;
      return tree.leaf(NodeKind.Identifier, start);
    }
    if (endsArgument(kind[start]!)) return this.omitted();
    const nodes = tree.count;
    const damaged = this.damage.length;
    if (!this.statementArguments.has(start)) {
      const argument = this.parseArgumentValue();
      if (this.trouble === 0 && endsArgument(kind[this.pos]!)) return argument;
      this.fail();
      if (this.tooDeep || this.matchingParen(open) === 0) return argument;
      this.statementArguments.add(start);
    }
    this.trouble = 0;
    this.pos = start;
    tree.count = nodes;
    this.damage.length = damaged;
    return this.parseStatementArgument();
  }

  private parseArgumentValue(): number {
    const { kind, pos } = this;
    const token = kind[pos]!;
    if (token === TokenKind.Identifier) return this.nameStartsTypeArgument() ? this.parseTypeName() : this.parseAssignment();
    const role = TOKEN_ROLE[token]!;
    if ((role & (Role.Type | Role.Storage)) !== 0) return this.parseTypeName();
    if ((role & Role.Statement) !== 0 && kind[pos + 1] !== TokenKind.LParen) return this.missing();
    if (token === TokenKind.Dot) return this.parseDesignated();
    if (token === TokenKind.LBrace) return this.bracesHoldValues() ? this.parseInitList() : this.missing();
    return this.parseAssignment();
  }

  /** `foo_t *`, `u8 name`, `char_type __user *name` as an argument. */
  private nameStartsTypeArgument(): boolean {
    const { kind, pos } = this;
    switch (kind[pos + 1]) {
      case TokenKind.Star: {
        const at = this.skipPointers(pos + 1);
        return endsArgument(kind[at]!);
      }
      case TokenKind.Identifier: {
        const at = this.skipNames(pos + 1);
        return kind[at] !== TokenKind.String && kind[at] !== TokenKind.LParen;
      }
      default:
        return (TOKEN_ROLE[kind[pos + 1]!]! & Role.Type) !== 0;
    }
  }

  /** Whether the braces at the cursor are an initialiser rather than a block. */
  private bracesHoldValues(): boolean {
    const { kind, pos } = this;
    if (kind[pos + 1] === TokenKind.Dot || kind[pos + 1] === TokenKind.LBracket || kind[pos + 1] === TokenKind.LBrace) return true;
    for (let at = pos + 1; at < pos + MAX_VALUE; at++) {
      const token = kind[at]!;
      if (token === TokenKind.Semicolon || token === TokenKind.Eof || (TOKEN_ROLE[token]! & Role.Statement) !== 0) return false;
      if (token === TokenKind.RBrace || token === TokenKind.Comma) return at > pos + 1;
    }
    return false;
  }

  /** Statements as a macro's argument: `wait_event_cmd(q, done, unlock(); count++, lock())`. */
  private parseStatementArgument(): number {
    const { kind, tree } = this;
    const start = this.pos;
    const block = tree.add(NodeKind.Block, start, start, 0);
    let tail = 0;
    while (!endsArgument(kind[this.pos]!)) {
      const statement = this.tryStatement();
      if (statement === undefined) {
        if (!this.tooDeep) tail = tree.append(block, tail, this.parseTokenArgument());
        break;
      }
      if (statement !== 0) tail = tree.append(block, tail, statement);
    }
    tree.end[block] = this.pos;
    return block;
  }

  /** A statement in an argument, 0 for an empty one; undefined where there is none, with the cursor where it was unless calls are nested too deep. */
  private tryStatement(): number | undefined {
    const { tree } = this;
    const before = this.pos;
    const nodes = tree.count;
    const damaged = this.damage.length;
    if (this.tokenArguments.has(before)) return undefined;
    this.commaEndsStatement = true;
    const statement = this.parseStatement();
    this.commaEndsStatement = false;
    if (this.trouble === 0 && this.pos > before && this.damage.length === damaged) return statement;
    this.trouble = 0;
    if (this.tooDeep) this.failTooDeep();
    else {
      tree.count = nodes;
      this.damage.length = damaged;
      this.pos = before;
      this.tokenArguments.add(before);
    }
    return undefined;
  }

  /** Tokens that are no C by themselves (`==`, `x y z`): kept as Damaged, and only listed as damage when they hold whole statements. */
  private parseTokenArgument(): number {
    const { kind, tree } = this;
    const start = this.pos;
    let statements = false;
    while (kind[this.pos] !== TokenKind.Eof && !endsArgument(kind[this.pos]!)) {
      const token = kind[this.pos]!;
      if (token === TokenKind.Semicolon || token === TokenKind.LBrace) statements = true;
      if (opens(token)) this.skipBalanced();
      else if (closes(token)) break;
      else this.pos++;
    }
    if (!endsArgument(kind[this.pos]!)) this.fail();
    else if (statements) this.report(start, this.pos, 'expression');
    return tree.add(NodeKind.Damaged, start, start, this.pos);
  }
}

function endsArgument(token: number): boolean {
  return token === TokenKind.Comma || token === TokenKind.RParen;
}

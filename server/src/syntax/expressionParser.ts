import { NodeKind } from './nodes';
import { MAX_CHAIN, OperandParser } from './operandParser';
import { MAX_DEPTH } from './parserCore';
import { OPERATOR_CLASS, OperatorClass } from './tokenClasses';
import { TokenKind } from './tokens';

/** Operators between operands. Chains of them are read in loops; only brackets and prefixes nest. */
export abstract class ExpressionParser extends OperandParser {
  /** An expression with commas. */
  protected parseExpression(): number {
    const left = this.parseAssignment();
    return this.kind[this.pos] === TokenKind.Comma ? this.parseComma(left) : left;
  }

  private parseComma(left: number): number {
    const { tree, kind } = this;
    const node = tree.add(NodeKind.Comma, this.pos, tree.first[left]!, 0);
    let tail = tree.append(node, 0, left);
    while (kind[this.pos] === TokenKind.Comma && this.trouble === 0) {
      this.pos++;
      tail = tree.append(node, tail, this.parseAssignment());
    }
    tree.end[node] = this.pos;
    return node;
  }

  /** An expression without commas at its top. */
  protected parseAssignment(): number {
    const left = this.parseUnary();
    const operator = OPERATOR_CLASS[this.kind[this.pos]!]!;
    return operator === OperatorClass.None ? left : this.parseAssignmentRest(left);
  }

  private parseAssignmentRest(left: number): number {
    const { kind, tree } = this;
    let node = left;
    let operator = OPERATOR_CLASS[kind[this.pos]!]!;
    if (operator <= OperatorClass.Multiplicative) {
      node = this.parseBinaryRest(left, 1);
      operator = OPERATOR_CLASS[kind[this.pos]!]!;
    }
    if (operator === OperatorClass.Question) {
      node = this.parseConditionalRest(node);
      operator = OPERATOR_CLASS[kind[this.pos]!]!;
    }
    if (operator !== OperatorClass.Assignment) return node;
    const sign = this.pos++;
    if (++this.depth > MAX_DEPTH) this.failTooDeep();
    const right = this.tooDeep ? this.missing() : kind[this.pos] === TokenKind.LBrace ? this.parseInitList() : this.parseAssignment();
    this.depth--;
    const assign = tree.add(NodeKind.Assign, sign, tree.first[node]!, this.pos);
    tree.child[assign] = node;
    tree.next[node] = right;
    return assign;
  }

  /** A conditional expression: the constant of a case label, a bit width, an array size. */
  protected parseConditional(): number {
    let node = this.parseUnary();
    let operator = OPERATOR_CLASS[this.kind[this.pos]!]!;
    if (operator !== OperatorClass.None && operator <= OperatorClass.Multiplicative) {
      node = this.parseBinaryRest(node, 1);
      operator = OPERATOR_CLASS[this.kind[this.pos]!]!;
    }
    return operator === OperatorClass.Question ? this.parseConditionalRest(node) : node;
  }

  /** Reads operators of at least `level` behind `left`. Recursion is bounded by the number of levels. */
  private parseBinaryRest(left: number, level: number): number {
    const { kind, tree } = this;
    let node = left;
    for (let length = 0; ; length++) {
      const sign = this.pos;
      const found = OPERATOR_CLASS[kind[sign]!]!;
      if (found < level || found > OperatorClass.Multiplicative) return node;
      if (length > MAX_CHAIN) {
        this.failTooDeep();
        return node;
      }
      this.pos++;
      let right = this.parseUnary();
      const following = OPERATOR_CLASS[kind[this.pos]!]!;
      if (following > found && following <= OperatorClass.Multiplicative) right = this.parseBinaryRest(right, found + 1);
      const binary = tree.add(found <= OperatorClass.LogicalAnd ? NodeKind.Logical : NodeKind.Binary, sign, tree.first[node]!, this.pos);
      tree.child[binary] = node;
      tree.next[node] = right;
      node = binary;
      if (this.trouble !== 0) return node;
    }
  }

  /** `a ? b : c ? d : e` in a loop; each conditional is the `else` of the one before it. */
  private parseConditionalRest(subject: number): number {
    const { kind, tree } = this;
    let head = 0;
    let previousThen = 0;
    let condition = subject;
    for (let length = 0; kind[this.pos] === TokenKind.Question; length++) {
      if (length > MAX_CHAIN) {
        this.failTooDeep();
        break;
      }
      const sign = this.pos++;
      if (++this.depth > MAX_DEPTH) this.failTooDeep();
      const then = this.tooDeep ? this.missing() : kind[this.pos] === TokenKind.Colon ? this.omitted() : this.parseExpression();
      this.depth--;
      this.expect(TokenKind.Colon);
      const otherwise = this.trouble === 0 ? this.parseBinary() : this.missing();
      const node = tree.add(NodeKind.Conditional, sign, tree.first[condition]!, this.pos);
      tree.child[node] = condition;
      tree.next[condition] = then;
      tree.next[then] = otherwise;
      if (head === 0) head = node;
      else tree.next[previousThen] = node;
      previousThen = then;
      condition = otherwise;
      if (this.trouble !== 0) break;
    }
    for (let node = head; node !== condition; node = tree.next[tree.next[tree.child[node]!]!]!) tree.end[node] = this.pos;
    return head;
  }

  private parseBinary(): number {
    const left = this.parseUnary();
    const operator = OPERATOR_CLASS[this.kind[this.pos]!]!;
    return operator === OperatorClass.None || operator > OperatorClass.Multiplicative ? left : this.parseBinaryRest(left, 1);
  }
}

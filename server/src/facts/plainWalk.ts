import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childAt, childrenOf, kindOf, type Tree, unparen } from '../syntax/tree';
import type { FileScope } from './fileScope';
import { operatorOf } from './maskExpression';
import { Role } from './names';
import type { Destination, Observer } from './observer';
import { ENTRY_STATE } from './state';

const SITES = Role.Flag | Role.Allocates | Role.Frees;
const EXPRESSION: Destination = { kind: 'expression' };

/** Nesting of nodes that is followed; deeper code is left to the solver, which has its own limits. */
const MAX_DEPTH = 400;

/**
 * Shows the calls of a function to an observer in source order, without control flow: for functions in which the order of
 * statements can say nothing of masks or context. Stops, and answers false, at a flag that is not part of a call's argument:
 * then a variable may hold a mask, and only the solver can follow it. Nothing may be used of what was observed before.
 */
export function walkPlainly(scope: FileScope, body: number, observer: Observer): boolean {
  return new PlainWalk(scope, observer).visit(body, { kind: 'discarded' }, false, 0);
}

class PlainWalk {
  private readonly tree: Tree;

  constructor(
    private readonly scope: FileScope,
    private readonly observer: Observer,
  ) {
    this.tree = scope.file.tree;
  }

  visit(node: number, destination: Destination, inArgument: boolean, depth: number): boolean {
    const { tree } = this;
    if (!this.scope.words.has(tree.first[node]!, tree.end[node]!, SITES)) return true;
    if (depth > MAX_DEPTH) return false;
    switch (kindOf(tree, node)) {
      case NodeKind.Identifier:
        return inArgument || (this.scope.names.role(tree.tokens.symbol[tree.tok[node]!]!) & Role.Flag) === 0;
      case NodeKind.SizeofExpr:
      case NodeKind.SizeofType:
      case NodeKind.TypeName:
      case NodeKind.Function:
        return true;
      case NodeKind.Paren:
      case NodeKind.ExprStatement:
        return this.visit(tree.child[node]!, destination, inArgument, depth + 1);
      case NodeKind.Cast:
        return this.visit(childAt(tree, node, 1), destination, inArgument, depth + 1);
      case NodeKind.Return:
        return this.visit(tree.child[node]!, { kind: 'returned' }, inArgument, depth + 1);
      case NodeKind.Conditional: {
        const [condition = 0, ...arms] = childrenOf(tree, node);
        return (
          this.visit(condition, EXPRESSION, inArgument, depth + 1) &&
          arms.every((arm) => this.visit(arm, destination, inArgument, depth + 1))
        );
      }
      case NodeKind.Assign:
        return this.assign(node, inArgument, depth);
      case NodeKind.Declarator:
        return this.declarator(node, depth);
      case NodeKind.Call:
        return this.call(node, destination, depth);
      default:
        return this.children(node, kindOf(tree, node) >= NodeKind.Block ? { kind: 'discarded' } : EXPRESSION, inArgument, depth);
    }
  }

  private children(node: number, destination: Destination, inArgument: boolean, depth: number): boolean {
    const { tree } = this;
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      if (!this.visit(child, destination, inArgument, depth + 1)) return false;
    }
    return true;
  }

  private assign(node: number, inArgument: boolean, depth: number): boolean {
    const { tree } = this;
    const target = tree.child[node]!;
    const assigned: Destination =
      operatorOf(tree, node) === TokenKind.Assign ? { kind: 'assigned', tree, target, declared: false } : EXPRESSION;
    return this.visit(tree.next[target]!, assigned, inArgument, depth + 1) && this.visit(target, EXPRESSION, inArgument, depth + 1);
  }

  private declarator(node: number, depth: number): boolean {
    const { tree } = this;
    const initializer = childrenOf(tree, node).find((child) => kindOf(tree, child) === NodeKind.Initializer);
    if (initializer === undefined) return true;
    return this.visit(tree.child[initializer]!, { kind: 'assigned', tree, target: node, declared: true }, false, depth + 1);
  }

  private call(node: number, destination: Destination, depth: number): boolean {
    const { tree } = this;
    const callee = unparen(tree, tree.child[node]!);
    if (kindOf(tree, callee) !== NodeKind.Identifier && !this.visit(callee, EXPRESSION, false, depth + 1)) return false;
    for (let argument = tree.next[tree.child[node]!]!; argument !== 0; argument = tree.next[argument]!) {
      if (!this.visit(argument, EXPRESSION, kindOf(tree, argument) !== NodeKind.Block, depth + 1)) return false;
    }
    this.observer.call(tree, node, ENTRY_STATE, destination, undefined);
    return true;
  }
}

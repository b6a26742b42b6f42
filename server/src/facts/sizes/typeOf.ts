import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childAt, lastChild, type Tree } from '../../syntax/tree';
import { type CType, memberOf, pointee, UNKNOWN_TYPE } from './ctype';
import { basicType } from './knownTypes';

/** What the type of an expression depends on outside of it. */
export interface TypeScope {
  variable(name: string, symbol: number): CType | undefined;
  /** Return type of a function of the file. */
  returned(symbol: number): CType | undefined;
  /** A typedef name that was read as an expression. */
  typedef(name: string, symbol: number): CType | undefined;
  typeName(tree: Tree, node: number): CType;
  text(symbol: number): string;
}

/** The type of an expression as far as the declarations tell it. */
export function typeOfExpression(tree: Tree, node: number, scope: TypeScope): CType {
  const operand = (index: number) => typeOfExpression(tree, childAt(tree, node, index), scope);
  switch (tree.kind[node]) {
    case NodeKind.Identifier: {
      const symbol = tree.tokens.symbol[tree.tok[node]!]!;
      const name = scope.text(symbol);
      return scope.variable(name, symbol) ?? scope.typedef(name, symbol) ?? UNKNOWN_TYPE;
    }
    case NodeKind.TypeName:
      return typeNameOrVariable(tree, node, scope);
    case NodeKind.Paren:
    case NodeKind.Postfix:
    case NodeKind.Assign:
      return operand(0);
    case NodeKind.Comma:
      return typeOfExpression(tree, lastChild(tree, node), scope);
    case NodeKind.Conditional: {
      const then = operand(1);
      return then.kind === 'unknown' ? operand(2) : then;
    }
    case NodeKind.Unary:
      return unaryType(tree, node, operand(0));
    case NodeKind.Index:
      return pointee(operand(0));
    case NodeKind.Member:
    case NodeKind.Arrow: {
      const base = tree.kind[node] === NodeKind.Arrow ? pointee(operand(0)) : operand(0);
      return memberOf(base, scope.text(tree.tokens.symbol[tree.tok[node]!]!))?.type ?? UNKNOWN_TYPE;
    }
    case NodeKind.Binary: {
      const left = operand(0);
      return left.kind === 'pointer' ? left : left.kind === 'array' ? { kind: 'pointer', to: left.of } : UNKNOWN_TYPE;
    }
    case NodeKind.Cast:
    case NodeKind.CompoundLiteral:
      return scope.typeName(tree, childAt(tree, node, 0));
    case NodeKind.Char:
    case NodeKind.Number:
      return basicType([]);
    case NodeKind.String:
      return stringType(tree, node);
    case NodeKind.Call:
      return callType(tree, node, scope);
    default:
      return UNKNOWN_TYPE;
  }
}

function typeNameOrVariable(tree: Tree, node: number, scope: TypeScope): CType {
  const type = scope.typeName(tree, node);
  if (type.kind !== 'unknown') return type;
  // `sizeof(buf)` reads like a type; without a typedef of that name it is a variable.
  const reference = childAt(tree, childAt(tree, node, 0), 0);
  if (reference === 0 || tree.kind[reference] !== NodeKind.TypeRef) return type;
  const symbol = tree.tokens.symbol[tree.tok[reference]!]!;
  return scope.variable(scope.text(symbol), symbol) ?? type;
}

function unaryType(tree: Tree, node: number, operand: CType): CType {
  switch (tree.tokens.kind[tree.tok[node]!]) {
    case TokenKind.Star:
      return operand.kind === 'function' ? operand : pointee(operand);
    case TokenKind.Amp:
      return { kind: 'pointer', to: operand };
    default:
      return operand;
  }
}

function stringType(tree: Tree, node: number): CType {
  const token = tree.tok[node]!;
  // One plain literal only: adjacent literals and macros between them have lengths of their own.
  if (tree.end[node]! - tree.first[node]! !== 1) return UNKNOWN_TYPE;
  return { kind: 'array', of: basicType(['char']), count: { min: 1, max: tree.tokens.end[token]! - tree.tokens.start[token]! - 1 } };
}

function callType(tree: Tree, node: number, scope: TypeScope): CType {
  const callee = childAt(tree, node, 0);
  if (tree.kind[callee] !== NodeKind.Identifier) return UNKNOWN_TYPE;
  const symbol = tree.tokens.symbol[tree.tok[callee]!]!;
  const name = scope.text(symbol);
  const type = childAt(tree, node, 2);
  if ((name === 'container_of' || name === 'list_entry' || name === 'rb_entry') && tree.kind[type] === NodeKind.TypeName) {
    return { kind: 'pointer', to: scope.typeName(tree, type) };
  }
  return scope.returned(symbol) ?? UNKNOWN_TYPE;
}

import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childrenOf, type Tree, unparen } from '../../syntax/tree';

/** The factors of a product, without parentheses around them: one for anything that is no product. */
export function factorsOf(tree: Tree, node: number): number[] {
  return operandsOf(tree, node, TokenKind.Star);
}

/** The terms of a sum. */
export function termsOf(tree: Tree, node: number): number[] {
  return operandsOf(tree, node, TokenKind.Plus);
}

function operandsOf(tree: Tree, node: number, operator: TokenKind): number[] {
  const inner = unparen(tree, node);
  if (tree.kind[inner] !== NodeKind.Binary || tree.tokens.kind[tree.tok[inner]!] !== operator) return [inner];
  return childrenOf(tree, inner).flatMap((operand) => operandsOf(tree, operand, operator));
}

export function isSizeof(tree: Tree, node: number): boolean {
  const kind = tree.kind[unparen(tree, node)];
  return kind === NodeKind.SizeofExpr || kind === NodeKind.SizeofType;
}

/** What a `sizeof` is asked of: an expression or a TypeName, without parentheses. */
export function sizeofOperand(tree: Tree, node: number): number {
  return unparen(tree, tree.child[unparen(tree, node)]!);
}

/** Macros whose value the compiler knows. */
const CONSTANT_MACROS = /^(ARRAY_SIZE|sizeof_field|offsetof|offsetofend|BIT|FIELD_SIZEOF)$/;

/**
 * Whether only numbers, `sizeof` and names in capitals (macros and enumerators) make the value, so that the compiler sees an overflow.
 * `nameOf` gives the spelling of a token.
 */
export function isCompileTimeConstant(tree: Tree, node: number, nameOf: (token: number) => string): boolean {
  switch (tree.kind[node]) {
    case NodeKind.Number:
    case NodeKind.Char:
    case NodeKind.SizeofExpr:
    case NodeKind.SizeofType:
      return true;
    case NodeKind.Identifier:
      return !/[a-z]/.test(nameOf(tree.tok[node]!));
    case NodeKind.Call: {
      const [callee, ...args] = childrenOf(tree, node);
      const name = nameOf(tree.tok[callee!]!);
      if (CONSTANT_MACROS.test(name)) return true;
      return !/[a-z]/.test(name) && args.every((arg) => isCompileTimeConstant(tree, arg, nameOf));
    }
    case NodeKind.Paren:
    case NodeKind.Unary:
    case NodeKind.Binary:
    case NodeKind.Conditional:
      return childrenOf(tree, node).every((child) => isCompileTimeConstant(tree, child, nameOf));
    case NodeKind.Cast:
      return isCompileTimeConstant(tree, childrenOf(tree, node)[1]!, nameOf);
    default:
      return false;
  }
}

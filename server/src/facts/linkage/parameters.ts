import { TokenKind } from '../../syntax/tokens';
import { childAt, type Tree } from '../../syntax/tree';
import { parametersOf } from '../fileScope';

/** A parameter whose value can decide what the function does, or that is a function. */
export interface LinkedParameter {
  readonly symbol: number;
  readonly index: number;
  /** Carries a choice by its type; a pointer to data only does so where it is tested. */
  readonly choice: boolean;
  /** The name of its type, where that is one word that is no keyword: `handler_t`; 0 for all others. */
  readonly type: number;
  /** Written as a pointer to a function: `void (*fn)(…)`. */
  readonly isFunction: boolean;
}

/** The named parameters of a function, with those marked that carry a choice or a function: `bool`, `int` and function pointers. */
export function linkedParameters(tree: Tree, node: number): readonly LinkedParameter[] {
  const found: LinkedParameter[] = [];
  let index = 0;
  for (const parameter of parametersOf(tree, node)) {
    const declarator = childAt(tree, parameter, 1);
    const token = declarator === 0 ? 0 : tree.tok[declarator]!;
    if (token !== 0)
      found.push({ symbol: tree.tokens.symbol[token]!, index, ...typeOf(tree, tree.first[parameter]!, tree.end[parameter]!, token) });
    index++;
  }
  return found;
}

/** The parameter of that name. A function has few, so that going through them is as quick as any table. */
export function parameterOf(parameters: readonly LinkedParameter[], symbol: number): LinkedParameter | undefined {
  for (const parameter of parameters) if (parameter.symbol === symbol) return parameter;
  return undefined;
}

/** Judges `bool x`, `int x`, `void (*fn)(…)`, `handler_t fn` by their tokens. `name`: the parameter's own. */
function typeOf(tree: Tree, first: number, end: number, name: number): Pick<LinkedParameter, 'choice' | 'type' | 'isFunction'> {
  const { kind, symbol } = tree.tokens;
  let isPointer = false;
  for (let token = first; token < end; token++) {
    if (kind[token] === TokenKind.LParen) return { choice: true, type: 0, isFunction: true };
    if (kind[token] === TokenKind.Star || kind[token] === TokenKind.Struct || kind[token] === TokenKind.LBracket) isPointer = true;
  }
  const isOneWord = name === first + 1 && kind[first] === TokenKind.Identifier;
  return { choice: !isPointer, type: isOneWord ? symbol[first]! : 0, isFunction: false };
}

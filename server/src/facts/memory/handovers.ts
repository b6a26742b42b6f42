import type { KernelModel } from '../../kernel/model';
import { enclosingCall, isMemberAccess } from '../../syntax/brackets';
import type { SourceFile } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import type { FunctionFacts } from '../site';

/** A parameter of a function, by its name. */
export interface Handover {
  /** The function's name. */
  readonly symbol: number;
  readonly position: number;
}

const functionsOf = new WeakMap<SourceFile, ReadonlySet<number>>();

/** Whether the file defines a function of this name's symbol. */
export function isOwnFunction(file: SourceFile, symbol: number): boolean {
  let own = functionsOf.get(file);
  if (own === undefined) {
    const { tree } = file;
    functionsOf.set(file, (own = new Set(file.functions.map(({ node }) => tree.tokens.symbol[tree.tok[node]!]!))));
  }
  return own.has(symbol);
}

/** Functions that end the life of what they get say so. */
const ENDING = /free|release|destroy|delete|_del(_|$)|put|unref|drop|clean|fini|exit|remove|discard|cancel|kill|complete|done|reset|abort/i;

/** Functions of other files that a variable is given to, by the places where it stands, when their names say that it ends there. What the kernel's own free functions do is known. */
export function endingCalls(places: readonly number[], { file }: FunctionFacts, model: KernelModel): Handover[] {
  const { tree, interner } = file;
  const { kind, symbol } = tree.tokens;
  const found: Handover[] = [];
  for (const token of places) {
    const isArgument =
      (kind[token - 1] === TokenKind.LParen || kind[token - 1] === TokenKind.Comma) &&
      (kind[token + 1] === TokenKind.RParen || kind[token + 1] === TokenKind.Comma);
    if (!isArgument) continue;
    const call = enclosingCall(kind, token);
    if (call === undefined || isMemberAccess(kind[call.name - 1])) continue;
    const called = symbol[call.name]!;
    const name = interner.text(called);
    if (!ENDING.test(name) || model.functions.get(name) !== undefined || isOwnFunction(file, called)) continue;
    found.push({ symbol: called, position: call.position });
  }
  return found;
}

/** Position of a parameter of a function by its name's symbol; -1 when it has none of this name. */
export function parameterPosition({ file: { tree }, entry }: Pick<FunctionFacts, 'file' | 'entry'>, parameter: number): number {
  const { kind, symbol } = tree.tokens;
  let token = tree.tok[entry.node]! + 1;
  if (kind[token] !== TokenKind.LParen) return -1;
  let position = 0;
  for (let depth = 0; token < tree.end[entry.node]!; token++) {
    const at = kind[token];
    if (at === TokenKind.LParen || at === TokenKind.LBracket) depth++;
    else if ((at === TokenKind.RParen || at === TokenKind.RBracket) && --depth === 0) return -1;
    else if (at === TokenKind.Comma && depth === 1) position++;
    else if (symbol[token] === parameter && depth === 1 && (kind[token + 1] === TokenKind.Comma || kind[token + 1] === TokenKind.RParen))
      return position;
  }
  return -1;
}

/** What a member or a variable of the file is assigned anywhere in it, as far as it is one name: a variable, or the result of a function. */
export function storedNames({ file }: FunctionFacts, target: number, member: boolean): { token: number; isCall: boolean }[] {
  const { kind, symbol } = file.tree.tokens;
  const found: { token: number; isCall: boolean }[] = [];
  for (let token = symbol.indexOf(target); token >= 0; token = symbol.indexOf(target, token + 1)) {
    const before = kind[token - 1];
    if (isMemberAccess(before) !== member) continue;
    if (kind[token + 1] !== TokenKind.Assign || kind[token + 2] !== TokenKind.Identifier) continue;
    const after = kind[token + 3];
    if (after === TokenKind.LParen || after === TokenKind.Semicolon) found.push({ token: token + 2, isCall: after === TokenKind.LParen });
  }
  return found;
}

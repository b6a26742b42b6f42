import type { Interner } from '../../base/interner';
import { eachWord } from '../../base/words';
import type { Macro } from '../../syntax/sourceFile';
import type { FileScope } from '../fileScope';
import { Role } from '../names';
import { AS_ENTERED, enteredBit, type FunctionLinkage, Linkage, type LinkedCall, plainCall, Via } from './linkage';

/** Bodies longer than this many bytes are tables or code generators, not wrappers. */
const MAX_BODY = 2000;

const CHANGES_CONTEXT = Role.Context | Role.Guard | Role.MayUnlock | Role.Test;

/** Function-like macros that call something, as functions that pass everything on. Of those that change the context only lock macros are told. */
export function macroLinkage(scope: FileScope): FunctionLinkage[] {
  const found: FunctionLinkage[] = [];
  const { all, symbols } = scope.file.macros;
  for (const [index, macro] of all.entries()) {
    if (!macro.takesArguments || macro.body.end - macro.body.start > MAX_BODY) continue;
    const symbol = symbols[index]!;
    const calls = callsOf(scope, macro, symbol);
    const leaves = calls === 'changes context' ? takenBy(scope, macro) : 0;
    if (calls === 'changes context' ? leaves !== undefined : calls.length > 0)
      found.push({
        symbol,
        offset: macro.nameRange.start,
        linkage: Linkage.Macro,
        atInit: false,
        leaves: leaves ?? 0,
        mayLeave: 0,
        calls: calls === 'changes context' ? [] : calls,
        mentions: [],
      });
  }
  return found;
}

/** What a macro takes that does nothing to the context but that: `#define ring_lock(r) spin_lock(&(r)->lock)`; undefined for all others. */
function takenBy(scope: FileScope, macro: Macro): number | undefined {
  const { bytes, interner } = scope.file;
  let taken: number | undefined = 0;
  eachWord(bytes, macro.body.start, macro.body.end, (first, behind, hash) => {
    const symbol = interner.internBytes(bytes, first, behind, hash);
    if ((scope.names.role(symbol) & CHANGES_CONTEXT) === 0) return true;
    const row = scope.names.contextFunction(symbol);
    const isTaken = row?.when === 'always' && row.effects.every(({ action }) => action === 'acquire');
    taken = isTaken ? row.effects.reduce((bits, { resource }) => bits | enteredBit(resource), taken ?? 0) : undefined;
    return taken !== undefined;
  });
  return taken;
}

/** The names before a parenthesis in a macro's body, when the body neither takes nor releases anything. */
function callsOf(scope: FileScope, macro: Macro, self: number): readonly LinkedCall[] | 'changes context' {
  const { bytes, interner } = scope.file;
  const calls: LinkedCall[] = [];
  let changesContext = false;
  eachWord(bytes, macro.body.start, macro.body.end, (first, behind, hash) => {
    if (bytes[first]! >= 48 && bytes[first]! <= 57) return true;
    const symbol = interner.internBytes(bytes, first, behind, hash);
    changesContext = (scope.names.role(symbol) & CHANGES_CONTEXT) !== 0;
    if (bytes[behind] === OPEN && symbol !== self && !NOT_A_NAME.has(bytes[first - 1]!)) {
      const parameter = parameterNamed(symbol, macro, interner);
      calls.push(
        plainCall(parameter < 0 ? Via.Name : Via.Parameter, parameter < 0 ? symbol : parameter, macro.nameRange.start, AS_ENTERED),
      );
    }
    return !changesContext;
  });
  return changesContext ? 'changes context' : calls;
}

/** The number of the macro's parameter of that name; -1 for all other names. */
function parameterNamed(symbol: number, { parameters }: Macro, interner: Interner): number {
  // Asking the interner for the parameter's number leaves no text behind for the name.
  return parameters?.findIndex((name) => interner.find(name) === symbol) ?? -1;
}

const OPEN = 40;
/** `#x`, `s.x`, `p->x`: no function of that name is called. */
const NOT_A_NAME = new Set(['#', '.', '>'].map((sign) => sign.charCodeAt(0)));

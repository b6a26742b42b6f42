import type { ContextCatalogue, ContextFunction } from '../kernel/model';
import { closingBracket } from '../syntax/brackets';
import type { SourceFile } from '../syntax/sourceFile';
import { TokenKind } from '../syntax/tokens';

/** Macros of include/linux/cleanup.h that define a class for guard(), with the position of the lock expression behind the class's name. */
const DEFINING: ReadonlyMap<string, number> = new Map([
  ['DEFINE_GUARD', 1],
  ['DEFINE_LOCK_GUARD_1', 1],
  ['DEFINE_LOCK_GUARD_0', 0],
]);

/** Where a file's includes define classes for guard(). */
export interface GuardTexts {
  /** The definition of a class, `DEFINE_GUARD(name, …)`. */
  guardText(name: string): string | undefined;
}

/** A class that takes something of which it is not known whether it forbids sleeping. */
export const UNKNOWN_GUARD = 'unknown';

/**
 * What guard(name) does, from the text of the class's definition: `DEFINE_GUARD(ring, struct ring *, spin_lock(&_T->lock), spin_unlock(&_T->lock))` takes what
 * spin_lock() takes. Undefined for a class that takes no lock.
 */
export function guardOfDefinition(text: string, contexts: ContextCatalogue): ContextFunction | typeof UNKNOWN_GUARD | undefined {
  const [, word = '', inner = ''] = /^(\w+)\s*\(([\s\S]*)\)\s*;?\s*$/.exec(text) ?? [];
  const position = DEFINING.get(word);
  const [name = '', ...rest] = topLevelArguments(inner);
  const lock = position === undefined ? undefined : rest[position];
  if (lock === undefined) return undefined;
  let unknown = false;
  for (const [, called] of lock.matchAll(/\b(\w+)\s*\(/g)) {
    const row = contexts.function(called!);
    if (row?.when === 'always' && row.effects.some(({ action }) => action === 'acquire'))
      // The argument of guard() is the lock, or what holds it.
      return {
        name: name.trim(),
        when: 'always',
        effects: row.effects.map((effect) => (effect.instance === undefined ? effect : { ...effect, instance: 0 })),
      };
    if (called!.includes('lock')) unknown = true;
  }
  return unknown ? UNKNOWN_GUARD : undefined;
}

/** The definition of a class in the file itself, as text. */
export function guardDefinedIn({ tokens, bytes, interner }: SourceFile, name: string): string | undefined {
  const symbol = interner.find(name);
  if (symbol === 0) return undefined;
  const { kind, start, end, count } = tokens;
  for (let token = 3; token < count; token++) {
    if (tokens.symbol[token] !== symbol || kind[token - 1] !== TokenKind.LParen || !DEFINING.has(interner.text(tokens.symbol[token - 2]!)))
      continue;
    return new TextDecoder('latin1').decode(bytes.subarray(start[token - 2]!, end[closingBracket(kind, token - 1, count) || count - 1]!));
  }
  return undefined;
}

/** `a, f(b, c), d` as three texts. */
function topLevelArguments(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === '(' || letter === '{') depth++;
    else if (letter === ')' || letter === '}') depth--;
    else if (letter === ',' && depth === 0) {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, text.slice(from)];
}

import { hashStep, type Interner } from '../base/interner';
import type { TextRange } from '../base/range';
import { CHAR_CLASS, CharClass, IN_NAME } from './charClasses';
import { DirectiveKind, type Directives } from './directives';
import type { Include, Macro, MacroTable } from './sourceFile';

const LF = 10;
const QUOTE = 34;
const LPAREN = 40;
const RPAREN = 41;
const STAR = 42;
const COMMA = 44;
const SLASH = 47;
const LESS = 60;
const GREATER = 62;
const BACKSLASH = 92;

/** The `#define`s of a file, read when they are asked for. */
export class LazyMacroTable implements MacroTable {
  private list: readonly Macro[] | undefined;
  private numbers: Uint32Array | undefined;
  private index: Map<number, Macro> | undefined;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly directives: Directives,
    private readonly interner: Interner,
  ) {}

  get all(): readonly Macro[] {
    this.list ??= readMacros(this.bytes, this.directives);
    return this.list;
  }

  get symbols(): Uint32Array {
    this.numbers ??= Uint32Array.from(this.all, ({ nameRange: { start, end } }) => this.numberOf(start, end));
    return this.numbers;
  }

  bySymbol(symbol: number): Macro | undefined {
    if (this.index === undefined) {
      this.index = new Map();
      for (const [at, macro] of this.all.entries()) this.index.set(this.symbols[at]!, macro);
    }
    return this.index.get(symbol);
  }

  private numberOf(start: number, end: number): number {
    let hash = 0;
    for (let at = start; at < end; at++) hash = hashStep(hash, this.bytes[at]!);
    return this.interner.internBytes(this.bytes, start, end, hash);
  }
}

/** The `#include`s of a file; those whose argument is a macro are left out. */
export function readIncludes(bytes: Uint8Array, directives: Directives): readonly Include[] {
  const includes: Include[] = [];
  for (let index = 0; index < directives.count; index++) {
    if (directives.kind[index] !== DirectiveKind.Include) continue;
    const end = directives.end[index]!;
    const open = skipBlanks(bytes, directives.argument[index]!, end);
    const quoted = bytes[open] === QUOTE;
    if (!quoted && bytes[open] !== LESS) continue;
    const close = bytes.indexOf(quoted ? QUOTE : GREATER, open + 1);
    if (close < 0 || close >= end) continue;
    includes.push({ path: latin(bytes, open + 1, close), quoted, range: { start: directives.start[index]!, end } });
  }
  return includes;
}

function readMacros(bytes: Uint8Array, directives: Directives): readonly Macro[] {
  const macros: Macro[] = [];
  for (let index = 0; index < directives.count; index++) {
    if (directives.kind[index] !== DirectiveKind.Define) continue;
    const end = directives.end[index]!;
    const nameRange = definedName(bytes, directives.argument[index]!, end);
    if (nameRange.end > nameRange.start) macros.push(new DefinedMacro(bytes, nameRange, end));
  }
  return macros;
}

/** The macro that a `#define` with its argument in `[from, end)` defines. It keeps nothing of the text. */
export function readMacro(bytes: Uint8Array, from: number, end: number): Macro | undefined {
  const nameRange = definedName(bytes, from, end);
  if (nameRange.end === nameRange.start) return undefined;
  const { name, takesArguments, parameters, body } = new DefinedMacro(bytes, nameRange, end);
  return { name, takesArguments, parameters, nameRange, body };
}

/** A macro whose names are spelled out when they are asked for: of most macros nobody does. */
class DefinedMacro implements Macro {
  readonly body: TextRange;
  readonly takesArguments: boolean;
  private spelling: string | undefined;
  private names: readonly string[] | undefined;

  constructor(
    private readonly bytes: Uint8Array,
    readonly nameRange: TextRange,
    private readonly end: number,
  ) {
    const behind = nameRange.end;
    this.takesArguments = bytes[behind] === LPAREN && behind < end;
    this.body = trim(bytes, this.takesArguments ? parametersEnd(bytes, behind, end) : behind, end);
  }

  get name(): string {
    this.spelling ??= latin(this.bytes, this.nameRange.start, this.nameRange.end);
    return this.spelling;
  }

  get parameters(): readonly string[] | undefined {
    if (this.takesArguments) this.names ??= readParameters(this.bytes, this.nameRange.end, this.end);
    return this.names;
  }
}

function parametersEnd(bytes: Uint8Array, open: number, end: number): number {
  let at = open + 1;
  while (at < end && bytes[at] !== RPAREN) at = Math.max(skipBlanks(bytes, at, end), at + 1);
  return Math.min(at + 1, end);
}

/** Where the name stands in the argument of a `#define` or `#undef`; an empty range when there is none. */
export function definedName(bytes: Uint8Array, from: number, end: number): TextRange {
  const start = skipBlanks(bytes, from, end);
  return { start, end: nameEnd(bytes, start, end) };
}

function readParameters(bytes: Uint8Array, open: number, end: number): readonly string[] {
  const names: string[] = [];
  let name = '';
  let at = open + 1;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === RPAREN || byte === COMMA) {
      if (name !== '') names.push(name);
      name = '';
      at++;
      if (byte === RPAREN) break;
      continue;
    }
    const next = skipBlanks(bytes, at, end);
    if (next !== at) at = next;
    else {
      const stop = nameEnd(bytes, at, end);
      if (stop > at) name += latin(bytes, at, stop);
      // The dots of `...` and of `name...`; other bytes do not belong here and stay part of the name.
      else name += String.fromCharCode(byte);
      at = Math.max(stop, at + 1);
    }
  }
  return names;
}

/** Without the blanks, continuations and comments at both ends. */
function trim(bytes: Uint8Array, from: number, to: number): TextRange {
  const start = skipBlanks(bytes, from, to);
  let end = to;
  while (end > start && (isBlank(bytes[end - 1]!) || (bytes[end - 1] === BACKSLASH && bytes[end] === LF))) end--;
  return { start: Math.min(start, end), end };
}

function isBlank(byte: number): boolean {
  return CHAR_CLASS[byte] === CharClass.Space || byte === LF;
}

function skipBlanks(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at]!;
    if (isBlank(byte) || (byte === BACKSLASH && isBlank(bytes[at + 1] ?? 0))) at++;
    else if (byte === SLASH && bytes[at + 1] === STAR) at = commentEnd(bytes, at + 2, end);
    else break;
  }
  return at;
}

function commentEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + 1 < end; at++) if (bytes[at] === STAR && bytes[at + 1] === SLASH) return at + 2;
  return end;
}

function nameEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && IN_NAME[bytes[at]!] === 1) at++;
  return at;
}

const decoder = new TextDecoder();

function latin(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

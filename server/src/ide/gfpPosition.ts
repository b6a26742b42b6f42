import type { KernelFunction, KernelModel } from '../kernel/model';

/** A place in the source where an operand of a mask can be written. */
export interface GfpPosition {
  /** The half-written word there, as a range of bytes; empty when none was begun. */
  readonly word: { readonly start: number; readonly end: number };
  readonly prefix: string;
  /** Flags that the mask has so far, as written. */
  readonly present: readonly string[];
  /** An operand of `&` or `~`: a single flag is tested or taken away. */
  readonly removing: boolean;
}

/** How far back the start of the function is looked for, bytes. */
const REACH = 64 * 1024;
const WORD = /^[A-Za-z0-9_]$/;

interface Open {
  /** The called word; empty for a parenthesis that only groups. */
  readonly callee: string;
  argument: number;
  /** Where the current argument begins. */
  start: number;
}

/**
 * Whether a byte offset is inside the mask argument of a known function, or in the value of a `gfp_t` variable, at a place for an operand. Reads the text
 * only, because the code is broken while someone types.
 */
export function gfpPositionAt(bytes: Uint8Array, offset: number, model: KernelModel): GfpPosition | undefined {
  const begin = Math.max(0, offset - REACH);
  // One character per byte, so that positions in the text are offsets.
  const text = new TextDecoder('latin1').decode(bytes.subarray(begin, Math.min(bytes.length, offset + 200)));
  const at = offset - begin;
  const from = Math.max(0, text.lastIndexOf('\n}', at - 1), text.lastIndexOf('\n{', at - 1));
  const expression = maskExpressionAt(text, from, at, model);
  if (expression === undefined) return undefined;
  const start = wordStart(text, at);
  const before = text.slice(expression, start);
  // Behind an operand comes an operator first; a member access is no place for a flag.
  if (!/^\s*$|[|&~(?:=]\s*$/.test(before) || /^\d/.test(text.slice(start, at)) || /(?:\|\||&&)\s*$/.test(before)) return undefined;
  return {
    word: { start: start + begin, end: wordEnd(text, at) + begin },
    prefix: text.slice(start, at),
    present: [...before.matchAll(/\b_*GFP_\w+/g)].map((match) => match[0]),
    removing: /[&~][\s~(]*$/.test(before),
  };
}

/** Where the mask expression around `at` begins; undefined when there is none. */
function maskExpressionAt(text: string, from: number, at: number, model: KernelModel): number | undefined {
  const open: Open[] = [];
  let statement = from;
  let word = '';
  for (let i = from; i < at; ) {
    const skipped = skipComment(text, i);
    if (skipped > at) return undefined;
    if (skipped > i) {
      i = skipped;
      continue;
    }
    const char = text[i]!;
    if (WORD.test(char)) {
      const end = wordEnd(text, i);
      word = text.slice(i, end);
      i = end;
      continue;
    }
    if (char === '(') open.push({ callee: word, argument: 0, start: i + 1 });
    else if (char === ')') open.pop();
    else if (char === ',') next(open, i + 1);
    else if (char === ';' || char === '{' || char === '}') {
      open.length = 0;
      statement = i + 1;
    }
    if (char.trim() !== '') word = '';
    i++;
  }
  return argumentStart(open, model) ?? (open.every(({ callee }) => callee === '') ? valueStart(text, statement, at) : undefined);
}

function next(open: readonly Open[], start: number): void {
  const inner = open.at(-1);
  if (inner === undefined) return;
  inner.argument++;
  inner.start = start;
}

/** The start of the innermost argument that takes a mask; parentheses that group belong to it. */
function argumentStart(open: readonly Open[], model: KernelModel): number | undefined {
  const call = open.findLast(({ callee }) => callee !== '');
  if (call === undefined) return undefined;
  return takesMask(model, call.callee, call.argument) ? call.start : undefined;
}

function takesMask(model: KernelModel, callee: string, argument: number): boolean {
  const row: KernelFunction | undefined = model.functions.get(callee);
  return row?.gfp === argument;
}

/** `gfp_t name = …`, `gfp_flags |= …`: variables that hold a mask by their type or by the kernel's habit of naming. */
function valueStart(text: string, statement: number, at: number): number | undefined {
  const head = /^\s*(?:(?:const\s+)?gfp_t\s+\w+\s*=|\w*gfp\w*\s*[|&]?=)(?!=)/.exec(text.slice(statement, at));
  return head === null ? undefined : statement + head[0].length;
}

/** Behind a comment, string or character that starts here; the same place when none does. Past the end when it is not closed. */
function skipComment(text: string, at: number): number {
  const end = (found: number, length: number) => (found < 0 ? text.length + 1 : found + length);
  if (text.startsWith('/*', at)) return end(text.indexOf('*/', at + 2), 2);
  if (text.startsWith('//', at)) return end(text.indexOf('\n', at), 0);
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return at;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === '\n') return i;
  }
  return text.length + 1;
}

function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && WORD.test(text[start - 1]!)) start--;
  return start;
}

function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && WORD.test(text[end]!)) end++;
  return end;
}

import type { TextRange } from '../base/range';
import type { CallSite, FileFacts } from '../facts/site';
import type { TextEdit } from './rule';

/** Columns that kernel code keeps to, and those that it uses where nothing shorter reads well (Documentation/process/coding-style.rst, checkpatch). */
const PREFERRED_WIDTH = 80;
const GREATEST_WIDTH = 100;
const TAB = 8;

const decoder = new TextDecoder();

/** An argument: its text on one line, or a call that may be continued in its turn. */
export type LaidArgument = string | { readonly callee: string; readonly args: readonly LaidArgument[] };

/** An argument on one line. */
function flatText(argument: LaidArgument): string {
  return typeof argument === 'string' ? argument : `${argument.callee}(${argument.args.map(flatText).join(', ')})`;
}

/**
 * The edit that writes a call anew, with another callee and other arguments, laid out like kernel code: on one line if it fits, else continued
 * under the first argument. Undefined where the call holds more than a call shows (a comment, a line of the preprocessor, a macro around it), and
 * where it does not fit into any line. `shift`: columns by which another edit moves its start.
 */
export function callEdit(facts: FileFacts, call: CallSite, callee: string, args: readonly LaidArgument[], shift = 0): TextEdit | undefined {
  const { bytes } = facts.file;
  const range = { start: call.calleeRange.start, end: call.range.end };
  const old = decoder.decode(bytes.subarray(range.start, range.end));
  if (call.origin === 'macro' || /\/[*/]|^\s*#|\\\n/m.test(old)) return undefined;
  const lineStart = bytes.lastIndexOf(0x0a, range.start - 1) + 1;
  const lineEnd = bytes.indexOf(0x0a, range.end);
  const column = widthOf(decoder.decode(bytes.subarray(lineStart, range.start)), 0) + shift;
  const behind = withoutComment(decoder.decode(bytes.subarray(range.end, lineEnd < 0 ? bytes.length : lineEnd)));
  const layouts = [PREFERRED_WIDTH, GREATEST_WIDTH].map((limit) => laidOut(callee, args, { column, tail: behind.length, limit }));
  const newText = layouts.find((text, index) => widest(text, column, behind) <= [PREFERRED_WIDTH, GREATEST_WIDTH][index]!);
  return newText === undefined ? undefined : { range, newText };
}

/** The rest of a line up to a comment, and without blanks at its end. */
function withoutComment(rest: string): string {
  const comment = rest.search(/\/[/*]/);
  return (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
}

/** The source text of a range on one line; the range begins and ends with code. */
export function lineText(facts: FileFacts, { start, end }: TextRange): string {
  const text = decoder.decode(facts.file.bytes.subarray(start, end));
  if (!text.includes('\n')) return text;
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}

interface Space {
  readonly column: number;
  /** Columns that follow the closing parenthesis on its line. */
  readonly tail: number;
  readonly limit: number;
}

function laidOut(callee: string, args: readonly LaidArgument[], { column, tail, limit }: Space): string {
  const indent = column + callee.length + 1;
  const continuation = `\n${'\t'.repeat(Math.floor(indent / TAB))}${' '.repeat(indent % TAB)}`;
  const lines: string[] = [];
  args.forEach((argument, index) => {
    const last = index === args.length - 1;
    const reserve = last ? 1 + tail : 1;
    const flat = flatText(argument);
    const line = lines.at(-1);
    if (line !== undefined && widest(`${line} ${flat}`, indent, '') + reserve <= limit) {
      lines[lines.length - 1] = `${line} ${flat}${last ? '' : ','}`;
      return;
    }
    const broken = typeof argument !== 'string' && indent + flat.length + reserve > limit;
    const text = broken ? laidOut(argument.callee, argument.args, { column: indent, tail: reserve, limit }) : flat;
    lines.push(`${text}${last ? '' : ','}`);
  });
  return `${callee}(${lines.join(continuation)})`;
}

/** Columns of the widest line of a text that starts in a column and has something behind it. */
function widest(text: string, column: number, behind: string): number {
  const lines = `${text}${behind}`.split('\n');
  return Math.max(...lines.map((line, index) => widthOf(line, index === 0 ? column : 0)));
}

/** Columns behind a text that starts in a column. */
function widthOf(text: string, column: number): number {
  let width = column;
  for (const letter of text) width = letter === '\t' ? width + TAB - (width % TAB) : width + 1;
  return width;
}

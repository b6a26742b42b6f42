import type { TextRange } from '../base/range';
import type { CallSite, FileFacts } from '../facts/site';
import type { TextEdit } from './rule';

/** Columns that kernel code keeps to, and those that it uses where nothing shorter reads well (Documentation/process/coding-style.rst, checkpatch). */
const PREFERRED_WIDTH = 80;
const GREATEST_WIDTH = 100;
const TAB = 8;

const decoder = new TextDecoder();

/**
 * The edit that writes a call anew, with another callee and other arguments, laid out like kernel code: on one line if it fits, else continued
 * under the first argument. Undefined where the call holds more than a call shows: a comment, a line of the preprocessor, a macro around it.
 */
export function callEdit(facts: FileFacts, call: CallSite, callee: string, args: readonly string[]): TextEdit | undefined {
  const { bytes } = facts.file;
  const range = { start: call.calleeRange.start, end: call.range.end };
  const old = decoder.decode(bytes.subarray(range.start, range.end));
  if (call.origin === 'macro' || /\/[*/]|^\s*#|\\\n/m.test(old)) return undefined;
  const lineStart = bytes.lastIndexOf(0x0a, range.start - 1) + 1;
  const lineEnd = bytes.indexOf(0x0a, range.end);
  const before = widthOf(decoder.decode(bytes.subarray(lineStart, range.start)));
  const behind = decoder.decode(bytes.subarray(range.end, lineEnd < 0 ? bytes.length : lineEnd)).replace(/\s*(\/[*/].*)?$/, '');
  return { range, newText: laidOut(callee, args, before, behind.length) };
}

/** The source text of a range on one line. */
export function lineText(facts: FileFacts, { start, end }: TextRange): string {
  return decoder.decode(facts.file.bytes.subarray(start, end)).replace(/\s*\n\s*/g, ' ');
}

function laidOut(callee: string, args: readonly string[], column: number, tail: number): string {
  const indent = column + callee.length + 1;
  const widest = Math.max(...args.map((arg, index) => indent + arg.length + (index === args.length - 1 ? 1 + tail : 1)));
  const limit = widest > PREFERRED_WIDTH ? GREATEST_WIDTH : PREFERRED_WIDTH;
  const lines = [''];
  args.forEach((arg, index) => {
    const end = index === args.length - 1 ? 1 + tail : 1;
    const line = lines.at(-1)!;
    const joined = line === '' ? arg : `${line} ${arg}`;
    const text = index === args.length - 1 ? joined : `${joined},`;
    if (line === '' || indent + joined.length + end <= limit) lines[lines.length - 1] = text;
    else lines.push(index === args.length - 1 ? arg : `${arg},`);
  });
  const continuation = `\n${'\t'.repeat(Math.floor(indent / TAB))}${' '.repeat(indent % TAB)}`;
  return `${callee}(${lines.join(continuation)})`;
}

/** Columns that a text takes from the start of a line. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width = letter === '\t' ? width + TAB - (width % TAB) : width + 1;
  return width;
}

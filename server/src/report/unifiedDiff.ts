/**
 * A unified diff of two texts with three lines of context, as `patch -p1` and `git apply` take it; the empty string when
 * they are equal. Made for small edits: the time grows with the number of changed lines times the length of the text.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const a = linesOf(before);
  const b = linesOf(after);
  const hunks = group(changes(a, b)).map((changed) => hunk(a, b, changed));
  return `--- ${header(`a/${path}`)}\n+++ ${header(`b/${path}`)}\n${hunks.join('')}`;
}

/** A file name as git writes it: in quotes with C escapes where it has to be, with a tab behind it where it holds a blank. */
function header(name: string): string {
  const bytes = [...encoder.encode(name)];
  const isPlain = bytes.every((byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c);
  if (isPlain) return name.includes(' ') ? `${name}\t` : name;
  return `"${bytes.map(quoted).join('')}"`;
}

function quoted(byte: number): string {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
}

/** Lines [start, end) of the old text replaced by lines [from, to) of the new one. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

const encoder = new TextEncoder();
const CONTEXT = 3;

/** The differing stretches, found by looking for the nearest pair of lines where both texts agree again. */
function changes(a: readonly string[], b: readonly string[]): readonly Change[] {
  const found: Change[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const [end, to] = resume(a, b, i, j);
    found.push({ start: i, end, from: j, to });
    i = end;
    j = to;
  }
  return found;
}

/** The pair of lines with the smallest distance from (i, j) from which the texts agree for two lines, or to the end. */
function resume(a: readonly string[], b: readonly string[], i: number, j: number): readonly [number, number] {
  for (let distance = 1; distance <= a.length - i + b.length - j; distance++) {
    for (let skipped = 0; skipped <= distance; skipped++) {
      const x = i + skipped;
      const y = j + distance - skipped;
      if (x > a.length || y > b.length) continue;
      if (a[x] === b[y] && a[x + 1] === b[y + 1]) return [x, y];
    }
  }
  return [a.length, b.length];
}

/** Changes whose contexts meet share a hunk. */
function group(list: readonly Change[]): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  for (const change of list) {
    const last = groups.at(-1);
    if (last !== undefined && change.start - last.at(-1)!.end <= 2 * CONTEXT) last.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunk(a: readonly string[], b: readonly string[], changed: readonly Change[]): string {
  const first = changed[0]!;
  const last = changed.at(-1)!;
  const lead = Math.min(CONTEXT, first.start);
  const stop = Math.min(a.length, last.end + CONTEXT);
  const lines: string[] = [];
  let at = first.start - lead;
  for (const change of changed) {
    for (; at < change.start; at++) lines.push(shown(' ', a[at]!));
    for (; at < change.end; at++) lines.push(shown('-', a[at]!));
    for (let line = change.from; line < change.to; line++) lines.push(shown('+', b[line]!));
  }
  for (; at < stop; at++) lines.push(shown(' ', a[at]!));
  const oldCount = lines.filter((line) => line[0] !== '+').length;
  const newCount = lines.filter((line) => line[0] !== '-').length;
  return `@@ -${first.start - lead + 1},${oldCount} +${first.from - lead + 1},${newCount} @@\n${lines.join('')}`;
}

/** The lines of a text, each with its line feed; the last one may have none. */
function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

function shown(sign: string, line: string): string {
  return line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}

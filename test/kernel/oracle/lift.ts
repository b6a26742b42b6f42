/** Pieces of C text taken out of kernel sources at run time. Nothing of them is kept. */

/** The text without comments. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/[^\n]*/g, '');
}

/** The definition of a function, from the line its declaration starts in to its closing brace. */
export function functionText(source: string, name: string): string {
  const head = new RegExp(`^(?:[a-z][\\w \\t*]*[\\s*])?${name}\\s*\\([^;{}]*\\)\\s*\\{`, 'gm');
  const match = head.exec(source);
  if (match === null) throw new Error(`${name}() is not in the source`);
  return source.slice(match.index, closing(source, match.index + match[0].length - 1) + 1);
}

/** `enum NAME { … };` */
export function enumText(source: string, name: string): string {
  const start = source.search(new RegExp(`^enum ${name} \\{`, 'm'));
  if (start < 0) throw new Error(`enum ${name} is not in the source`);
  return `${source.slice(start, closing(source, source.indexOf('{', start)) + 1)};\n`;
}

/** `#define` lines of the names that match, with the lines they go on in. */
export function defines(source: string, names: RegExp): string {
  const found = source.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)(?:[^\n]*\\\n)*[^\n]*$/gm);
  return [...found]
    .filter((match) => names.test(match[1]!))
    .map((match) => `${match[0]}\n`)
    .join('');
}

/** The text between two places, the first one included; conditions opened in it are closed. */
export function between(source: string, start: string | RegExp, end: string): string {
  const from = typeof start === 'string' ? source.indexOf(start) : source.search(start);
  const to = source.indexOf(end, from + 1);
  if (from < 0 || to < 0) throw new Error(`${start} … ${end} is not in the source`);
  const text = source.slice(from, to);
  const count = (word: RegExp) => (text.match(word) ?? []).length;
  const open = count(/^[ \t]*#[ \t]*if/gm) - count(/^[ \t]*#[ \t]*endif/gm);
  return `${text}\n${'#endif\n'.repeat(Math.max(0, open))}`;
}

function closing(source: string, brace: number): number {
  let depth = 0;
  for (let at = brace; at < source.length; at++) {
    if (source[at] === '{') depth++;
    else if (source[at] === '}' && --depth === 0) return at;
  }
  throw new Error('a brace is not closed');
}

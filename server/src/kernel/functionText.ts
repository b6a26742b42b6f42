/** Text of a header or source without its comments; one that is never closed ends with the text, as for the compiler. Strings that contain the mark of one are rare enough in the kernel not to matter here. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/.*$/gm, ' ');
}

/**
 * The body of the first function of these names that a source defines, without comments; undefined when it defines none. It relies on the kernel's style: a
 * definition starts in the first column, and so does the brace that ends it.
 */
export function functionBody(source: string, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    for (let at = source.indexOf(`${name}(`); at >= 0; at = source.indexOf(`${name}(`, at + 1)) {
      const body = bodyAt(source, at, name);
      if (body !== undefined) return withoutComments(body);
    }
  }
  return undefined;
}

function bodyAt(source: string, at: number, name: string): string | undefined {
  if (/[\w.>]/.test(source[at - 1] ?? '')) return undefined;
  const line = source.lastIndexOf('\n', at) + 1;
  // A call is indented, a mention in a comment starts with a star.
  if (!/^[A-Za-z_]/.test(source.slice(line, line + 1))) return undefined;
  const parameters = closing(source, at + name.length);
  const open = /^[\s\w]*\{/.exec(source.slice(parameters, parameters + 200));
  if (open === null) return undefined;
  const start = parameters + open[0].length;
  const end = source.indexOf('\n}', start);
  return end < 0 ? undefined : source.slice(start, end);
}

/** Behind the parenthesis that closes the one at `open`. */
function closing(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    if (source[at] === '(') depth++;
    else if (source[at] === ')' && --depth === 0) return at + 1;
  }
  return source.length;
}

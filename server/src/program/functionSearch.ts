/** The C files of a kernel tree, as a shell reads them. */
export interface SourceTree {
  /** Paths of the `.c` files, relative to the root, with `/`. */
  files(): readonly string[];
  /** Undefined for a file that cannot be read. */
  read(path: string): Uint8Array | undefined;
}

/** Where a tree defines a function. */
export interface FunctionPlace {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Of the line with the function's name, from 1. */
  readonly line: number;
}

/** Folders of a tree in the order in which a function is looked for; what is not named here comes after them. */
const FOLDERS = ['drivers', 'fs', 'net', 'mm', 'kernel', 'lib', 'block', 'sound', 'security', 'crypto', 'ipc', 'io_uring', 'virt', 'init'];
/** Functions of these are found only where nothing else defines them. */
const LAST = ['arch', 'tools', 'samples', 'scripts', 'Documentation', 'usr'];

/**
 * Looks for the definition of a function by its text, which is enough for a link. A generator, because it may have to look through a whole tree: after each
 * file it hands back control, so that a server can answer others meanwhile. `module`: as a trace names it.
 */
export function* searchFunction(
  tree: SourceTree,
  name: string,
  module: string | undefined,
): Generator<undefined, FunctionPlace | undefined, void> {
  if (!/^[A-Za-z_]\w*$/.test(name)) return undefined;
  const needle = new TextEncoder().encode(`${name}(`);
  for (const path of likelyFirst(tree.files(), name, module)) {
    const bytes = tree.read(path);
    if (bytes !== undefined && contains(bytes, needle)) {
      const line = definitionLine(bytes, name);
      if (line !== undefined) return { path, bytes, line };
    }
    yield undefined;
  }
  return undefined;
}

/** The whole search at once. */
export function findFunction(tree: SourceTree, name: string, module: string | undefined): FunctionPlace | undefined {
  const search = searchFunction(tree, name, module);
  for (;;) {
    const { done, value } = search.next();
    if (done === true) return value;
  }
}

/** Files that are named like the module come first, then those named like the first word of the function, then folder by folder. */
function likelyFirst(files: readonly string[], name: string, module: string | undefined): readonly string[] {
  const [word = ''] = name.replace(/^_+/, '').split('_');
  const own = module === undefined ? undefined : new RegExp(`[/]${module.replace(/[_-]/g, '[-_]')}(?:[/.]|$)`);
  const like = word.length > 2 ? new RegExp(`[/]${word.replace(/[^\w]/g, '')}`, 'i') : undefined;
  const rank = (path: string): number => {
    if (own?.test(path)) return 0;
    const [top = ''] = path.split('/', 1);
    const at = FOLDERS.indexOf(top);
    const folder = LAST.includes(top) ? FOLDERS.length + 1 + LAST.indexOf(top) : at < 0 ? FOLDERS.length : at;
    return 1 + folder + (like?.test(path) ? 0 : FOLDERS.length + LAST.length + 1);
  };
  return files
    .map((path) => [rank(path), path] as const)
    .sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1))
    .map(([, path]) => path);
}

/** As `Buffer.includes()`, which the core does without: looks for the rarest kind of byte of a call first. */
function contains(bytes: Uint8Array, needle: Uint8Array): boolean {
  const [first] = needle;
  for (let at = bytes.indexOf(first!); at >= 0; at = bytes.indexOf(first!, at + 1)) {
    let length = 1;
    while (length < needle.length && bytes[at + length] === needle[length]) length++;
    if (length === needle.length) return true;
  }
  return false;
}

/** Undefined when the text only calls or declares it. */
function definitionLine(bytes: Uint8Array, name: string): number | undefined {
  const text = new TextDecoder('latin1').decode(bytes);
  const definition = new RegExp(`^(?:[A-Za-z_][^\\n;={}()]*[\\s*])?${name}\\([^;{}]*\\)[^;{}]*\\{`, 'm').exec(text);
  if (definition === null) return undefined;
  const at = definition.index + definition[0].indexOf(`${name}(`);
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

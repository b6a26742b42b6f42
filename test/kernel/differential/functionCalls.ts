/** A function as both parsers are asked about it. */
export interface FunctionCalls {
  readonly name: string;
  /** Offset of the body's `{`: what the two lists are matched by. */
  readonly body: number;
  readonly end: number;
  /** `offset name(argument|argument)` without white space, in source order. */
  readonly calls: readonly string[];
  /** The parser itself reports that it could not read all of it. */
  readonly broken: boolean;
}

/** One call as text: comments and white space do not count. */
export function callText(offset: number, callee: string, callArguments: readonly string[]): string {
  return `${offset} ${squeeze(callee)}(${callArguments.map(squeeze).join('|')})`;
}

function squeeze(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/[\s\\]+/g, '');
}

/** `(name)(x)` is a cast or a call; nobody can tell without a symbol table, and tree-sitter takes all of them for calls. */
export function isPerhapsCast(callee: string): boolean {
  return /^(?:\(\s*\w+\s*\)\s*)+$/.test(callee);
}

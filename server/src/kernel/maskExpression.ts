/**
 * Value of a constant mask expression of the headers or of a command line: names, `|`, `&`, `~`, parentheses and casts to a type. Numbers are
 * given to `numberOf`; without it they make the value unknown.
 *
 * @returns undefined for anything it does not understand, and for names that `bitsOf` does not know.
 */
export function evaluateMask(
  text: string,
  bitsOf: (name: string) => number | undefined,
  numberOf: (number: number) => number | undefined = () => undefined,
): number | undefined {
  const parser = new MaskParser(tokenise(text), bitsOf, numberOf);
  return parser.whole();
}

const TOKEN = /\s*([A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|[|&~()]|<<|\S)/g;
/** Words that make a parenthesis a cast and not a value. */
const CAST_WORDS = new Set(['__force', 'gfp_t', 'unsigned', 'int', 'long', 'u32', 'unsigned_int']);

/** Parentheses and operators within each other; deeper ones are not understood. */
const MAX_DEPTH = 100;

function tokenise(text: string): string[] {
  return [...text.matchAll(TOKEN)].map((match) => match[1]!);
}

class MaskParser {
  private position = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly bitsOf: (name: string) => number | undefined,
    private readonly numberOf: (number: number) => number | undefined,
  ) {}

  whole(): number | undefined {
    const value = this.or();
    return this.position === this.tokens.length ? value : undefined;
  }

  private or(): number | undefined {
    let value = this.and();
    while (this.accept('|')) {
      const right = this.and();
      value = value === undefined || right === undefined ? undefined : value | right;
    }
    return value;
  }

  private and(): number | undefined {
    let value = this.unary();
    while (this.accept('&')) {
      const right = this.unary();
      value = value === undefined || right === undefined ? undefined : value & right;
    }
    return value;
  }

  private unary(): number | undefined {
    if (this.depth >= MAX_DEPTH) return undefined;
    this.depth++;
    const value = this.operand();
    this.depth--;
    return value;
  }

  private operand(): number | undefined {
    if (this.accept('~')) {
      const value = this.unary();
      return value === undefined ? undefined : ~value;
    }
    if (this.accept('(')) {
      if (this.acceptCast()) return this.unary();
      const value = this.or();
      return this.accept(')') ? value : undefined;
    }
    return this.word();
  }

  private word(): number | undefined {
    const token = this.tokens[this.position];
    if (token === undefined) return undefined;
    this.position++;
    if (/^\d/.test(token)) {
      // Suffixes such as `u` follow a number as a word of their own.
      if (/^[uUlL]+$/.test(this.tokens[this.position] ?? '')) this.position++;
      return this.numberOf(Number(token));
    }
    return /^[A-Za-z_]/.test(token) ? this.bitsOf(token) : undefined;
  }

  /** After `(`: skips `__force gfp_t)`. */
  private acceptCast(): boolean {
    let at = this.position;
    while (CAST_WORDS.has(this.tokens[at] ?? '')) at++;
    if (at === this.position || this.tokens[at] !== ')') return false;
    this.position = at + 1;
    return true;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position++;
    return true;
  }
}

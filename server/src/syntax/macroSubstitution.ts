import { lex } from './lexer';
import type { Macro, SourceFile } from './sourceFile';
import { TokenKind, type Tokens } from './tokens';

const decoder = new TextDecoder();

/** The body of a function-like macro with its parameters replaced; undefined when the arguments do not fit the parameters. */
export function substitute(
  file: Pick<SourceFile, 'bytes' | 'interner'>,
  macro: Macro,
  argumentTexts: readonly string[],
): string | undefined {
  const values = bind(macro.parameters ?? [], argumentTexts);
  if (values === undefined) return undefined;
  const bytes = file.bytes.subarray(macro.body.start, macro.body.end);
  const { tokens } = lex(bytes, file.interner, undefined, true);
  return new Substitution(bytes, tokens, values).run(1, tokens.count - 1);
}

/** Parameter values by name; the variable part is called `__VA_ARGS__` or by its own name. */
function bind(parameters: readonly string[], argumentTexts: readonly string[]): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  const last = parameters[parameters.length - 1];
  const variadic = last?.endsWith('...') === true;
  const named = variadic ? parameters.length - 1 : parameters.length;
  const given = parameters.length === 0 && argumentTexts.length === 1 && argumentTexts[0]!.trim() === '' ? [] : argumentTexts;
  if (given.length < named || (!variadic && given.length > named)) return undefined;
  for (let i = 0; i < named; i++) values.set(parameters[i]!, given[i]!.trim());
  if (variadic) values.set(last.slice(0, -3) || '__VA_ARGS__', given.slice(named).join(', ').trim());
  return values;
}

class Substitution {
  private out = '';

  constructor(
    private readonly bytes: Uint8Array,
    private readonly tokens: Tokens,
    private readonly values: ReadonlyMap<string, string>,
  ) {}

  /** The text of the tokens [from, to) with replacements. */
  run(from: number, to: number): string {
    const { kind } = this.tokens;
    for (let token = from; token < to; ) {
      if (token > from) this.out += this.gap(token);
      if (kind[token] === TokenKind.Hash && this.values.has(this.text(token + 1))) {
        this.out += stringLiteral(this.values.get(this.text(token + 1))!);
        token += 2;
      } else if (kind[token] === TokenKind.HashHash) {
        token = this.paste(token, to);
      } else if (this.text(token) === '__VA_OPT__' && kind[token + 1] === TokenKind.LParen) {
        token = this.optional(token + 1, to);
      } else {
        const text = this.text(token);
        this.out += this.values.get(text) ?? text;
        token++;
      }
    }
    return this.out;
  }

  /** `a ## b`; a comma pasted to an empty variable part disappears, one pasted to a non-empty part stays apart from it. */
  private paste(operator: number, to: number): number {
    const operand = operator + 1;
    this.out = this.out.trimEnd();
    if (operand >= to) return operand;
    const text = this.text(operand);
    const value = this.values.get(text) ?? text;
    if (this.out.endsWith(',')) this.out = value === '' ? this.out.slice(0, -1) : `${this.out} ${value}`;
    else this.out += value;
    return operand + 1;
  }

  /** `__VA_OPT__(tokens)`: the tokens, if the variable part is not empty. Returns the token behind the parenthesis. */
  private optional(open: number, to: number): number {
    const { kind } = this.tokens;
    let close = open;
    for (let depth = 0; close < to; close++) {
      if (kind[close] === TokenKind.LParen) depth++;
      else if (kind[close] === TokenKind.RParen && --depth === 0) break;
    }
    if ((this.values.get('__VA_ARGS__') ?? '') !== '')
      this.out += new Substitution(this.bytes, this.tokens, this.values).run(open + 1, close);
    return Math.min(close + 1, to);
  }

  private text(token: number): string {
    return decoder.decode(this.bytes.subarray(this.tokens.start[token], this.tokens.end[token]));
  }

  /** What separates a token from the one before it; lines keep their indentation, which tells a macro's body from the next statement. */
  private gap(token: number): string {
    const from = this.tokens.end[token - 1]!;
    const to = this.tokens.start[token]!;
    if (from === to) return '';
    const text = decoder.decode(this.bytes.subarray(from, to));
    const line = text.lastIndexOf('\n');
    return line < 0 ? ' ' : `\n ${text.slice(line + 1).replace(/[^ \t]/g, ' ')}`;
  }
}

function stringLiteral(text: string): string {
  return `"${text.replace(/\s+/g, ' ').replace(/["\\]/g, '\\$&')}"`;
}

import type { BranchOracle } from './sourceFile';

/** Value of a preprocessor expression; undefined when it is not known. */
export type ConditionValue = number | undefined;

/** Macros whose state is the same for every C file of the kernel. */
const ALWAYS_DEFINED: ReadonlySet<string> = new Set(['__KERNEL__', '__GNUC__', '__linux__', '__STDC__']);
const NEVER_DEFINED: ReadonlySet<string> = new Set([
  '__ASSEMBLY__',
  '__ASSEMBLER__',
  '__cplusplus',
  '__CHECKER__',
  '__GENKSYMS__',
  '__LINKER__',
  'LINKER_SCRIPT',
  '_MSC_VER',
  '_WIN32',
  'WIN32',
  '__APPLE__',
  '__FreeBSD__',
  '__GLIBC__',
  '__UCLIBC__',
  '__MINGW32__',
  '__INTEL_COMPILER',
]);

/** Nested parentheses beyond this depth make a condition unknown. */
const MAX_DEPTH = 64;

const BINARY_LEVEL: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

/** Whether a macro is defined: what holds for all kernel code, then the configuration, then what this reading assumes. */
export function macroDefined(name: string, oracle: BranchOracle | undefined, assumed: ReadonlyMap<string, boolean>): boolean | undefined {
  if (ALWAYS_DEFINED.has(name)) return true;
  if (NEVER_DEFINED.has(name)) return false;
  if (oracle !== undefined && name.startsWith('CONFIG_')) {
    const known = oracle.configDefined(name);
    if (known !== undefined) return known;
  }
  return assumed.get(name) ?? (name.startsWith('CONFIG_') ? undefined : oracle?.macroDefined?.(name));
}

/**
 * Evaluates the expression of `#if` / `#elif` with three truth values, as far as the names in it are known.
 * Understands defined(), IS_ENABLED() and its relatives (include/linux/kconfig.h), integers and C's operators.
 */
export function evaluateCondition(text: string, oracle: BranchOracle | undefined, assumed: ReadonlyMap<string, boolean>): ConditionValue {
  return new Evaluator(words(text), oracle, assumed).value();
}

/**
 * The macro a simple condition asks about (`defined(X)`, `!defined X`, `IS_ENABLED(CONFIG_X)`), and whether the condition holds
 * when it is defined; undefined for all other conditions.
 */
export function soleMacro(text: string): { readonly name: string; readonly whenDefined: boolean } | undefined {
  const match = /^\s*(!\s*)?(?:defined|IS_ENABLED|IS_BUILTIN|IS_REACHABLE)\s*(?:\(\s*)?(\w+)\s*(?:\)\s*)?$/.exec(text);
  return match === null ? undefined : { name: match[2]!, whenDefined: match[1] === undefined };
}

function words(text: string): string[] {
  return (
    text
      .match(/\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/.*|'(?:[^'\\]|\\.)'|"[^"]*"|[A-Za-z_]\w*|\d[\w.]*|&&|\|\||[<>=!]=|<<|>>|[^\s\\]/g)
      ?.filter((word) => !word.startsWith('/*') && !word.startsWith('//')) ?? []
  );
}

class Evaluator {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly words: readonly string[],
    private readonly oracle: BranchOracle | undefined,
    private readonly assumed: ReadonlyMap<string, boolean>,
  ) {}

  value(): ConditionValue {
    const value = this.binary(1);
    return this.at === this.words.length ? value : undefined;
  }

  private binary(level: number): ConditionValue {
    let left = this.unary();
    for (;;) {
      const operator = this.words[this.at];
      const found = operator === undefined ? undefined : BINARY_LEVEL[operator];
      if (operator === undefined || found === undefined || found < level) return left;
      this.at++;
      left = combine(operator, left, this.binary(found + 1));
    }
  }

  private unary(): ConditionValue {
    const word = this.words[this.at];
    if (word === undefined || ++this.depth > MAX_DEPTH) return undefined;
    this.at++;
    const value = this.operand(word);
    this.depth--;
    return value;
  }

  private operand(word: string): ConditionValue {
    if (word === '!') {
      const value = this.unary();
      return value === undefined ? undefined : Number(value === 0);
    }
    if (word === '-' || word === '+' || word === '~') {
      const value = this.unary();
      if (value === undefined) return undefined;
      return word === '-' ? -value : word === '~' ? ~value : value;
    }
    if (word === '(') {
      const value = this.binary(1);
      if (this.words[this.at] === ')') this.at++;
      return value;
    }
    if (/^\d/.test(word)) return integer(word);
    if (/^[A-Za-z_]/.test(word)) return this.name(word);
    return undefined;
  }

  private name(word: string): ConditionValue {
    if (word === 'defined') return truth(this.defined(this.nameArgument()));
    if (this.words[this.at] !== '(') {
      if (NEVER_DEFINED.has(word)) return 0;
      // Without headers the value of a macro is not known, except that an option that is off has none.
      if (word.startsWith('CONFIG_') && this.oracle?.configDefined(word) === false) return 0;
      return this.oracle?.macroValue?.(word);
    }
    if (word === 'IS_ENABLED') return this.enabled(this.nameArgument(), undefined);
    if (word === 'IS_REACHABLE') return this.reachable(this.nameArgument());
    if (word === 'IS_BUILTIN') return truth(this.defined(this.nameArgument()));
    if (word === 'IS_MODULE') return truth(this.moduleDefined(this.nameArgument()));
    this.skipArguments();
    return undefined;
  }

  private enabled(name: string, whenModule: ConditionValue): ConditionValue {
    const builtin = this.defined(name);
    if (builtin === true) return 1;
    const module = this.moduleDefined(name);
    if (module === true) return whenModule ?? 1;
    return builtin === false && module === false ? 0 : undefined;
  }

  /** `=m` options are reachable from modules only, and whether this file becomes one is not known. */
  private reachable(name: string): ConditionValue {
    if (this.defined(name) === true) return 1;
    return this.defined(name) === false && this.moduleDefined(name) === false ? 0 : undefined;
  }

  private defined(name: string): boolean | undefined {
    return macroDefined(name, this.oracle, this.assumed);
  }

  private moduleDefined(name: string): boolean | undefined {
    const known = this.oracle?.configDefined(`${name}_MODULE`);
    // An assumption is about the option as a whole: assumed off means not a module either.
    return known ?? (this.assumed.get(name) === false ? false : undefined);
  }

  private nameArgument(): string {
    const parenthesised = this.words[this.at] === '(';
    if (parenthesised) this.at++;
    const name = this.words[this.at++] ?? '';
    if (parenthesised && this.words[this.at] === ')') this.at++;
    return name;
  }

  private skipArguments(): void {
    let depth = 0;
    for (; this.at < this.words.length; this.at++) {
      const word = this.words[this.at];
      if (word === '(') depth++;
      else if (word === ')' && --depth === 0) {
        this.at++;
        return;
      }
    }
  }
}

function truth(value: boolean | undefined): ConditionValue {
  return value === undefined ? undefined : Number(value);
}

function integer(word: string): ConditionValue {
  const value = Number(word.replace(/[uUlL]{1,3}$/, '').replace(/^0(?=\d)/, '0o'));
  return Number.isNaN(value) ? undefined : value;
}

function combine(operator: string, left: ConditionValue, right: ConditionValue): ConditionValue {
  if (operator === '&&') {
    if (left === 0 || right === 0) return 0;
    return left === undefined || right === undefined ? undefined : 1;
  }
  if (operator === '||') {
    if ((left !== undefined && left !== 0) || (right !== undefined && right !== 0)) return 1;
    return left === undefined || right === undefined ? undefined : 0;
  }
  if (left === undefined || right === undefined) return undefined;
  switch (operator) {
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '>':
      return Number(left > right);
    case '<=':
      return Number(left <= right);
    case '>=':
      return Number(left >= right);
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : Math.trunc(left / right);
    default:
      return right === 0 ? undefined : left % right;
  }
}

import { closingBracket, isMemberAccess, openingBracket } from '../../syntax/brackets';
import { TokenKind, type Tokens } from '../../syntax/tokens';
import { Via } from './linkage';

/** What a local function pointer can hold: a member of a structure, or a function by its name. */
export interface StoredFunction {
  readonly via: Via.Member | Via.Name;
  readonly symbol: number;
}

/** What the names of values are. */
export interface ValueNames {
  isZero(symbol: number): boolean;
  isVariable(symbol: number): boolean;
}

const NOTHING_STORED: readonly StoredFunction[] = [];

/** More functions than this in one variable are a table: nobody can tell which one is called. */
const MAX_STORED = 4;
/** Tokens of a declared pointer's parameters, and of a value, that are looked over. */
const MAX_TOKENS = 40;

/** What is stored in one variable, as far as a function's body was read. */
interface Stored {
  /** Behind the last token that was looked at. */
  upTo: number;
  /** Nothing, where something is stored that is no function, or too many. */
  functions: readonly StoredFunction[];
  isUnknown: boolean;
}

/**
 * What `fn = ops->start;`, `fn = ring_start;` or `int (*fn)(struct ring *) = ops->start;` store in the local variables of one function. Asked about its
 * calls in their order, so that many calls of one variable read the body once.
 */
export class StoredFunctions {
  private readonly byVariable = new Map<number, Stored>();

  /** `first`: where the function's body begins. */
  constructor(
    private readonly tokens: Tokens,
    private readonly first: number,
    private readonly names: ValueNames,
  ) {}

  /** What the variable that is called at a token can hold; none where something else is stored in it as well. */
  before(call: number): readonly StoredFunction[] {
    const variable = this.tokens.symbol[call]!;
    let stored = this.byVariable.get(variable);
    if (stored === undefined) this.byVariable.set(variable, (stored = { upTo: this.first, functions: NOTHING_STORED, isUnknown: false }));
    for (; stored.upTo < call && !stored.isUnknown; stored.upTo++) this.read(stored, variable);
    return stored.functions;
  }

  private read(stored: Stored, variable: number): void {
    const { kind, symbol } = this.tokens;
    const token = stored.upTo;
    if (symbol[token] !== variable || kind[token] !== TokenKind.Identifier || isMemberAccess(kind[token - 1])) return;
    const assign = kind[token + 1] === TokenKind.RParen ? behindParameters(this.tokens, token + 2) : token + 1;
    if (kind[assign] === TokenKind.Assign) this.store(stored, valueAt(this.tokens, assign + 1));
  }

  private store(stored: Stored, value: ReturnType<typeof valueAt>): void {
    if (value === 'nothing' || (value?.via === Via.Name && this.names.isZero(value.symbol))) return;
    const { functions } = stored;
    const isVariable = value?.via === Via.Name && this.names.isVariable(value.symbol);
    stored.isUnknown = value === undefined || isVariable || functions.length === MAX_STORED;
    if (stored.isUnknown) stored.functions = NOTHING_STORED;
    else if (!functions.some(({ symbol, via }) => symbol === value!.symbol && via === value!.via))
      stored.functions = [...functions, value!];
  }
}

/** The token behind `(struct ring *r, int n)`; the token itself where no parameters begin. */
function behindParameters({ kind }: Tokens, open: number): number {
  const close = kind[open] === TokenKind.LParen ? closingBracket(kind, open, open + MAX_TOKENS) : 0;
  return close === 0 ? open : close + 1;
}

/** `a->b[i].c`, `ops(a)->c`, `f` or `&f`, and nothing behind it; `NULL` is no function. */
function valueAt({ kind, symbol }: Tokens, first: number): StoredFunction | 'nothing' | undefined {
  let token = kind[first] === TokenKind.Amp ? first + 1 : first;
  if (kind[token] === TokenKind.Number) return isEnd(kind[token + 1]!) ? 'nothing' : undefined;
  if (kind[token] !== TokenKind.Identifier) return undefined;
  let last = token;
  let via: Via.Member | Via.Name = Via.Name;
  for (token++; token < first + MAX_TOKENS; token++) {
    if (isEnd(kind[token]!)) return { via, symbol: symbol[last]! };
    const isIndex = kind[token] === TokenKind.LBracket;
    if (isIndex || kind[token] === TokenKind.LParen) {
      token = closingBracket(kind, token, first + MAX_TOKENS);
      // Behind a call only a member tells what is stored.
      if (token === 0 || !(isIndex || isMemberAccess(kind[token + 1]))) return undefined;
    } else if (isMemberAccess(kind[token]) && kind[token + 1] === TokenKind.Identifier) {
      via = Via.Member;
      last = ++token;
    } else return undefined;
  }
  return undefined;
}

/** Tokens of an index that are looked over. */
const MAX_INDEX = 24;

/** The name of the array whose index ends at `]`; 0 where that is no name. */
export function arrayBefore(kind: Tokens['kind'], close: number): number {
  const array = openingBracket(kind, close, Math.max(1, close - MAX_INDEX)) - 1;
  return array > 0 && kind[array] === TokenKind.Identifier ? array : 0;
}

/** Tokens of a called expression in parentheses that are looked over. */
const MAX_EXPRESSION = 32;

/**
 * The member or array that is called through an expression in parentheses: `(*r->start)(r)`, `(r->start)(r)`, `(*handlers[i])(r)`, or `READ_ONCE(r->start)(r)` where
 * `isRead` knows the macro's name. `close`: the parenthesis before the arguments. 0 for anything else: conditions, casts, functions.
 */
export function memberInParentheses({ kind, symbol }: Tokens, close: number, isRead: (symbol: number) => boolean): number {
  const member = kind[close - 1] === TokenKind.RBracket ? arrayBefore(kind, close - 1) : close - 1;
  if (kind[member] !== TokenKind.Identifier || !(member < close - 1 || isMemberAccess(kind[member - 1]))) return 0;
  const open = openingBracket(kind, close, Math.max(1, close - MAX_EXPRESSION));
  if (open === 0) return 0;
  switch (kind[open - 1]) {
    case TokenKind.Identifier:
      return isRead(symbol[open - 1]!) ? member : 0;
    case TokenKind.If:
    case TokenKind.While:
    case TokenKind.For:
    case TokenKind.Switch:
    case TokenKind.Sizeof:
    case TokenKind.Typeof:
      return 0;
    default:
      return member;
  }
}

/** Tokens of a cast or a condition before a function's name that are looked over. */
const MAX_BEFORE = 32;

/** Where the value begins that a function's name at a token is, or may be: `f`, `&f`, `(done_fn_t)f`, `x ? f : g`. */
export function valueStart({ kind }: Tokens, token: number): number {
  const name = kind[token - 1] === TokenKind.Amp ? token - 1 : token;
  const start = kind[name - 1] === TokenKind.RParen ? castBefore(kind, name) : name;
  const isChosen = kind[start - 1] === TokenKind.Question || kind[start - 1] === TokenKind.Colon;
  return isChosen ? conditionBefore(kind, start) : start;
}

/** The parenthesis of `(done_fn_t)` or `(void *)` before a token; the token itself where that is no cast. */
function castBefore(kind: Tokens['kind'], token: number): number {
  const open = openingBracket(kind, token - 1, Math.max(1, token - MAX_BEFORE));
  if (open === 0) return token;
  switch (kind[open - 1]) {
    case TokenKind.Assign:
    case TokenKind.Comma:
    case TokenKind.LParen:
    case TokenKind.Question:
    case TokenKind.Colon:
      return open;
    default:
      return token;
  }
}

/** Where `x ? f : g` begins that has a value at a token; the token itself where that is no such expression. */
function conditionBefore(kind: Tokens['kind'], token: number): number {
  let depth = 0;
  let isCondition = false;
  for (let at = token - 1; at > 0 && token - at < MAX_BEFORE; at--) {
    switch (kind[at]) {
      case TokenKind.RParen:
      case TokenKind.RBracket:
        depth++;
        break;
      case TokenKind.LParen:
      case TokenKind.LBracket:
        if (depth-- === 0) return isCondition ? at + 1 : token;
        break;
      case TokenKind.Question:
        isCondition ||= depth === 0;
        break;
      case TokenKind.Assign:
      case TokenKind.Comma:
        if (depth === 0) return isCondition ? at + 1 : token;
        break;
      case TokenKind.Semicolon:
      case TokenKind.LBrace:
      case TokenKind.RBrace:
        return token;
    }
  }
  return token;
}

function isEnd(kind: number): boolean {
  return kind === TokenKind.Semicolon || kind === TokenKind.Comma || kind === TokenKind.RParen;
}

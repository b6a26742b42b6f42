import { closingBracket, isMemberAccess } from '../../syntax/brackets';
import { TokenKind, type Tokens } from '../../syntax/tokens';
import { leavesAtEnd } from './switchCases';

/** A parameter that is zero or not. */
export interface ParameterTest {
  readonly symbol: number;
  readonly nonzero: boolean;
  /** A number is looked at, not a switch: `flags & FLAG`. What callers of unknown values do is not in doubt because of it. */
  readonly isMild: boolean;
}

/** The statements that run when an `if` holds, or its `else`, and what the condition says there. Tokens [from, to). */
export interface IfBranch {
  readonly from: number;
  readonly to: number;
  /** What is known of parameters. */
  readonly tests: readonly ParameterTest[];
  /** What the branch makes was not there: `if (!r->buf) r->buf = …`, `if (len > sizeof(stack)) p = …; else p = stack;`. */
  readonly makesMissing: boolean;
}

/** A function that leaves early when its work is done already: `if (r->flags & RING_READY) return 0;`. */
export interface EarlyReturn {
  /** The token behind the return. */
  readonly to: number;
  /** The member that says so, and the bit of it that does; 0 for the whole member. */
  readonly member: number;
  readonly flag: number;
}

/** What the names of a function are. */
export interface BranchNames {
  isParameter(symbol: number): boolean;
  /** A local variable that is declared as a pointer. */
  isPointer(symbol: number): boolean;
  isZero(symbol: number): boolean;
  /** `likely()` and its kin: as true as what is passed. */
  keepsTruth(symbol: number): boolean;
  /** Written as constants are: `RING_UP`. */
  isConstant(symbol: number): boolean;
  /** A constant that may be ORed to others: `RING_SYNC`, `lbmSYNC`. */
  isFlag(symbol: number): boolean;
  /** An array that the file defines: `static char buf[64]`. */
  isArrayOfFile(symbol: number): boolean;
}

type Code = Pick<Tokens, 'kind' | 'symbol'>;

/** Tokens of a condition and of a branch that are looked over; longer ones say nothing, so that nesting costs no more than this for each `if`. */
const MAX_CONDITION = 60;
const MAX_BRANCH = 400;
/** Tokens of `a->b[i].c`. */
const MAX_PATH = 24;

const NO_BRANCHES: readonly IfBranch[] = [];

/** The branches of the `if` at a token that say something. */
export function ifBranches(code: Code, at: number, condition: Condition, names: BranchNames): readonly IfBranch[] {
  const { from, to } = condition;
  const tests = testsIn(code, from, to, names);
  const empty = emptyPaths(code, from, to, names);
  const stack = stackBuffer(code, from, to);
  const tried = triedCall(code, from, to);
  if (tests.length === 0 && empty.length === 0 && stack === 0 && tried === 0) return NO_BRANCHES;
  const then = statementAt(code, condition.end + 1);
  if (then === undefined) return NO_BRANCHES;
  const other = elseOf(code, then.to);
  const makesMissing =
    empty.some((path) => isMadeIn(code, path, then, names)) ||
    (stack !== 0 && servesOtherwise(code, stack, at, other)) ||
    (tried !== 0 && isCalledIn(code, tried, then));
  const branches: IfBranch[] = [];
  if (tests.length > 0 || makesMissing) branches.push({ tests, makesMissing, ...then });
  const [only] = tests;
  if (other && tests.length === 1 && only!.alone)
    branches.push({ tests: [{ ...only!, nonzero: !only!.nonzero }], makesMissing: false, ...other });
  return branches;
}

/** The member of `if (x->done) return 0;`; undefined for any other `if`. */
export function earlyReturn(code: Code, condition: Condition): EarlyReturn | undefined {
  const { kind, symbol } = code;
  if (kind[condition.from] !== TokenKind.Identifier) return undefined;
  const path = pathEnd(code, condition.from);
  const isWhole = path === condition.to;
  const isFlag = kind[path] === TokenKind.Amp && kind[path + 1] === TokenKind.Identifier && path + 2 === condition.to;
  if (path - condition.from < 3 || (!isWhole && !isFlag)) return undefined;
  let start = condition.end + 1;
  if (kind[start] === TokenKind.LBrace) start++;
  if (kind[start] !== TokenKind.Return) return undefined;
  let to = start;
  while (kind[to] !== TokenKind.Semicolon && to - start < MAX_PATH) to++;
  return { to, member: symbol[path - 1]!, flag: isFlag ? symbol[path + 1]! : 0 };
}

/** Tokens [from, to). */
export interface TokenRange {
  readonly from: number;
  readonly to: number;
}

/** The condition of an `if`. `end`: the closing parenthesis. */
export interface Condition extends TokenRange {
  readonly end: number;
}

/** What stands between the parentheses, without `likely()`. */
export function conditionAt({ kind, symbol }: Code, at: number, names: BranchNames): Condition | undefined {
  if (kind[at + 1] !== TokenKind.LParen) return undefined;
  const end = closingBracket(kind, at + 1, at + 1 + MAX_CONDITION);
  if (end === 0) return undefined;
  let [from, to] = [at + 2, end];
  const isWrapped = kind[from] === TokenKind.Identifier && kind[from + 1] === TokenKind.LParen && names.keepsTruth(symbol[from]!);
  if (isWrapped && closingBracket(kind, from + 1, to) === to - 1) [from, to] = [from + 2, to - 1];
  return { from, to, end };
}

/** Whether an `if` leaves where an array of the file serves already: `if (it->text == static_text) return NULL;`. Its last token; 0 for any other. */
export function servedByArray(code: Code, condition: Condition, names: BranchNames): number {
  const { kind, symbol } = code;
  for (let token = condition.from + 2; token + 1 < condition.to; token++) {
    if (kind[token] !== TokenKind.Equal || kind[token + 1] !== TokenKind.Identifier || !isMemberAccess(kind[token - 2])) continue;
    const after = kind[token + 2];
    if ((token + 2 !== condition.to && after !== TokenKind.PipePipe) || !names.isArrayOfFile(symbol[token + 1]!)) continue;
    const then = statementAt(code, condition.end + 1);
    return then !== undefined && leavesAtEnd(kind, then.from, then.to) ? then.to - 1 : 0;
  }
  return 0;
}

interface Test extends ParameterTest {
  /** The condition is nothing else, so that the `else` knows the opposite. */
  readonly alone: boolean;
}

/** Parameters tested by a condition of `&&` alone. */
function testsIn(code: Code, from: number, to: number, names: BranchNames): readonly Test[] {
  const { kind } = code;
  const tests: Test[] = [];
  let start = from;
  let depth = 0;
  for (let token = from; token <= to; token++) {
    const of = token === to ? TokenKind.AmpAmp : kind[token];
    if (of === TokenKind.LParen) depth++;
    else if (of === TokenKind.RParen) depth--;
    else if (of === TokenKind.PipePipe && depth === 0) return [];
    else if (of === TokenKind.AmpAmp && depth === 0) {
      const test = testOf(code, start, token, names);
      if (test) tests.push({ ...test, alone: test.alone && start === from && token === to });
      start = token + 1;
    }
  }
  return tests;
}

/** `p`, `!p`, `p == NULL`, `p != NULL`, `p & FLAG`. */
function testOf(code: Code, from: number, to: number, names: BranchNames): Test | undefined {
  const { kind, symbol } = code;
  const negated = kind[from] === TokenKind.Not;
  const at = negated ? from + 1 : from;
  if (kind[at] !== TokenKind.Identifier || !names.isParameter(symbol[at]!)) return undefined;
  if (at + 1 === to) return { symbol: symbol[at]!, nonzero: !negated, isMild: false, alone: true };
  if (negated) return undefined;
  const operator = kind[at + 1];
  // Some bit of a zero is never set; of anything else it may be.
  if (operator === TokenKind.Amp) return { symbol: symbol[at]!, nonzero: true, isMild: true, alone: false };
  const isComparison = operator === TokenKind.Equal || operator === TokenKind.NotEqual;
  if (!isComparison || at + 3 !== to || kind[at + 2] !== TokenKind.Identifier || !names.isZero(symbol[at + 2]!)) return undefined;
  return { symbol: symbol[at]!, nonzero: operator === TokenKind.NotEqual, isMild: false, alone: true };
}

/** The places that a condition finds empty: `!path`, `path == NULL`, alone or as a part. */
function emptyPaths(code: Code, from: number, to: number, names: BranchNames): readonly TokenRange[] {
  const { kind, symbol } = code;
  const found: TokenRange[] = [];
  for (let token = from; token < to; token++) {
    if (kind[token] !== TokenKind.Identifier || isMemberAccess(kind[token - 1])) continue;
    const end = pathEnd(code, token);
    const isNegated = kind[token - 1] === TokenKind.Not && (end === to || isOperandEnd(kind[end]!));
    const isCompared = kind[end] === TokenKind.Equal && kind[end + 1] === TokenKind.Identifier && names.isZero(symbol[end + 1]!);
    if (isNegated || isCompared) found.push({ from: token, to: end });
    token = end - 1;
  }
  return found;
}

function isOperandEnd(kind: number): boolean {
  return kind === TokenKind.RParen || kind === TokenKind.AmpAmp || kind === TokenKind.PipePipe;
}

/** The token behind `a->b[i].c`. */
function pathEnd({ kind }: Code, from: number): number {
  let token = from + 1;
  while (token < from + MAX_PATH) {
    if (isMemberAccess(kind[token]) && kind[token + 1] === TokenKind.Identifier) token += 2;
    else if (kind[token] === TokenKind.LBracket) {
      while (token < from + MAX_PATH && kind[token] !== TokenKind.RBracket) token++;
      token++;
    } else break;
  }
  return token;
}

/** The array of `len > sizeof(array)` or `n > ARRAY_SIZE(array)`; 0 when the condition is another one. */
function stackBuffer({ kind, symbol }: Code, from: number, to: number): number {
  for (let token = from + 1; token + 4 <= to; token++)
    if (
      kind[token] === TokenKind.Greater &&
      (kind[token + 1] === TokenKind.Sizeof || kind[token + 1] === TokenKind.Identifier) &&
      kind[token + 2] === TokenKind.LParen &&
      kind[token + 3] === TokenKind.Identifier &&
      kind[token + 4] === TokenKind.RParen
    )
      return symbol[token + 3]!;
  return 0;
}

/** The function of `if (!store(x))`; 0 when the condition is another one. */
function triedCall({ kind, symbol }: Code, from: number, to: number): number {
  if (kind[from] !== TokenKind.Not || kind[from + 1] !== TokenKind.Identifier || kind[from + 2] !== TokenKind.LParen) return 0;
  return closingBracket(kind, from + 2, to) === to - 1 ? symbol[from + 1]! : 0;
}

/** `if (!store(x)) { make_room(); store(x); }`: what was missing is made, and the same tried again. */
function isCalledIn({ kind, symbol }: Code, name: number, { from, to }: TokenRange): boolean {
  for (let token = from; token < to; token++) if (symbol[token] === name && kind[token + 1] === TokenKind.LParen) return true;
  return false;
}

/** Whether the array is what serves when it is large enough: named in the `else`, or stored before the test. */
function servesOtherwise({ kind, symbol }: Code, array: number, at: number, other: TokenRange | undefined): boolean {
  for (let token = other?.from ?? 0; token < (other?.to ?? 0); token++) if (symbol[token] === array) return true;
  for (let token = Math.max(1, at - MAX_BRANCH); token < at; token++)
    if (symbol[token] === array && kind[token - 1] === TokenKind.Assign) return true;
  return false;
}

/** Whether a branch assigns to the place, or passes its address. A plain variable must be a pointer: `if (!err) err = next_step();` makes nothing. */
function isMadeIn({ kind, symbol }: Code, path: TokenRange, { from, to }: TokenRange, names: BranchNames): boolean {
  const length = path.to - path.from;
  if (length === 1 && !names.isPointer(symbol[path.from]!)) return false;
  for (let token = from; token + length < to; token++) {
    if (symbol[token] !== symbol[path.from] || isMemberAccess(kind[token - 1])) continue;
    let same = 0;
    while (same < length && kind[token + same] === kind[path.from + same] && symbol[token + same] === symbol[path.from + same]) same++;
    if (same === length && (kind[token + length] === TokenKind.Assign || kind[token - 1] === TokenKind.Amp)) return true;
  }
  return false;
}

/** The statement that begins at a token, if it is not longer than {@link MAX_BRANCH}. */
export function statementAt({ kind }: Code, from: number): TokenRange | undefined {
  let depth = 0;
  for (let token = from; token < from + MAX_CONDITION && token < kind.length; token++) {
    const of = kind[token];
    if (of === TokenKind.LParen) depth++;
    else if (of === TokenKind.RParen) depth--;
    else if (of === TokenKind.LBrace) return blockAt(kind, from, token);
    else if (of === TokenKind.Semicolon && depth === 0) return { from, to: token + 1 };
  }
  return undefined;
}

/** A statement that ends with the block at `brace`. */
function blockAt(kind: Code['kind'], from: number, brace: number): TokenRange | undefined {
  const end = closingBracket(kind, brace, brace + MAX_BRANCH);
  return end === 0 ? undefined : { from, to: end + 1 };
}

export function elseOf(code: Code, at: number): TokenRange | undefined {
  return code.kind[at] === TokenKind.Else ? statementAt(code, at + 1) : undefined;
}

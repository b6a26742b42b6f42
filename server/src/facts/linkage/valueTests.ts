import { TokenKind, type Tokens } from '../../syntax/tokens';
import { type BranchNames, type Condition, elseOf, statementAt, type TokenRange } from './ifBranches';
import { leavesAtEnd } from './switchCases';

/** A member that has the value of a named constant, `sk->state == RING_UP`, or a parameter with a bit that is set, `flags & RING_SYNC`; or the opposite of it. */
export interface ValueTest {
  /** A bit of a parameter, not the value of a member. */
  readonly isFlag: boolean;
  /** The member's or parameter's name. */
  readonly symbol: number;
  readonly constant: number;
  /** It has this value; the bit is set. */
  readonly equal: boolean;
}

/** Tokens [from, to) where it holds. `behind`: to the end of the block, because all others have left. */
export interface ValueBranch {
  readonly from: number;
  readonly to: number;
  readonly behind: boolean;
  readonly test: ValueTest;
}

type Code = Pick<Tokens, 'kind' | 'symbol'>;

const NO_BRANCHES: readonly ValueBranch[] = [];

/** What the `if` at a token says of members and flags in its branches and, where its branch leaves, behind it. */
export function valueBranches(code: Code, condition: Condition, names: BranchNames): readonly ValueBranch[] {
  const { all, joined } = comparisons(code, condition, names);
  if (all.length === 0) return NO_BRANCHES;
  const then = statementAt(code, condition.end + 1);
  if (then === undefined) return NO_BRANCHES;
  const branches: ValueBranch[] = [];
  // `a && b` says something where it holds, `a || b` where it does not.
  if (joined !== 'or') for (const test of all) branches.push({ behind: false, test, ...then });
  if (joined === 'and') return branches;
  const other = elseOf(code, then.to);
  for (const test of all) {
    const refuted = { ...test, equal: !test.equal };
    if (other) branches.push({ behind: false, test: refuted, ...other });
    if (leavesAtEnd(code.kind, then.from, then.to))
      branches.push({ from: other?.to ?? then.to, to: Number.POSITIVE_INFINITY, behind: true, test: refuted });
  }
  return branches;
}

interface Comparisons {
  readonly all: readonly ValueTest[];
  /** How the parts of the condition are joined; `mixed` ones say nothing. */
  readonly joined: 'alone' | 'and' | 'or';
}

const NONE: Comparisons = { all: [], joined: 'alone' };

function comparisons(code: Code, { from, to }: TokenRange, names: BranchNames): Comparisons {
  const { kind } = code;
  const all: ValueTest[] = [];
  let joined: Comparisons['joined'] = 'alone';
  let start = from;
  let depth = 0;
  for (let token = from; token <= to; token++) {
    const of = token === to ? TokenKind.Semicolon : kind[token];
    if (of === TokenKind.LParen) depth++;
    else if (of === TokenKind.RParen) depth--;
    if (depth !== 0 || (of !== TokenKind.AmpAmp && of !== TokenKind.PipePipe && token !== to)) continue;
    if (token !== to) {
      const by = of === TokenKind.AmpAmp ? 'and' : 'or';
      if (joined !== 'alone' && joined !== by) return NONE;
      joined = by;
    }
    const test = comparison(code, start, token, names);
    if (test) all.push(test);
    start = token + 1;
  }
  return { all, joined };
}

/** `x->member == CONSTANT` or `flags & FLAG` and nothing else. */
function comparison({ kind, symbol }: Code, from: number, to: number, names: BranchNames): ValueTest | undefined {
  if (kind[from] !== TokenKind.Identifier || kind[to - 1] !== TokenKind.Identifier) return undefined;
  const constant = symbol[to - 1]!;
  if (to === from + 3) {
    const isBit = kind[from + 1] === TokenKind.Amp && names.isParameter(symbol[from]!) && names.isFlag(constant);
    return isBit ? { isFlag: true, symbol: symbol[from]!, constant, equal: true } : undefined;
  }
  const operator = kind[from + 3];
  const isMember = to === from + 5 && kind[from + 1] === TokenKind.Arrow && kind[from + 2] === TokenKind.Identifier;
  if (!isMember || (operator !== TokenKind.Equal && operator !== TokenKind.NotEqual) || !names.isConstant(constant)) return undefined;
  return { isFlag: false, symbol: symbol[from + 2]!, constant, equal: operator === TokenKind.Equal };
}

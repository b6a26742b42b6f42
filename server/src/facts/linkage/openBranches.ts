import { TokenKind, type Tokens } from '../../syntax/tokens';
import { type BranchNames, type EarlyReturn, earlyReturn, type IfBranch, ifBranches } from './ifBranches';

/** What the branches around a call say of it. */
export interface AroundCall {
  readonly tests: IfBranch['tests'];
  readonly makesMissing: boolean;
}

/** Early returns that are looked at, the first ones of a function. */
const MAX_EARLY = 4;

const NOTHING_AROUND: AroundCall = { tests: [], makesMissing: false };

/** The branches that are open while the tokens of a function are gone through from the first to the last. */
export class OpenBranches {
  private branches: IfBranch[] = [];
  /** Open braces. */
  private depth = 0;
  private readonly early: EarlyReturn[] = [];
  /** Members that are assigned to, or bits of them that are set, behind the first early return. */
  private readonly assigned: EarlyReturn[] = [];

  constructor(
    private readonly tokens: Tokens,
    private readonly names: BranchNames,
  ) {}

  brace(step: 1 | -1): void {
    this.depth += step;
  }

  enterIf(token: number): void {
    this.branches.push(...ifBranches(this.tokens, token, this.names));
    const early = this.depth === 1 && this.early.length < MAX_EARLY ? earlyReturn(this.tokens, token, this.names) : undefined;
    if (early) this.early.push(early);
  }

  /** A member's name, of which something may be assigned to it. */
  member(token: number): void {
    if (this.early.length === 0) return;
    const { kind, symbol } = this.tokens;
    const after = kind[token + 1];
    if (after === TokenKind.Assign) this.assigned.push({ to: token, member: symbol[token]!, flag: 0 });
    else if (after === TokenKind.PipeAssign) this.assigned.push({ to: token, member: symbol[token]!, flag: symbol[token + 2]! });
  }

  around(token: number): AroundCall {
    if (this.branches.length === 0) return NOTHING_AROUND;
    if (this.branches.some(({ to }) => to <= token)) this.branches = this.branches.filter(({ to }) => to > token);
    const open = this.branches.filter(({ from }) => from <= token);
    return { tests: open.flatMap(({ tests }) => tests), makesMissing: open.some(({ makesMissing }) => makesMissing) };
  }

  /** The first token of what happens once because the function says so itself: `if (r->ready) return;` before it, `r->ready = true;` behind. */
  get onceFrom(): number | undefined {
    return this.early.find(({ to, member, flag }) =>
      this.assigned.some((other) => other.to > to && other.member === member && other.flag === flag),
    )?.to;
  }
}

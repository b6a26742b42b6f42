import { TokenKind, type Tokens } from '../../syntax/tokens';
import { type BranchNames, conditionAt, type EarlyReturn, earlyReturn, type IfBranch, ifBranches, servedByArray } from './ifBranches';
import { OpenComparisons } from './openComparisons';
import { type ValueTest, valueBranches } from './valueTests';

/** What the branches around a call say of it. */
export interface AroundCall {
  readonly tests: IfBranch['tests'];
  readonly makesMissing: boolean;
  readonly compared: readonly ValueTest[];
}

/** Early returns that are looked at, the first ones of a function. */
const MAX_EARLY = 4;

const NOTHING_AROUND: AroundCall = { tests: [], makesMissing: false, compared: [] };

/** The branches that are open while the tokens of a function are gone through from the first to the last. */
export class OpenBranches {
  private branches: IfBranch[] = [];
  /** Open braces. */
  private depth = 0;
  private readonly early: EarlyReturn[] = [];
  /** Members that are assigned to, or bits of them that are set, behind the first early return. */
  private readonly assigned: EarlyReturn[] = [];
  private readonly comparisons = new OpenComparisons();
  /** The last token of the `if` behind which an array of the file does not serve. */
  private servedUpTo = 0;

  constructor(
    private readonly tokens: Tokens,
    private readonly names: BranchNames,
  ) {}

  brace(step: 1 | -1): void {
    if (step < 0) this.comparisons.leave(this.depth);
    this.depth += step;
  }

  label(inSwitch: boolean): void {
    this.comparisons.label(inSwitch, this.depth);
  }

  enterIf(token: number): void {
    const condition = conditionAt(this.tokens, token, this.names);
    if (condition === undefined) return;
    this.branches.push(...ifBranches(this.tokens, token, condition, this.names));
    const early = this.depth === 1 && this.early.length < MAX_EARLY ? earlyReturn(this.tokens, condition) : undefined;
    if (early) this.early.push(early);
    this.comparisons.add(valueBranches(this.tokens, condition, this.names), this.depth, token);
    if (this.depth === 1 && this.servedUpTo === 0) this.servedUpTo = servedByArray(this.tokens, condition, this.names);
  }

  /** A member's name, of which something may be assigned to it. */
  member(token: number): void {
    const { kind, symbol } = this.tokens;
    const after = kind[token + 1]!;
    if (after >= TokenKind.Assign && after <= TokenKind.ShiftRightAssign) this.comparisons.change(symbol[token]!);
    if (this.early.length === 0) return;
    if (after === TokenKind.Assign) this.assigned.push({ to: token, member: symbol[token]!, flag: 0 });
    else if (after === TokenKind.PipeAssign) this.assigned.push({ to: token, member: symbol[token]!, flag: symbol[token + 2]! });
  }

  around(token: number): AroundCall {
    const compared = this.comparisons.at(token);
    if (this.branches.length > 0 && this.branches.some(({ to }) => to <= token))
      this.branches = this.branches.filter(({ to }) => to > token);
    if (this.branches.length === 0) return compared.length === 0 ? NOTHING_AROUND : { ...NOTHING_AROUND, compared };
    const open = this.branches.filter(({ from }) => from <= token);
    return { tests: open.flatMap(({ tests }) => tests), makesMissing: open.some(({ makesMissing }) => makesMissing), compared };
  }

  /**
   * The first token of what happens once because the function says so itself, `if (r->ready) return;` before it, `r->ready = true;` behind, or only where no array of the file
   * serves.
   */
  get onceFrom(): number | undefined {
    const once = this.early.find(({ to, member, flag }) =>
      this.assigned.some((other) => other.to > to && other.member === member && other.flag === flag),
    )?.to;
    return once === undefined || (this.servedUpTo > 0 && this.servedUpTo < once) ? this.servedUpTo || undefined : once;
  }
}

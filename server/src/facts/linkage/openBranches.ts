import { TokenKind, type Tokens } from '../../syntax/tokens';
import { type BranchNames, conditionAt, type EarlyReturn, earlyReturn, type IfBranch, ifBranches, servedByArray } from './ifBranches';
import { type ValueBranch, type ValueTest, valueBranches } from './valueTests';

/** What the branches around a call say of it. */
export interface AroundCall {
  readonly tests: IfBranch['tests'];
  readonly makesMissing: boolean;
  readonly compared: readonly ValueTest[];
}

/** Early returns that are looked at, the first ones of a function. */
const MAX_EARLY = 4;

/** Comparisons that are kept, the first ones that hold at one place; and about how many are looked at for each call. */
const MAX_COMPARED = 4;
const MAX_OPEN = 16;

const NOTHING_COMPARED: readonly ValueTest[] = [];
const NOTHING_AROUND: AroundCall = { tests: [], makesMissing: false, compared: NOTHING_COMPARED };

/** The branches that are open while the tokens of a function are gone through from the first to the last. */
export class OpenBranches {
  private branches: IfBranch[] = [];
  /** Open braces. */
  private depth = 0;
  private readonly early: EarlyReturn[] = [];
  /** Members that are assigned to, or bits of them that are set, behind the first early return. */
  private readonly assigned: EarlyReturn[] = [];
  /** What holds of members and flags, with the depth of braces it was said at. */
  private compared: (ValueBranch & { readonly depth: number })[] = [];
  /** The last token of the `if` behind which an array of the file does not serve. */
  private servedUpTo = 0;

  constructor(
    private readonly tokens: Tokens,
    private readonly names: BranchNames,
  ) {}

  brace(step: 1 | -1): void {
    this.depth += step;
    if (step < 0 && this.compared.length > 0) this.compared = this.compared.filter(({ depth, behind }) => !behind || depth <= this.depth);
  }

  /** A label: who jumps to it has not passed what stands before. `inSwitch`: only from the head of the innermost switch. */
  label(inSwitch: boolean): void {
    if (this.compared.length > 0) this.compared = this.compared.filter(({ depth, behind }) => !behind || (inSwitch && depth < this.depth));
  }

  enterIf(token: number): void {
    const condition = conditionAt(this.tokens, token, this.names);
    if (condition === undefined) return;
    this.branches.push(...ifBranches(this.tokens, token, condition, this.names));
    const early = this.depth === 1 && this.early.length < MAX_EARLY ? earlyReturn(this.tokens, condition) : undefined;
    if (early) this.early.push(early);
    if (this.compared.length >= MAX_OPEN) this.compared = this.compared.filter(({ to }) => to > token);
    if (this.compared.length < MAX_OPEN)
      for (const branch of valueBranches(this.tokens, condition, this.names)) this.compared.push({ ...branch, depth: this.depth });
    if (this.depth === 1 && this.servedUpTo === 0) this.servedUpTo = servedByArray(this.tokens, condition, this.names);
  }

  /** A member's name, of which something may be assigned to it. */
  member(token: number): void {
    const { kind, symbol } = this.tokens;
    const after = kind[token + 1]!;
    const isChanged = after >= TokenKind.Assign && after <= TokenKind.ShiftRightAssign;
    if (isChanged && this.compared.length > 0)
      this.compared = this.compared.filter(({ test }) => test.isFlag || test.symbol !== symbol[token]);
    if (this.early.length === 0) return;
    if (after === TokenKind.Assign) this.assigned.push({ to: token, member: symbol[token]!, flag: 0 });
    else if (after === TokenKind.PipeAssign) this.assigned.push({ to: token, member: symbol[token]!, flag: symbol[token + 2]! });
  }

  around(token: number): AroundCall {
    if (this.branches.length === 0 && this.compared.length === 0) return NOTHING_AROUND;
    if (this.branches.some(({ to }) => to <= token)) this.branches = this.branches.filter(({ to }) => to > token);
    const open = this.branches.filter(({ from }) => from <= token);
    return {
      tests: open.flatMap(({ tests }) => tests),
      makesMissing: open.some(({ makesMissing }) => makesMissing),
      compared: this.comparedAt(token),
    };
  }

  private comparedAt(token: number): readonly ValueTest[] {
    if (this.compared.some(({ to }) => to <= token)) this.compared = this.compared.filter(({ to }) => to > token);
    if (this.compared.length === 0) return NOTHING_COMPARED;
    const open = this.compared.filter(({ from }) => from <= token);
    return open.slice(0, MAX_COMPARED).map(({ test }) => test);
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

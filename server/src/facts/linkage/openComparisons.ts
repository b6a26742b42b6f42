import type { ValueBranch, ValueTest } from './valueTests';

/** Comparisons that are kept, the first ones that hold at one place; and about how many are looked at. */
const MAX_COMPARED = 4;
const MAX_OPEN = 16;

const NOTHING_COMPARED: readonly ValueTest[] = [];

/** What conditions say of values while the tokens of a function are gone through from the first to the last. */
export class OpenComparisons {
  /** With the depth of braces it was said at. */
  private open: (ValueBranch & { readonly depth: number })[] = [];
  /** What holds for tokens before {@link sameUpTo}: calls beside each other share it. */
  private holding = NOTHING_COMPARED;
  private sameUpTo = Number.POSITIVE_INFINITY;

  add(branches: readonly ValueBranch[], depth: number, token: number): void {
    if (branches.length === 0) return;
    if (this.open.length >= MAX_OPEN) this.keep(({ to }) => to > token);
    if (this.open.length >= MAX_OPEN) return;
    for (const branch of branches) this.open.push({ depth, ...branch });
    this.sameUpTo = 0;
  }

  /** The block of a depth ends. */
  leave(depth: number): void {
    if (this.open.length > 0) this.keep((one) => !one.behind || one.depth < depth);
  }

  /** A label: who jumps to it has not passed what stands before. `inSwitch`: only from the head of the innermost switch, whose braces are at `depth`. */
  label(inSwitch: boolean, depth: number): void {
    if (this.open.length > 0) this.keep((one) => !one.behind || (inSwitch && one.depth < depth));
  }

  /** Something is assigned to a member. */
  change(member: number): void {
    if (this.open.length > 0) this.keep(({ test }) => test.isFlag || test.symbol !== member);
  }

  /** What holds at a token; the same list while that does not change. */
  at(token: number): readonly ValueTest[] {
    if (token < this.sameUpTo) return this.holding;
    this.keep(({ to }) => to > token);
    const holding: ValueTest[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const { from, to, test } of this.open) {
      next = Math.min(next, from > token ? from : to);
      if (from <= token && holding.length < MAX_COMPARED) holding.push(test);
    }
    this.holding = holding.length === 0 ? NOTHING_COMPARED : holding;
    this.sameUpTo = next;
    return this.holding;
  }

  private keep(wanted: (one: ValueBranch & { readonly depth: number }) => boolean): void {
    const kept = this.open.filter(wanted);
    if (kept.length === this.open.length) return;
    this.open = kept;
    this.sameUpTo = 0;
  }
}

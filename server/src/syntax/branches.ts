import { evaluateCondition, macroDefined, soleMacro } from './condition';
import { DirectiveKind, type Directives } from './directives';
import type { BranchOracle } from './sourceFile';

/** Half-open ranges of token numbers, flat: [from, to, from, to, …], ascending and not touching. */
export type TokenRanges = readonly number[];

/** Chains with more branches than this are read only up to here. */
const MAX_ROUNDS = 8;

/**
 * Chooses among the branches of `#if`. Each round is one consistent reading of the file: a condition that is known decides itself;
 * one that is not known holds in round 0 and does not hold in round 1, and what it says about a macro (`#ifdef X`) is
 * remembered for the rest of the round, so that a lock under `#ifdef X` meets its unlock. Rounds from 2 on take the
 * further branches of longer chains, each by itself.
 */
export class BranchReader {
  /** Number of rounds it takes to see every branch; 1 when no condition offers a choice. */
  readonly rounds: number;
  /** Numbers of the conditional directives. */
  private readonly conditionals: number[] = [];
  /** Per conditional directive that opens a chain: its number of branches. */
  private readonly branchCounts = new Map<number, number>();
  /** `#ifndef X` followed by `#define X`: an include guard or a default, always taken. */
  private readonly guards = new Set<number>();
  private switches: ReadonlyMap<string, number | undefined> | undefined;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly directives: Directives,
    private readonly tokenCount: number,
    private readonly oracle: BranchOracle | undefined,
  ) {
    const open: number[] = [];
    let longest = 1;
    for (let index = 0; index < directives.count; index++) {
      const kind = directives.kind[index]!;
      if (kind < DirectiveKind.If) continue;
      this.conditionals.push(index);
      if (kind <= DirectiveKind.Ifndef) {
        open.push(index);
        this.branchCounts.set(index, 1);
        if (kind === DirectiveKind.Ifndef && this.guardsItself(index)) this.guards.add(index);
      } else if (kind === DirectiveKind.Endif) {
        open.pop();
      } else if (open.length > 0) {
        const opener = open[open.length - 1]!;
        const count = this.branchCounts.get(opener)! + 1;
        this.branchCounts.set(opener, count);
        longest = Math.max(longest, count);
      }
    }
    this.rounds = Math.min(longest, MAX_ROUNDS);
  }

  /** The tokens that stand in one reading; the whole file as one range when there is nothing to choose. The last range ends behind the Eof. */
  choose(round: number): TokenRanges {
    const kept: number[] = [];
    const chains: Chain[] = [];
    const assumed = new Map<string, boolean>();
    let active = true;
    let from = 1;
    for (const index of this.conditionals) {
      const token = this.directives.token[index]!;
      if (active) keep(kept, from, token);
      from = token;
      active = this.enter(index, chains, round, assumed, active);
    }
    // An `#if` that is never closed must not swallow the Eof.
    const last = this.tokenCount - 1;
    if (active) keep(kept, from, last);
    keep(kept, last, this.tokenCount);
    return kept;
  }

  private enter(index: number, chains: Chain[], round: number, assumed: Map<string, boolean>, active: boolean): boolean {
    const kind = this.directives.kind[index]!;
    if (kind <= DirectiveKind.Ifndef) {
      const chain: Chain = { outer: active, taken: !active, branch: 0, count: this.branchCounts.get(index)! };
      chains.push(chain);
      return active && (chain.taken = this.holds(index, chain, round, assumed));
    }
    const chain = chains[chains.length - 1];
    if (chain === undefined) return active;
    if (kind === DirectiveKind.Endif) {
      chains.pop();
      return chain.outer;
    }
    chain.branch++;
    if (chain.taken) return false;
    return (chain.taken = kind === DirectiveKind.Else || this.holds(index, chain, round, assumed));
  }

  private holds(index: number, chain: Chain, round: number, assumed: Map<string, boolean>): boolean {
    const kind = this.directives.kind[index]!;
    const opens = kind <= DirectiveKind.Ifndef;
    if (this.guards.has(index)) return true;
    const text = this.argument(index);
    const named = kind !== DirectiveKind.If && kind !== DirectiveKind.Elif;
    const negative = kind === DirectiveKind.Ifndef || kind === DirectiveKind.Elifndef;
    const known = named ? this.definedAs(text, !negative, assumed) : this.conditionAs(text, assumed);
    if (known !== undefined) return known;
    if (round > 1) return chain.branch === Math.min(round, chain.count - 1) && chain.count > 1;
    const wanted = round === 0 || !opens;
    const macro = named ? { name: firstName(text), whenDefined: !negative } : soleMacro(text);
    if (macro === undefined) assumed.set(`#${text}`, wanted);
    else assumed.set(macro.name, wanted === macro.whenDefined);
    return wanted;
  }

  private definedAs(text: string, positive: boolean, assumed: Map<string, boolean>): boolean | undefined {
    const defined = macroDefined(firstName(text), this.oracle, assumed);
    return defined === undefined ? undefined : defined === positive;
  }

  private conditionAs(text: string, assumed: Map<string, boolean>): boolean | undefined {
    const value = evaluateCondition(text, this.oracle, assumed) ?? this.ownSwitch(text);
    return value === undefined ? assumed.get(`#${text}`) : value !== 0;
  }

  /** `#if DUMP_IT`, when the file itself says `#define DUMP_IT 0`. */
  private ownSwitch(text: string): number | undefined {
    const [, negated, name] = /^\s*(?:(!)\s*)?([A-Za-z_]\w*)\s*(?:\/[/*].*)?$/.exec(text) ?? [];
    if (name === undefined) return undefined;
    this.switches ??= this.findSwitches();
    const value = this.switches.get(name);
    return value === undefined || negated === undefined ? value : Number(value === 0);
  }

  /** Macros that the file defines as one number, and nothing else; not as a default, which the command line of the compiler may have set. */
  private findSwitches(): ReadonlyMap<string, number | undefined> {
    const { kind, count } = this.directives;
    const found = new Map<string, number | undefined>();
    for (let index = 0; index < count; index++) {
      if (kind[index] !== DirectiveKind.Define && kind[index] !== DirectiveKind.Undef) continue;
      const text = this.argument(index);
      const name = firstName(text);
      const digits = kind[index] === DirectiveKind.Define ? /^\s*\w+[ \t]+(\d+)\s*(?:\/[/*].*)?$/.exec(text)?.[1] : undefined;
      found.set(name, digits === undefined || found.has(name) || this.guards.has(index - 1) ? undefined : Number(digits));
    }
    return found;
  }

  private argument(index: number): string {
    return latinText(this.bytes, this.directives.argument[index]!, this.directives.end[index]!);
  }

  private guardsItself(index: number): boolean {
    const { directives } = this;
    const next = index + 1;
    if (next >= directives.count || directives.kind[next] !== DirectiveKind.Define) return false;
    if (directives.token[next] !== directives.token[index]) return false;
    return firstName(this.argument(index)) === firstName(this.argument(next));
  }
}

interface Chain {
  /** Whether the text around the chain is read. */
  readonly outer: boolean;
  taken: boolean;
  /** Number of the current branch, from 0. */
  branch: number;
  readonly count: number;
}

function keep(kept: number[], from: number, to: number): void {
  if (from >= to) return;
  if (kept.length > 0 && kept[kept.length - 1] === from) kept[kept.length - 1] = to;
  else kept.push(from, to);
}

function firstName(text: string): string {
  return /[A-Za-z_]\w*/.exec(text)?.[0] ?? '';
}

/** Bytes as text, one character each: enough for the names and numbers of a condition. */
function latinText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** The ranges of `ranges` without those of `without`. */
export function subtractRanges(ranges: TokenRanges, without: TokenRanges): TokenRanges {
  const rest: number[] = [];
  let other = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    let from = ranges[i]!;
    const to = ranges[i + 1]!;
    while (other < without.length && without[other + 1]! <= from) other += 2;
    for (let scan = other; from < to; scan += 2) {
      if (scan >= without.length || without[scan]! >= to) {
        keep(rest, from, to);
        break;
      }
      keep(rest, from, Math.min(to, without[scan]!));
      from = Math.max(from, without[scan + 1]!);
    }
  }
  return rest;
}

/** The parts of `ranges` inside [from, to). */
export function clipRanges(ranges: TokenRanges, from: number, to: number): TokenRanges {
  const clipped: number[] = [];
  for (let i = 0; i < ranges.length; i += 2) keep(clipped, Math.max(from, ranges[i]!), Math.min(to, ranges[i + 1]!));
  return clipped;
}

import { type BranchReader, clipRanges, subtractRanges, type TokenRanges } from './branches';
import { NodeKind } from './nodes';
import type { Tokens } from './tokens';
import type { TreeBuilder } from './treeBuilder';

/** The first reading of a file, and the means to read parts of it again. */
export interface Readings {
  readonly branches: BranchReader;
  /** The tokens of the first reading. */
  readonly first: TokenRanges;
  /** Its TranslationUnit, in token numbers. */
  readonly root: number;
  readonly builder: TreeBuilder;
  readonly tokens: Tokens;
  /** Parses a sequence of tokens as file-level items; returns a TranslationUnit in token numbers. */
  readonly parse: (ranges: TokenRanges) => number;
}

/** What only other branches have. */
export interface Alternatives {
  readonly items: readonly number[];
  readonly functions: readonly number[];
}

/**
 * Reads what stands in `#else` and `#elif` branches. Text of such a branch is read together with the file-level item of the first
 * reading it lies in, so that two headers with one body, or a body with two variants of a statement, come out whole.
 */
export function readAlternatives(readings: Readings): Alternatives {
  const { branches, builder } = readings;
  const items: number[] = [];
  const functions: number[] = [];
  const extents = itemExtents(builder, readings.root);
  let seen = readings.first;
  for (let round = 1; round < branches.rounds; round++) {
    const ranges = branches.choose(round);
    const fresh = subtractRanges(ranges, seen);
    for (const region of regionsAround(fresh, extents)) {
      const unit = readings.parse(clipRanges(ranges, region.from, region.to));
      for (let item = builder.child[unit]!; item !== 0; item = builder.next[item]!) {
        if (!overlaps(fresh, builder.first[item]!, builder.end[item]!)) continue;
        const whole = contains(fresh, builder.first[item]!);
        // Later rounds only add what has not been read at all.
        if (round > 1 && !whole) continue;
        const isFunction = builder.kind[item] === NodeKind.Function;
        if (isFunction) functions.push(item);
        if (whole || !isFunction) items.push(item);
      }
    }
    seen = union(seen, ranges);
  }
  return { items, functions };
}

/** First token and end of each file-level item, flat. */
function itemExtents(builder: TreeBuilder, root: number): readonly number[] {
  const extents: number[] = [];
  for (let item = builder.child[root]!; item !== 0; item = builder.next[item]!) extents.push(builder.first[item]!, builder.end[item]!);
  return extents;
}

/** The fresh ranges, widened to the items they lie in and joined where they touch. */
function regionsAround(fresh: TokenRanges, extents: readonly number[]): readonly { readonly from: number; readonly to: number }[] {
  const regions: { from: number; to: number }[] = [];
  let item = 0;
  for (let i = 0; i < fresh.length; i += 2) {
    let from = fresh[i]!;
    let to = fresh[i + 1]!;
    while (item < extents.length && extents[item + 1]! <= from) item += 2;
    for (let at = item; at < extents.length && extents[at]! < to; at += 2) {
      from = Math.min(from, extents[at]!);
      to = Math.max(to, extents[at + 1]!);
    }
    const last = regions[regions.length - 1];
    if (last !== undefined && from < last.to) last.to = Math.max(last.to, to);
    else regions.push({ from, to });
  }
  return regions;
}

function overlaps(ranges: TokenRanges, from: number, to: number): boolean {
  const index = firstRangeEndingAfter(ranges, from);
  return index < ranges.length && ranges[index]! < to;
}

function contains(ranges: TokenRanges, token: number): boolean {
  const index = firstRangeEndingAfter(ranges, token);
  return index < ranges.length && ranges[index]! <= token;
}

function firstRangeEndingAfter(ranges: TokenRanges, token: number): number {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle * 2 + 1]! > token) high = middle;
    else low = middle + 1;
  }
  return low * 2;
}

function union(a: TokenRanges, b: TokenRanges): TokenRanges {
  const pairs: [number, number][] = [];
  for (const ranges of [a, b]) for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i]!, ranges[i + 1]!]);
  pairs.sort((left, right) => left[0] - right[0]);
  const joined: number[] = [];
  for (const [from, to] of pairs) {
    const last = joined.length - 1;
    if (last > 0 && from <= joined[last]!) joined[last] = Math.max(joined[last]!, to);
    else joined.push(from, to);
  }
  return joined;
}

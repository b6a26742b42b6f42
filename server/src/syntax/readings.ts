import { firstThat } from '../base/search';
import { type BranchReader, clipRanges, subtractRanges, type TokenRanges } from './branches';
import { NodeKind } from './nodes';
import type { Damage } from './sourceFile';
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
  /** Parses a sequence of tokens as file-level items into a TranslationUnit in token numbers; damage goes to the given list. */
  readonly parse: (ranges: TokenRanges, damage: Damage[]) => number;
}

/** What only other branches have. */
export interface Alternatives {
  readonly items: readonly number[];
  readonly functions: readonly number[];
  readonly damage: readonly Damage[];
}

/**
 * Reads what stands in `#else` and `#elif` branches. Text of such a branch is read together with the file-level item of the first
 * reading it lies in, so that two headers with one body, or a body with two variants of a statement, come out whole.
 */
export function readAlternatives(readings: Readings): Alternatives {
  const { branches, builder } = readings;
  const items: number[] = [];
  const functions: number[] = [];
  const damage: Damage[] = [];
  let extents = itemExtents(builder, builder.child[readings.root]!);
  let seen = readings.first;
  for (let round = 1; round < branches.rounds; round++) {
    const ranges = branches.choose(round);
    const fresh = subtractRanges(ranges, seen);
    const lost = subtractRanges(readings.first, ranges);
    if (fresh.length === 0) continue;
    const read: Extent[] = [];
    for (const region of regionsAround(fresh, lost, ranges, extents)) {
      const found: Damage[] = [];
      const unit = readings.parse(clipRanges(ranges, region.first, region.end), found);
      found.sort((a, b) => a.range.start - b.range.start);
      for (let item = builder.child[unit]!; item !== 0; item = builder.next[item]!) {
        const extent = { first: builder.first[item]!, end: builder.end[item]! };
        if (!overlaps(fresh, extent)) continue;
        const whole = contains(fresh, extent.first);
        if (whole) read.push(extent);
        // Later rounds only add what has not been read at all.
        if (round > 1 && !whole) continue;
        const isFunction = builder.kind[item] === NodeKind.Function;
        if (isFunction) functions.push(item);
        if (whole || !isFunction) items.push(item);
        keepDamage(damage, found, readings.tokens, extent);
      }
    }
    extents = [...extents, ...read].sort((a, b) => a.first - b.first);
    seen = union(seen, ranges);
  }
  return { items, functions, damage };
}

/** Tokens [first, end) of a file-level item. */
interface Extent {
  readonly first: number;
  readonly end: number;
}

/** Keeps the damage that begins in an item; `found` is sorted by its beginnings. */
function keepDamage(kept: Damage[], found: readonly Damage[], tokens: Tokens, extent: Extent): void {
  if (found.length === 0 || extent.end <= extent.first) return;
  const start = tokens.start[extent.first]!;
  const end = tokens.end[extent.end - 1]!;
  for (let at = firstThat(0, found.length, (index) => found[index]!.range.start >= start); at < found.length; at++) {
    if (found[at]!.range.start >= end) return;
    kept.push(found[at]!);
  }
}

function itemExtents(builder: TreeBuilder, firstItem: number): readonly Extent[] {
  const extents: Extent[] = [];
  for (let item = firstItem; item !== 0; item = builder.next[item]!) extents.push({ first: builder.first[item]!, end: builder.end[item]! });
  return extents;
}

/**
 * The fresh ranges, widened to the items that they or the branches they stand for (`lost`) lie in, and joined where nothing
 * that is read now lies between them.
 */
function regionsAround(fresh: TokenRanges, lost: TokenRanges, ranges: TokenRanges, extents: readonly Extent[]): readonly Extent[] {
  const regions: { first: number; end: number }[] = [];
  let item = 0;
  for (let i = 0; i < fresh.length; i += 2) {
    let from = fresh[i]!;
    let to = fresh[i + 1]!;
    const before = firstRangeEndingAfter(lost, from - 1);
    if (before < lost.length && lost[before + 1] === from) from = lost[before]!;
    const behind = firstRangeEndingAfter(lost, to);
    if (behind < lost.length && lost[behind] === to) to = lost[behind + 1]!;
    const region = { first: from, end: to };
    while (item < extents.length && extents[item]!.end <= from) item++;
    for (let at = item; at < extents.length && extents[at]!.first < to; at++) {
      region.first = Math.min(region.first, extents[at]!.first);
      region.end = Math.max(region.end, extents[at]!.end);
    }
    const last = regions[regions.length - 1];
    if (last !== undefined && !overlaps(ranges, { first: last.end, end: region.first })) last.end = Math.max(last.end, region.end);
    else regions.push(region);
  }
  return regions;
}

function overlaps(ranges: TokenRanges, extent: Extent): boolean {
  const index = firstRangeEndingAfter(ranges, extent.first);
  return index < ranges.length && ranges[index]! < extent.end;
}

function contains(ranges: TokenRanges, token: number): boolean {
  const index = firstRangeEndingAfter(ranges, token);
  return index < ranges.length && ranges[index]! <= token;
}

function firstRangeEndingAfter(ranges: TokenRanges, token: number): number {
  return firstThat(0, ranges.length / 2, (index) => ranges[index * 2 + 1]! > token) * 2;
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

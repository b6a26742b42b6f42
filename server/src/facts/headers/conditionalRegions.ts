import { DirectiveKind, type Directives } from '../../syntax/directives';

/** One branch of a `#if` chain that a place stands in: the conditions before it do not hold, its own does. */
export interface Branch {
  /** Conditions of the branches in front of this one. */
  readonly failed: readonly string[];
  /** Undefined for `#else`. */
  readonly condition: string | undefined;
  /** The macro of `#ifndef X` directly followed by `#define X`: an include guard, or a default value. */
  readonly guard: string | undefined;
}

interface Region extends Branch {
  readonly start: number;
  readonly end: number;
}

const decoder = new TextDecoder();

/** The branches of a file's conditional directives, found by offset. */
export class ConditionalRegions {
  private constructor(private readonly regions: readonly Region[]) {}

  static of(bytes: Uint8Array, directives: Directives): ConditionalRegions {
    return new ConditionalRegions(regionsOf(bytes, directives));
  }

  /** The branches around a place, outermost first. */
  around(offset: number): readonly Branch[] {
    const found: Branch[] = [];
    for (const region of this.regions) {
      if (region.start > offset) break;
      if (offset < region.end) found.push(region);
    }
    return found;
  }
}

interface OpenChain {
  failed: readonly string[];
  condition: string | undefined;
  guard: string | undefined;
  start: number;
}

function regionsOf(bytes: Uint8Array, directives: Directives): readonly Region[] {
  const regions: Region[] = [];
  const open: OpenChain[] = [];
  const close = (chain: OpenChain, end: number): void => {
    const { failed, condition, guard, start } = chain;
    regions.push({ failed, condition, guard, start, end });
  };
  for (let index = 0; index < directives.count; index++) {
    const kind = directives.kind[index]!;
    if (kind < DirectiveKind.If) continue;
    const [start, end] = [directives.start[index]!, directives.end[index]!];
    if (kind <= DirectiveKind.Ifndef) {
      open.push({ failed: [], condition: conditionOf(bytes, directives, index), guard: guardOf(bytes, directives, index), start: end });
      continue;
    }
    const chain = open.at(-1);
    if (chain === undefined) continue;
    close(chain, start);
    if (kind === DirectiveKind.Endif) open.pop();
    else {
      chain.failed = chain.condition === undefined ? chain.failed : [...chain.failed, chain.condition];
      chain.condition = kind === DirectiveKind.Else ? undefined : conditionOf(bytes, directives, index);
      chain.guard = undefined;
      chain.start = end;
    }
  }
  for (const chain of open) close(chain, bytes.length);
  return regions.sort((a, b) => a.start - b.start);
}

function conditionOf(bytes: Uint8Array, directives: Directives, index: number): string {
  const text = decoder.decode(bytes.subarray(directives.argument[index]!, directives.end[index]!));
  switch (directives.kind[index]) {
    case DirectiveKind.Ifdef:
    case DirectiveKind.Elifdef:
      return `defined(${firstName(text)})`;
    case DirectiveKind.Ifndef:
    case DirectiveKind.Elifndef:
      return `!defined(${firstName(text)})`;
    default:
      return text;
  }
}

function guardOf(bytes: Uint8Array, directives: Directives, index: number): string | undefined {
  if (index + 1 >= directives.count) return undefined;
  if (directives.kind[index] !== DirectiveKind.Ifndef || directives.kind[index + 1] !== DirectiveKind.Define) return undefined;
  if (directives.token[index + 1] !== directives.token[index]) return undefined;
  const name = (at: number) => firstName(decoder.decode(bytes.subarray(directives.argument[at]!, directives.end[at]!)));
  return name(index) === name(index + 1) ? name(index) : undefined;
}

function firstName(text: string): string {
  return /[A-Za-z_]\w*/.exec(text)?.[0] ?? '';
}

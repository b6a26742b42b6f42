import type { CompositeDefinition, FlagDefinition, FlagDefinitions } from './flagDefinitions';
import { evaluateMask } from './maskExpression';
import { readDefines } from './preprocessor';

/** Fewer named flags than any kernel has: then the headers were not understood and the tables are used. */
const FEWEST_FLAGS = 15;
const RAW = /^___GFP_(\w+)$/;
const RAW_BIT = /^___GFP_(\w+)_BIT$/;
const NAME = /^(?:__)?GFP_\w+$/;

interface RawFlag {
  readonly suffix: string;
  readonly value: number | undefined;
  readonly config: string | undefined;
}

/**
 * Flags and composites as the headers of a tree define them (include/linux/gfp.h until 5.19, gfp_types.h from 6.0 on), vendor flags included.
 * Undefined when too little was recognised to rely on.
 *
 * @param printOrder names in the order of the tree's print table.
 */
export function definitionsFromHeaders(headers: readonly string[], printOrder: readonly string[]): FlagDefinitions | undefined {
  const defines = headers.flatMap((text) => readDefines(text));
  const raw = rawFlags(defines);
  const expressions = new Map<string, string>();
  for (const define of defines)
    if (NAME.test(define.name) && define.kind === 'define' && !expressions.has(define.name)) expressions.set(define.name, define.body);
  const flags = raw.map((flag): FlagDefinition => {
    const name = `__GFP_${flag.suffix}`;
    return { name: expressions.has(name) ? name : '', value: flag.value, config: flag.config };
  });
  const names = flags.map((flag) => flag.name).filter((name) => name !== '');
  if (names.length < FEWEST_FLAGS || names.length > 32) return undefined;
  return { flags, composites: compositesOf(names, expressions), printOrder };
}

/** The bits, lowest first: enum entries in their order (6.9 and later), or constants by value. */
function rawFlags(defines: ReturnType<typeof readDefines>): RawFlag[] {
  const byPosition: RawFlag[] = [];
  const byValue = new Map<string, RawFlag & { readonly value: number }>();
  for (const { kind, name, body, config } of defines) {
    const entry = kind === 'enum' ? RAW_BIT.exec(name) : null;
    if (entry !== null && entry[1] !== 'LAST') byPosition.push({ suffix: entry[1]!, value: undefined, config });
    const constant = kind === 'define' ? RAW.exec(name) : null;
    if (constant === null || name.endsWith('_BIT')) continue;
    const value = numberOf(body);
    // The other branch of a configuration defines it as 0, or (for flags without an option) never at all.
    if (value === undefined || value === 0 || byValue.has(constant[1]!)) continue;
    byValue.set(constant[1]!, { suffix: constant[1]!, value, config });
  }
  const constants = [...byValue.values()].sort((a, b) => a.value - b.value);
  return byPosition.length > 0 ? [...byPosition, ...constants] : constants;
}

function numberOf(body: string): number | undefined {
  const text = body.replace(/\s/g, '');
  const literal = /^\(?(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\)?$/.exec(text);
  if (literal !== null) return Number(literal[1]);
  const shift = /^\(?(?:BIT\((\d+)\)|\(*1[uUlL]*\)*<<\(*(\d+)\)*)\)?$/.exec(text);
  return shift === null ? undefined : 2 ** Number(shift[1] ?? shift[2]);
}

/** Composites that are defined by others; a longer chain has no value. */
const MAX_DEPTH = 50;

function compositesOf(names: readonly string[], expressions: ReadonlyMap<string, string>): CompositeDefinition[] {
  const known = new Map<string, number | undefined>();
  names.forEach((name, index) => {
    known.set(name, 1 << index);
    known.set(`_${name}`, 1 << index);
  });
  let depth = 0;
  const bitsOf = (name: string): number | undefined => {
    if (known.has(name)) return known.get(name);
    known.set(name, undefined);
    if (depth >= MAX_DEPTH) return undefined;
    depth++;
    const expression = expressions.get(name);
    const bits = expression === undefined ? undefined : evaluateMask(expression, bitsOf);
    depth--;
    known.set(name, bits);
    return bits;
  };
  const isFlag = new Set(names);
  return [...expressions.keys()].flatMap((name) => {
    const bits = isFlag.has(name) ? undefined : bitsOf(name);
    return bits === undefined ? [] : [{ name, bits }];
  });
}

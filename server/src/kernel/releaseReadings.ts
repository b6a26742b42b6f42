import { wholeNumber } from '../base/wholeNumber';
import { behaviourOf } from './behaviour';
import { type KernelFlags, kernelFlags } from './kernelFlags';
import { evaluateMask } from './maskExpression';
import type { FlagTable, Release } from './model';
import { formatRelease } from './release';
import { allReleases, definitionsOf, sampledReleases } from './releaseTables';

/** What one release makes of a number. */
export interface ReleaseReading {
  /** X.Y. */
  readonly release: string;
  /** Options of the layout that names most; empty when no option matters to this number. */
  readonly config: string;
  readonly text: string;
  readonly unknownBits: number;
  /** Configurations that print it as asked; `''` alone when all of them do. */
  readonly configs: readonly string[];
}

const known = new Map<string, KernelFlags>();

/** A model has more than the flags, and takes ten times as long to make. */
function flagsOf(release: Release): KernelFlags {
  const key = formatRelease(release);
  let made = known.get(key);
  if (made === undefined) known.set(key, (made = kernelFlags(definitionsOf(release), release, undefined)));
  return made;
}

/**
 * The number as each release that is known reads it, oldest first.
 *
 * @param printed names to compare with, for `configs`.
 */
export function readingsByRelease(number: number, printed?: string): readonly ReleaseReading[] {
  return allReleases().map((one) => {
    const [release, all] = [formatRelease(one), flagsOf(one).numbers.layouts];
    const best = all.find((layout) => layout.unknownBits(number) === 0) ?? all[0]!;
    const matters = all.some(
      (layout) => layout.unknownBits(number) !== best.unknownBits(number) || layout.print(number) !== best.print(number),
    );
    const printing = printed === undefined || !behaviourOf(one).printsNames ? [] : all.filter((layout) => layout.print(number) === printed);
    return {
      release,
      config: matters ? best.config : '',
      text: best.print(number),
      unknownBits: best.unknownBits(number),
      configs: printing.length === all.length && all.length > 0 ? [''] : printing.map((layout) => layout.config),
    };
  });
}

/** The newest sampled release that knows all bits of a number and prints it with these names. */
export function newestPrinting(number: number, printed: string): Release | undefined {
  return sampledReleases.findLast((release) =>
    flagsOf(release).numbers.layouts.some((layout) => layout.unknownBits(number) === 0 && layout.print(number) === printed),
  );
}

/** The newest sampled release that knows all bits and names of these masks, written as trace events print them: names, `none`, or a number. */
export function newestKnowing(masks: readonly string[]): Release | undefined {
  return sampledReleases.findLast((release) => {
    const { numbers, flags } = flagsOf(release);
    return masks.every((text) => {
      const number = maskNumber(text);
      if (number !== undefined) return numbers.layouts.some((layout) => layout.unknownBits(number) === 0);
      return maskBits(text, flags) !== undefined;
    });
  });
}

/** A mask that is written as a number; undefined for names, and for what no mask can hold. */
export function maskNumber(text: string): number | undefined {
  const number = wholeNumber(text);
  return number === undefined || number > 0xffffffff ? undefined : number;
}

/** A mask that is written as names, also with raw flags (`___GFP_X`); `none` is what 0 prints as. Undefined when a name is not known. */
export function maskBits(text: string, flags: FlagTable): number | undefined {
  return text === 'none' ? 0 : evaluateMask(text, (name) => flags.bits(flags.plainName(name)));
}

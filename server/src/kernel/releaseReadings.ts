import { behaviourOf } from './behaviour';
import type { NumberLayout, Release } from './model';
import { flagNumbers } from './numbers';
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

const layouts = new Map<string, readonly NumberLayout[]>();

/** A model has more than its numbers, and takes ten times as long. */
function layoutsOf(release: Release): readonly NumberLayout[] {
  const key = formatRelease(release);
  const known = layouts.get(key);
  if (known !== undefined) return known;
  const made = flagNumbers(definitionsOf(release), undefined).layouts;
  layouts.set(key, made);
  return made;
}

/**
 * The number as each release that is known reads it, oldest first.
 *
 * @param printed names to compare with, for `configs`.
 */
export function readingsByRelease(number: number, printed?: string): readonly ReleaseReading[] {
  return allReleases().map((one) => {
    const [release, all] = [formatRelease(one), layoutsOf(one)];
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
    layoutsOf(release).some((layout) => layout.unknownBits(number) === 0 && layout.print(number) === printed),
  );
}

import { behaviourOf } from './behaviour';
import type { NumberLayout } from './model';
import { flagNumbers } from './numbers';
import { formatRelease } from './release';
import { allReleases, definitionsOf } from './releaseTables';

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

let layouts: readonly { readonly release: string; readonly printsNames: boolean; readonly layouts: readonly NumberLayout[] }[] | undefined;

/**
 * The number as each release that is known reads it, oldest first.
 *
 * @param printed names to compare with, for `configs`.
 */
export function readingsByRelease(number: number, printed?: string): readonly ReleaseReading[] {
  layouts ??= allReleases().map((release) => ({
    release: formatRelease(release),
    printsNames: behaviourOf(release).printsNames,
    layouts: flagNumbers(definitionsOf(release), undefined).layouts,
  }));
  return layouts.map(({ release, printsNames, layouts: all }) => {
    const best = all.find((layout) => layout.unknownBits(number) === 0) ?? all[0]!;
    const matters = all.some(
      (layout) => layout.unknownBits(number) !== best.unknownBits(number) || layout.print(number) !== best.print(number),
    );
    const printing = printed === undefined || !printsNames ? [] : all.filter((layout) => layout.print(number) === printed);
    return {
      release,
      config: matters ? best.config : '',
      text: best.print(number),
      unknownBits: best.unknownBits(number),
      configs: printing.length === all.length && all.length > 0 ? [''] : printing.map((layout) => layout.config),
    };
  });
}

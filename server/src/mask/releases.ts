import type { KernelModel } from '../kernel/model';
import { readingsByRelease } from '../kernel/releaseReadings';

/** What a number means to a range of releases. */
export interface ReleaseRange {
  /** X.Y, the first and last release of the range. */
  readonly from: string;
  readonly to: string;
  /** Options that make this reading; empty when the configuration does not matter. */
  readonly config: string;
  /** As those kernels print it (before 4.6 in the names of 4.6). */
  readonly reading: string;
  /** Bits without a name there; `0x0` for a complete reading. */
  readonly unknownBits: string;
}

/** All readings of a number from the oldest release to the newest, the likeliest first: no bit without a name, then the fewest names, then the newest. */
export function releasesOf(number: number): readonly ReleaseRange[] {
  const ranges: ReleaseRange[] = [];
  for (const { release, config, text, unknownBits } of readingsByRelease(number)) {
    const reading = text === '' ? 'none' : text;
    const bits = `0x${unknownBits.toString(16)}`;
    const last = ranges.at(-1);
    if (last !== undefined && last.reading === reading && last.config === config && last.unknownBits === bits)
      ranges[ranges.length - 1] = { ...last, to: release };
    else ranges.push({ from: release, to: release, config, reading, unknownBits: bits });
  }
  const effort = (range: ReleaseRange) => (range.unknownBits === '0x0' ? 0 : 1000) + range.reading.split('|').length;
  return ranges.reverse().sort((a, b) => effort(a) - effort(b));
}

/** Where a number has the names that a log printed beside it. */
export interface NameFit {
  readonly from: string;
  readonly to: string;
  /** Options that make it print so; empty when all configurations do. */
  readonly config: string;
}

/** Releases whose kernels print the number with exactly these names, oldest first. */
export function releasesPrinting(number: number, printed: string): readonly NameFit[] {
  const fits: NameFit[] = [];
  let previous: string | undefined;
  for (const { release, configs } of readingsByRelease(number, printed)) {
    const last = fits.at(-1);
    const config = configs[0] ?? '';
    if (configs.length > 0) {
      if (last !== undefined && last.to === previous && last.config === config) fits[fits.length - 1] = { ...last, to: release };
      else fits.push({ from: release, to: release, config });
    }
    previous = release;
  }
  return fits;
}

/** That a log's names and its number do not belong together for a kernel. */
export interface NameMismatch {
  readonly printed: string;
  /** What this kernel prints for the number. */
  readonly here: string;
  /** Where they do belong together; empty when no kernel prints them so. */
  readonly fits: readonly NameFit[];
}

/** Undefined when some configuration of the kernel prints the number as given. */
export function nameMismatch(model: KernelModel, number: number, printed: string): NameMismatch | undefined {
  if (model.numbers.layouts.some((layout) => layout.print(number) === printed)) return undefined;
  return { printed, here: model.numbers.preferred.print(number), fits: releasesPrinting(number, printed) };
}

/** The newest release of the likeliest range. */
export function likeliestRelease(number: number, printed: string | undefined): string {
  const fit = printed === undefined ? undefined : releasesPrinting(number, printed).at(-1);
  return fit?.to ?? releasesOf(number)[0]!.to;
}

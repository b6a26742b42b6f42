import type { CompositeDefinition, FlagDefinition, FlagDefinitions } from './flagDefinitions';
import { namesOf } from './flagDefinitions';
import type { Release } from './model';
import { formatRelease, isBefore, parseRelease } from './release';
import table from './tables/flags.json';

interface FlagRows {
  readonly releases: readonly (readonly [release: string, tree: string, numbering: number, composites: number, print: number])[];
  readonly numberings: readonly { readonly kind: string; readonly bits: readonly (readonly (string | number)[])[] }[];
  readonly composites: readonly (readonly (readonly [name: string, parts: readonly string[], without?: readonly string[]])[])[];
  readonly prints: readonly (readonly string[])[];
}
const rows = table as unknown as FlagRows;

/** Releases without a sample of their own whose nearest relative is the *next* sample: the change happened in them. */
const LIKE_THE_NEXT = new Set(['4.5', '5.1', '6.15', '6.16']);
/** Masks that are composed elsewhere than in gfp.h, and the two names the headers define by a number. */
const BITS_MASK = '__GFP_BITS_MASK';
const ZONE_MASK = 'GFP_ZONEMASK';
const ZONE_FLAGS = ['__GFP_DMA', '__GFP_HIGHMEM', '__GFP_DMA32', '__GFP_MOVABLE'];

/** The newest release the tables know, X.Y. */
export function newestRelease(): Release {
  return parseRelease(rows.releases.at(-1)![0])!;
}

/** All releases the tables were read from, oldest first. */
export const sampledReleases: readonly Release[] = rows.releases.map((row) => parseRelease(row[0])!);

/** The last minor release of each finished major one. */
const LAST_MINOR: Readonly<Record<number, number>> = { 4: 20, 5: 19, 6: 19 };

/** All releases from the oldest one of the tables to the newest, also those in between that have no tables of their own. */
export function allReleases(): readonly Release[] {
  const [oldest, newest] = [sampledReleases[0]!, newestRelease()];
  const releases: Release[] = [];
  for (let { major, minor } = oldest; rank({ major, minor, patch: undefined }) <= rank(newest); ) {
    releases.push({ major, minor, patch: undefined });
    if (minor === LAST_MINOR[major]) {
      major++;
      minor = 0;
    } else minor++;
  }
  return releases;
}

/** Why the tables cannot stand for a release, in words; undefined when they can. Releases after the newest one are taken to be like it. */
export function whyUnknown(release: Release): string | undefined {
  const [oldest, newest] = [sampledReleases[0]!, newestRelease()];
  if (isBefore(release, oldest.major, oldest.minor)) return `the oldest release that is known is ${formatRelease(oldest)}`;
  if (release.minor > (LAST_MINOR[release.major] ?? release.minor))
    return `the last release before ${release.major + 1}.0 was ${release.major}.${LAST_MINOR[release.major]}`;
  return release.major > newest.major + 1 ? `the newest release that is known is ${formatRelease(newest)}` : undefined;
}

/** Flags and composites of a release, from the headers of the sampled tree nearest to it. */
export function definitionsOf(release: Release): FlagDefinitions {
  const row = rowOf(release);
  const numbering = rows.numberings[row[2]]!;
  const flags = numbering.bits.map((bit): FlagDefinition => {
    const fixed = numbering.kind === 'values';
    return { name: String(bit[0]), value: fixed ? Number(bit[1]) : undefined, config: bit[fixed ? 2 : 1] as string | undefined };
  });
  return { flags, composites: compositeBits(flags, rows.composites[row[3]]!), printOrder: rows.prints[row[4]]! };
}

function rowOf(release: Release): FlagRows['releases'][number] {
  const wanted = rank(release);
  const at = rows.releases.findIndex((row) => rank(parseRelease(row[0])!) > wanted);
  if (at === 0) return rows.releases[0]!;
  if (at < 0) return rows.releases.at(-1)!;
  return LIKE_THE_NEXT.has(`${release.major}.${release.minor}`) ? rows.releases[at]! : rows.releases[at - 1]!;
}

function rank(release: Release): number {
  return release.major * 1000 + release.minor;
}

function compositeBits(flags: readonly FlagDefinition[], definitions: FlagRows['composites'][number]): CompositeDefinition[] {
  const resolve = resolver(flags, definitions, new Map());
  return [...definitions.map(([name]) => name), ZONE_MASK, BITS_MASK].map((name) => ({ name, bits: resolve(name) }));
}

/** Adds to a tree's definitions the masks that are composed in other headers (`GFP_RECLAIM_MASK`, `GFP_PGTABLE_USER`), as the nearest release has them. */
export function withInternalMasks(own: FlagDefinitions, release: Release): FlagDefinitions {
  const defined = new Map(own.composites.map((composite) => [composite.name, composite.bits]));
  const definitions = rows.composites[rowOf(release)[3]]!;
  const resolve = resolver(own.flags, definitions, defined);
  const taken = new Set([...defined.keys(), ...own.flags.map((flag) => flag.name)]);
  const internal = [
    ...definitions.map(([name]) => name).filter((name) => name.endsWith('_MASK') || name.includes('PGTABLE')),
    ZONE_MASK,
    BITS_MASK,
  ];
  const added = internal.filter((name) => !taken.has(name)).map((name) => ({ name, bits: resolve(name) }));
  return { ...own, composites: [...own.composites, ...added] };
}

/** Bits by name, where `defined` wins; names that this kernel does not have are 0. */
function resolver(
  flags: readonly FlagDefinition[],
  definitions: FlagRows['composites'][number],
  defined: ReadonlyMap<string, number>,
): (name: string) => number {
  const names = namesOf(flags);
  const byName = new Map(definitions.map((definition) => [definition[0], definition]));
  const known = new Map<string, number>([...names.map((name, index): [string, number] => [name, 1 << index]), ...defined]);
  const all = names.reduce((bits, _, index) => bits | (1 << index), 0);
  known.set(BITS_MASK, all);
  const union = (parts: readonly string[]): number => parts.reduce((bits, part) => bits | bitsOf(part), 0);
  const bitsOf = (name: string): number => {
    const ready = known.get(name);
    if (ready !== undefined) return ready;
    const definition = byName.get(name);
    const bits = definition === undefined ? 0 : union(definition[1]) & ~union(definition[2] ?? []);
    known.set(name, bits);
    return bits;
  };
  known.set(ZONE_MASK, union(ZONE_FLAGS));
  return bitsOf;
}

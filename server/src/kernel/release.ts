import type { Release } from './model';

/** Reads `6.1`, `6.1.192`, `v6.12-rc3`, `6.1.0-28-amd64`; undefined for anything that does not start with X.Y. */
export function parseRelease(text: string): Release | undefined {
  const match = /^\s*v?(\d{1,3})\.(\d{1,4})(?:\.(\d{1,5}))?(?![\d.]*\d)/.exec(text);
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: match[3] === undefined ? undefined : Number(match[3]) };
}

/** `6.1.192`, or `6.1` when the stable level is not known. */
export function formatRelease(release: Release): string {
  const base = `${release.major}.${release.minor}`;
  return release.patch === undefined ? base : `${base}.${release.patch}`;
}

/** Whether `a` is older than X.Y, whatever its stable level. */
export function isBefore(a: Release, major: number, minor: number): boolean {
  return a.major < major || (a.major === major && a.minor < minor);
}

/**
 * Where a change came in: the mainline release as `[X, Y]` and stable back-ports as `[X, Y, Z]`. Later stable levels of a back-port have it
 * too; a release given without its stable level counts as the newest one, because that is what the tables were read from.
 */
export type Since = readonly (readonly [number, number] | readonly [number, number, number])[];

export function hasChange(release: Release, since: Since): boolean {
  return since.some(([major, minor, patch]) => {
    if (patch === undefined) return !isBefore(release, major, minor);
    return release.major === major && release.minor === minor && (release.patch === undefined || release.patch >= patch);
  });
}

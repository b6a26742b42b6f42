import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { Files } from '../files';
import { filesBelow } from './filesBelow';
import { FileWatch } from './fileWatch';
import { findSources } from './sources';
import { pathOfUri, uriOfPath } from './uris';

/** The disk of this machine. */
export function nodeFiles(): Files {
  const watches = new FileWatch();
  return {
    pathOf: pathOfUri,
    uriOf: uriOfPath,
    isAbsolute,
    parent: dirname,
    resolve,
    read,
    stamp,
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    realPath,
    sources: findSources,
    below: filesBelow,
    followIncludes: () => true,
    watch: (path, changed) => watches.add(path, changed),
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function stamp(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat && `${stat.mtimeMs} ${stat.ctimeMs} ${stat.size} ${stat.ino}`;
  } catch {
    return undefined;
  }
}

function read(path: string, most = Number.POSITIVE_INFINITY): Uint8Array | undefined {
  try {
    // Most questions are for headers that do not exist, and an exception costs more than the answer.
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.size <= most ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

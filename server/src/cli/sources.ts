import * as fs from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { SourceEntry } from '../program/batches';
import { reasonOf } from './errors';

// As CommonJS: the ES module of this package looks for its own URL, which a bundle does not have.
import fdirModule = require('fdir');

/** A path that could not be looked at, for stderr. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

export interface Sources {
  /** Each file once, sorted by path. */
  readonly entries: readonly SourceEntry[];
  /** Files that the user named himself: what cannot be read of them is his mistake. */
  readonly named: ReadonlySet<string>;
  /** Folders that were given, without symbolic links. */
  readonly folders: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/**
 * The C files and headers under the paths. A file that is named is taken whatever its name; folders are searched for
 * `.c` and `.h`, without symbolic links, hidden folders and what a kernel build writes.
 */
export function findSources(paths: readonly string[]): Sources {
  const sizes = new Map<string, number>();
  const named = new Set<string>();
  const folders = new Set<string>();
  const problems: Problem[] = [];
  const look = (path: string, use: (stat: fs.Stats) => void): void => {
    try {
      use(fs.statSync(path));
    } catch (error) {
      problems.push({ path, message: reasonOf(error) });
    }
  };
  for (const given of paths) {
    look(resolve(given), (stat) => {
      const path = fs.realpathSync(given);
      if (stat.isDirectory()) {
        folders.add(path);
        for (const file of walk(path, problems)) look(file, ({ size }) => sizes.set(file, size));
      } else if (stat.isFile()) {
        named.add(path);
        sizes.set(path, stat.size);
      } else problems.push({ path, message: 'is neither a file nor a folder' });
    });
  }
  const entries = [...sizes].map(([path, size]) => ({ path, size })).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries, named, folders, problems };
}

/** All source files of a folder, absolute. Folders that cannot be read are added to `problems`. */
function walk(folder: string, problems: Problem[]): readonly string[] {
  const readdirSync = ((path: string, options: { withFileTypes: true }) => {
    try {
      return fs.readdirSync(path, options);
    } catch (error) {
      problems.push({ path, message: reasonOf(error) });
      return [];
    }
  }) as unknown as typeof fs.readdirSync;
  return new fdirModule.fdir({ fs: { ...fs, readdirSync }, excludeSymlinks: true, includeBasePath: true, suppressErrors: true })
    .exclude((name, path) => isSkippedFolder(name, path))
    .filter((path) => isSource(path))
    .crawl(folder)
    .sync();
}

/** Hidden folders (`.git`), and headers that a build generates. `path` may end with a slash. */
function isSkippedFolder(name: string, path: string): boolean {
  if (name.startsWith('.')) return true;
  return (name === 'generated' || name === 'config') && basename(dirname(path.replace(/\/$/, ''))) === 'include';
}

/** Not what a build leaves behind: `foo.mod.c`, and the parsers of kconfig and dtc. */
function isSource(path: string): boolean {
  return /\.[ch]$/.test(path) && !/\.(mod|tab|lex)\.[ch]$/.test(path);
}

import * as fs from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { SourceEntry } from '../program/batches';
import type { FileStamp } from '../program/cache/fileStamp';
import { stampOf } from './contentStamp';
import { reasonOf } from './errors';

// As CommonJS: the ES module of this package looks for its own URL, which a bundle does not have.
import fdirModule = require('fdir');

/** A path that could not be looked at, for stderr. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** A file as it was found. */
export interface FoundSource extends SourceEntry {
  /** Undefined for texts that are not on disk. */
  readonly stamp?: FileStamp;
}

export interface Sources {
  /** Each file once, sorted by path. */
  readonly entries: readonly FoundSource[];
  /** Files that the user named himself: what cannot be read of them is his mistake. */
  readonly named: ReadonlySet<string>;
  /** Folders that were given, without symbolic links. */
  readonly folders: ReadonlySet<string>;
  readonly problems: readonly Problem[];
  /** When the files were looked up, in milliseconds like the times of stamps. */
  readonly at: number;
}

/**
 * The C files and headers under the paths. A file that is named is taken whatever its name; folders are searched for
 * `.c` and `.h`, without symbolic links, hidden folders and what a kernel build writes.
 */
export function findSources(paths: readonly string[]): Sources {
  const at = Date.now();
  const stamps = new Map<string, FileStamp>();
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
        for (const file of walk(path, problems)) look(file, (found) => stamps.set(file, stampOf(found)));
      } else if (stat.isFile()) {
        named.add(path);
        stamps.set(path, stampOf(stat));
      } else problems.push({ path, message: 'is neither a file nor a folder' });
    });
  }
  const entries = [...stamps].map(([path, stamp]) => ({ path, size: stamp.size, stamp })).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries, named, folders, problems, at };
}

/** The files by path relative to a root, in their order. */
export function entriesBelow(root: string, { entries }: Sources): ReadonlyMap<string, FoundSource> {
  const prefix = root.endsWith(sep) ? root : root + sep;
  return new Map(
    entries.map((entry) => [entry.path.startsWith(prefix) ? entry.path.slice(prefix.length) : relative(root, entry.path), entry]),
  );
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

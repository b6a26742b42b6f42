import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CacheStore } from '../program/cache/cacheStore';
import { digestOf } from './contentStamp';

/** All caches together may take so much, bytes; the ones used last stay. */
const MAX_BYTES = 1 << 30;
/** Pieces nobody names any more are kept as long, in milliseconds: another process may be reading them. */
const GRACE_MS = 10 * 60_000;
/** The piece that names all others. */
export const STATE = 'state';

/** The program's part of the user's cache folder, as each system has it. */
export function userCache(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const own = env.XDG_CACHE_HOME;
  if (own !== undefined && own !== '') return join(own, 'gfp-lens');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'gfp-lens');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'gfp-lens', 'Cache');
  return join(homedir(), '.cache', 'gfp-lens');
}

/** Where the caches of all trees lie. */
export function cacheRoot(): string {
  return join(userCache(), 'trees');
}

/** The cache of one tree: a folder of its own, by what all of its content rests on. */
export class CacheFolder implements CacheStore {
  readonly path: string;

  constructor(
    private readonly root: string,
    key: string,
  ) {
    this.path = join(root, createHash('sha1').update(key).digest('hex').slice(0, 16));
  }

  readonly digest = digestOf;

  read(name: string): Uint8Array | undefined {
    try {
      const bytes = fs.readFileSync(join(this.path, name));
      // What was used last goes last.
      if (name === STATE) fs.utimesSync(this.path, new Date(), new Date());
      return bytes;
    } catch {
      return undefined;
    }
  }

  readRange(name: string, offset: number, length: number): Uint8Array | undefined {
    let file: number | undefined;
    try {
      file = fs.openSync(join(this.path, name), 'r');
      // Numbers are read in place, which a buffer of the pool does not allow.
      const bytes = new Uint8Array(length);
      return fs.readSync(file, bytes, 0, length, offset) === length ? bytes : undefined;
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) fs.closeSync(file);
    }
  }

  write(name: string, parts: readonly Uint8Array[]): boolean {
    const temporary = join(this.path, this.freshName('new'));
    try {
      this.prepare();
      const file = fs.openSync(temporary, 'wx', 0o600);
      try {
        for (const part of parts) writeAll(file, part);
      } finally {
        fs.closeSync(file);
      }
      fs.renameSync(temporary, join(this.path, name));
      return true;
    } catch {
      remove(temporary);
      return false;
    }
  }

  freshName(kind: string): string {
    return `${kind}-${process.pid}-${randomBytes(6).toString('hex')}`;
  }

  /** Deletes what is not named here and old enough, then whole caches, the ones not used for longest first, until the rest is small enough. */
  sweep(named: ReadonlySet<string>): void {
    for (const name of namesIn(this.path)) {
      if (name === STATE || named.has(name)) continue;
      const path = join(this.path, name);
      const stat = statOf(path);
      if (stat !== undefined && stat.mtimeMs < Date.now() - GRACE_MS) remove(path);
    }
    const others = cachesBelow(this.root).filter(({ path }) => path !== this.path);
    let total = sizeOf(this.path);
    for (const { path, bytes } of others.sort((a, b) => b.used - a.used)) {
      total += bytes;
      if (total > MAX_BYTES) remove(path);
    }
  }

  private prepare(): void {
    if (fs.existsSync(this.path)) return;
    fs.mkdirSync(this.path, { recursive: true, mode: 0o700 });
    // https://bford.info/cachedir: backups leave the folder out.
    fs.writeFileSync(
      join(this.root, 'CACHEDIR.TAG'),
      'Signature: 8a477f597d28d172789f06886806bc55\n# Made by gfp-lens; may be deleted at any time.\n',
    );
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(file, bytes, at, bytes.length - at);
}

/** The caches of all trees with their sizes in bytes, and when they were used last. */
export function cachesBelow(root: string): readonly { readonly path: string; readonly bytes: number; readonly used: number }[] {
  return namesIn(root).flatMap((name) => {
    const path = join(root, name);
    const stat = statOf(path);
    return stat?.isDirectory() === true ? [{ path, bytes: sizeOf(path), used: stat.mtimeMs }] : [];
  });
}

function sizeOf(folder: string): number {
  return namesIn(folder).reduce((sum, name) => sum + (statOf(join(folder, name))?.size ?? 0), 0);
}

/** Another process may be faster; what cannot be deleted stays. */
function remove(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch {
    // Tried again by the next run.
  }
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

// Where the downloaded VS Code host and browser are kept: one folder per user, outside the project, shared by every checkout.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const cacheRoot = process.env.GFP_LENS_CACHE ?? path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'gfp-lens');

/**
 * Fills a cache folder once. `fill` works in a folder beside the final place, which is renamed only when everything is there, so an
 * interrupted installation is never taken for a finished one.
 * @param {string} name folder name below the cache root
 * @param {string} stamp what is inside; another stamp means: build it anew
 * @param {(folder: string) => void | Promise<void>} fill
 * @returns {Promise<string>} the folder
 */
export async function cachedFolder(name, stamp, fill) {
  const folder = path.join(cacheRoot, name);
  const stampFile = path.join(folder, '.stamp');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return folder;
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    writeFileSync(path.join(unfinished, '.stamp'), stamp);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

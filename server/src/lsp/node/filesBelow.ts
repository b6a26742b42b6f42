import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Neighbour } from '../../program/link/neighbours';

/** More than a driver has; larger folders are left to a check of the tree. */
const MAX_FILES = 200;
const MAX_BYTES = 8 << 20;

/** Reads the C files and headers below a folder of a tree; undefined when they are too many or too large, or the folder cannot be read. */
export function filesBelow(root: string, folder: string): readonly Neighbour[] | undefined {
  const found: Neighbour[] = [];
  const folders = [folder];
  let bytes = 0;
  try {
    for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
      for (const entry of readdirSync(join(root, at), { withFileTypes: true })) {
        const path = `${at}/${entry.name}`;
        if (entry.isDirectory() && !entry.name.startsWith('.')) folders.push(path);
        if (!entry.isFile() || !/\.[ch]$/.test(entry.name)) continue;
        bytes += statSync(join(root, path)).size;
        if (found.length >= MAX_FILES || bytes > MAX_BYTES) return undefined;
        found.push({ path, bytes: readFileSync(join(root, path)) });
      }
    }
  } catch {
    return undefined;
  }
  return found;
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The C files and headers of a folder, sorted, without symbolic links, hidden folders and what a kernel build writes.
 * Gives the event loop its turn at every folder; folders that cannot be read are passed over.
 */
export async function findSources(folder: string, isCancelled: () => boolean): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined && !isCancelled(); at = folders.pop()) {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && !isSkipped(entry.name, at)) folders.push(path);
      else if (entry.isFile() && isSource(entry.name)) found.push(path);
    }
  }
  return found.sort();
}

function isSkipped(name: string, parent: string): boolean {
  return name.startsWith('.') || name === 'node_modules' || ((name === 'generated' || name === 'config') && /[\\/]include$/.test(parent));
}

function isSource(name: string): boolean {
  return /\.[ch]$/.test(name) && !/\.(mod|tab|lex)\.[ch]$/.test(name);
}

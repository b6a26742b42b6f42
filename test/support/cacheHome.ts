import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let made: string | undefined;

/** A cache for the programs that a test process starts, not that of whoever runs the tests; gone with the process. */
export function cacheHome(): string {
  if (made === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'gfp-lens-cache-'));
    // Not a hook: the first test that asks would take the folder along, and the others make it anew.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    made = folder;
  }
  return made;
}

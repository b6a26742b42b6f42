import { readdirSync, rmSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';
import { userCache } from './cacheFolder';
import { TOOL } from './version';

/** Node.js has it from 22.1 on. */
const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => unknown };

/**
 * Has Node.js keep what it compiles of the program in the user's cache folder, where it can: the next start takes it from there. To be called before
 * anything large is loaded. What older versions of the program left there is removed. Never throws.
 */
export function keepCompiledCode(): void {
  if (enableCompileCache === undefined) return;
  const folder = join(userCache(), 'compiled');
  enableCompileCache(join(folder, TOOL.version));
  try {
    for (const name of readdirSync(folder)) if (name !== TOOL.version) rmSync(join(folder, name), { recursive: true, force: true });
  } catch {
    // Nothing is kept there, or not by this user.
  }
}

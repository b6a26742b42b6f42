import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from './errors';

/** Loads a bundle that lies beside this one; the other commands do not pay for it. Throws {@link UserError} when it is missing. */
export function loadBundle(name: string, what: string): unknown {
  const path = join(__dirname, name);
  if (!existsSync(path)) throw new UserError(`${what} is missing (${path}); this installation is not complete`);
  return createRequire(__filename)(path);
}

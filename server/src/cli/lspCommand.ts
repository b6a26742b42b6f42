import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from './errors';

/** `gfp-lens lsp`: hands the process over to the language server, whose bundle lies beside this one. */
export function startServer(): void {
  const server = join(__dirname, 'server.js');
  if (!existsSync(server)) throw new UserError(`the language server is missing (${server}); this installation is not complete`);
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  createRequire(__filename)(server);
}

import { loadBundle } from './bundle';

/** `gfp-lens lsp`: hands the process over to the language server, whose bundle lies beside this one. */
export function startServer(): void {
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  loadBundle('server.js', 'the language server');
}

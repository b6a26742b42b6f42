// Our TypeScript, bundled in memory, for scripts.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @param {string} contents export lines with paths relative to the project */
export async function bundled(contents) {
  const options = { bundle: true, write: false, format: 'cjs', platform: 'node', logLevel: 'error' };
  const result = await build({ ...options, stdin: { contents, resolveDir: project, loader: 'ts' } });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', result.outputFiles[0].text)(module, module.exports, createRequire(import.meta.url));
  return module.exports;
}

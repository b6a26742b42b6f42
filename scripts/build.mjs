#!/usr/bin/env node
// Bundles the extension, the language server, the command line, its worker and its server for assistants into dist/. `--watch` rebuilds on change, `--dev` keeps names and adds source maps.
import { chmodSync } from 'node:fs';
import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const dev = watch || process.argv.includes('--dev');

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: !dev,
  sourcemap: dev,
  legalComments: 'none',
  logLevel: 'warning',
};
const bundles = [
  { ...common, entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  {
    ...common,
    entryPoints: ['client/webview/maskExplorer.ts'],
    outfile: 'dist/maskExplorer.js',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
  },
  { ...common, entryPoints: ['server/src/lsp/main.ts'], outfile: 'dist/server.js' },
  { ...common, entryPoints: ['server/src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  { ...common, entryPoints: ['server/src/cli/worker.ts'], outfile: 'dist/worker.js' },
  { ...common, entryPoints: ['server/src/cli/maskWorker.ts'], outfile: 'dist/maskWorker.js' },
  { ...common, entryPoints: ['client/webview/log.js', 'client/webview/log.css'], outdir: 'dist', platform: 'browser', format: 'iife' },
  { ...common, entryPoints: ['server/src/cli/mcpServer.ts'], outfile: 'dist/mcp.js' },
];

if (watch) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  await Promise.all(bundles.map((options) => build(options)));
  chmodSync('dist/cli.js', 0o755);
}

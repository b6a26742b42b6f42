#!/usr/bin/env node
// Bundles the extension, the language server, the command line, its workers and its server for assistants into dist/. `--watch` rebuilds on change, `--dev`
// keeps names and adds source maps. dist/inputs.json lists the files that went into the bundles, for the package step.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const project = fileURLToPath(new URL('..', import.meta.url));
const watch = process.argv.includes('--watch');
const dev = watch || process.argv.includes('--dev');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: project,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: !dev,
  sourcemap: dev,
  legalComments: 'none',
  logLevel: 'warning',
};
const browser = { ...common, platform: 'browser', target: 'es2022' };

/** Programs that share the analysis: one file holds them all, and each loads only its part of it. */
const PROGRAMS = { server: 'server/src/lsp/node/main', cli: 'server/src/cli/main', worker: 'server/src/cli/worker' };
const programs = Object.entries(PROGRAMS).map(([name, file]) => `export const ${name} = () => import('./${file}');`);

const bundles = [
  // What runs at the start is a small file; the library of the language client is another, loaded with the first kernel file.
  {
    ...common,
    entryPoints: ['client/src/node/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode', '*/serverProcess'],
    supported: { 'dynamic-import': false },
  },
  { ...common, entryPoints: ['client/src/node/serverProcess.ts'], outfile: 'dist/serverProcess.js', external: ['vscode'] },
  { ...browser, entryPoints: ['client/src/browser/extension.ts'], outfile: 'dist/browserExtension.js', external: ['vscode'] },
  { ...browser, entryPoints: ['server/src/lsp/browser/main.ts'], outfile: 'dist/browserServer.js', format: 'iife' },
  { ...browser, entryPoints: ['client/webview/maskExplorer.ts', 'client/webview/maskExplorer.css'], outdir: 'dist', format: 'iife' },
  { ...browser, entryPoints: ['client/webview/log.js', 'client/webview/log.css'], outdir: 'dist', format: 'iife' },
  {
    ...common,
    stdin: { contents: programs.join('\n'), resolveDir: project, sourcefile: 'programs.ts', loader: 'ts' },
    outfile: 'dist/programs.js',
  },
  // Starts before the programs are loaded, so that they can be loaded as they were compiled the last time.
  {
    ...common,
    stdin: {
      contents: `import { keepCompiledCode } from './server/src/cli/compiledCode';\nkeepCompiledCode();\nrequire('./programs.js').server();`,
      resolveDir: project,
      sourcefile: 'launchServer.ts',
      loader: 'ts',
    },
    external: ['./programs.js'],
    outfile: 'dist/server.js',
  },
  { ...common, entryPoints: ['server/src/cli/maskWorker.ts'], outfile: 'dist/maskWorker.js' },
  { ...common, entryPoints: ['server/src/cli/mcpServer.ts'], outfile: 'dist/mcp.js' },
];

mkdirSync(`${project}dist`, { recursive: true });
for (const name of ['cli', 'worker']) {
  const file = `${project}dist/${name}.js`;
  writeFileSync(file, `${name === 'cli' ? '#!/usr/bin/env node\n' : ''}'use strict';\nrequire('./programs.js').${name}();\n`);
  if (name === 'cli') chmodSync(file, 0o755);
}
if (watch) {
  for (const options of bundles) await (await context(options)).watch();
  console.log('dist/ is built anew on every change; Ctrl+C ends it');
} else {
  const results = await Promise.all(bundles.map((options) => build({ ...options, metafile: true })));
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(`${project}dist/inputs.json`, JSON.stringify([...new Set(inputs)].sort(), null, 1));
}

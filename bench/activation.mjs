#!/usr/bin/env node
// Measures what the extension costs the extension host of a real VS Code when a kernel file is opened: the figures of VS Code's own page "Startup Performance"
// (loading the code, activate(), the promise it returns), and the longest time that the loop stood still until the findings were there.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { findVsCode } from '../scripts/vscode-host/find.mjs';

const BUDGET_MS = 50;
const STARTS = Number(process.env.BENCH_STARTS ?? 5);
const project = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'gfp-lens-activation-'));
const folder = path.join(scratch, 'sample');
const script = path.join(scratch, 'activation.js');
const result = path.join(scratch, 'result.json');

const host = await findVsCode((line) => console.error(`[vscode] ${line}`));
cpSync(path.join(project, 'sample'), folder, { recursive: true });
await build({
  absWorkingDir: project,
  entryPoints: ['bench/vscode/activation.ts'],
  outfile: script,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  logLevel: 'warning',
});

const starts = [];
for (let start = 0; start < STARTS; start++) {
  await runTests({
    vscodeExecutablePath: host.executable,
    extensionDevelopmentPath: project,
    extensionTestsPath: script,
    launchArgs: [folder, '--disable-extensions'],
    extensionTestsEnv: { GFP_LENS_BENCH_RESULT: result, NODE_OPTIONS: undefined },
  });
  starts.push(JSON.parse(readFileSync(result, 'utf8')));
}
rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });

const rows = [
  ['load the code', ({ load }) => load],
  ['activate()', ({ call }) => call],
  ['finish', ({ finish }) => finish],
  ['activation in all', ({ load, call, finish }) => load + call + finish, BUDGET_MS],
  ['longest pause of the host until findings', ({ longestPause }) => longestPause],
].map(([what, of, budget]) => ({
  what: `${what}, median (range) of ${STARTS}`,
  value: spread(starts.map(of)),
  ...(budget ? { budget: `${budget} ms` } : {}),
}));
for (const { what, value, budget } of rows) console.log(`${what.padEnd(64)} ${value}${budget ? `   budget ${budget}` : ''}`);
if (process.env.BENCH_RESULT) writeFileSync(process.env.BENCH_RESULT, JSON.stringify(rows));

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)].toFixed(0)} (${sorted[0].toFixed(0)}-${sorted.at(-1).toFixed(0)}) ms`;
}

#!/usr/bin/env node
// Runs the tests. `npm test`: everything that needs no kernel tree, then the suite in a real VS Code.
//   --unit     without VS Code
//   --vscode   only the suite in VS Code
//   --kernel   only test/kernel, against real kernel sources
//   FILE...    only these test files; options of node's test runner pass through
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const OWN_RUN = ['test/kernel/', 'test/vscode/'];
/** A test file that takes this long hangs; it must fail, not block the run. */
const HANG_LIMIT_MS = 300_000;

const given = process.argv.slice(2);
const has = (name) => given.includes(name);
const passed = given.filter((argument) => !['--unit', '--vscode', '--kernel'].includes(argument));
const files = passed.filter((argument) => !argument.startsWith('-'));
const runnerOptions = passed.filter((argument) => argument.startsWith('-'));

process.exitCode = await main();

/** @returns {Promise<number>} exit code: 0 only when everything that was asked for ran and passed */
async function main() {
  if (run([process.execPath, 'scripts/build.mjs']) !== 0) return 1;
  if (files.length > 0) return runFiles(files);
  if (has('--kernel')) {
    const { ensureKernels } = await import('./kernels.mjs');
    ensureKernels();
    return runFiles(testFiles().filter((file) => file.startsWith('test/kernel/')));
  }
  const unit = has('--vscode') ? 0 : runFiles(testFiles().filter((file) => !OWN_RUN.some((folder) => file.startsWith(folder))));
  // Also after a failure: whoever waited this long wants to see all of it.
  const vscode = has('--unit') ? 0 : run([process.execPath, 'scripts/vscode-host/suite.mjs']);
  return unit || vscode;
}

function testFiles() {
  return readdirSync(path.join(project, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name.replaceAll(path.sep, '/')}`)
    .sort();
}

function runFiles(tests) {
  if (tests.length === 0) {
    console.error('no test files found');
    return 1;
  }
  return run([
    process.execPath,
    '--import',
    'tsx',
    '--test',
    '--test-reporter=spec',
    '--test-concurrency=2',
    `--test-timeout=${HANG_LIMIT_MS}`,
    ...runnerOptions,
    ...tests,
  ]);
}

function run([command, ...args]) {
  return spawnSync(command, args, { cwd: project, stdio: 'inherit' }).status ?? 1;
}

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

/**
 * With several threads, which file comes after which is chance. The folder has headers that use names of whoever includes them, and includes that
 * only makefiles lead to: what a thread keeps of them must not depend on the files that it happened to see before.
 */
const project = path.join(import.meta.dirname, '../..');
const kernels = process.env.GFP_KERNELS ?? path.join(homedir(), '.cache/kernels');
const tree = path.join(kernels, 'linux-source-6.1');
const folder = path.join(tree, 'drivers/gpu/drm/amd');

function findings(jobs: number): readonly unknown[] {
  const args = ['dist/cli.js', 'check', '--tree', tree, '--format', 'json', '--possible', '--min-severity', 'hint', '--no-cache'];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...args, '--jobs', `${jobs}`, folder], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  assert.ok(status === 0 || status === 1, `exit ${status}: ${stderr}`);
  return (JSON.parse(stdout) as { findings: readonly unknown[] }).findings;
}

test('a folder with shared headers gives the same findings with any number of threads', () => {
  const one = findings(1);
  assert.ok(one.length > 100, `${one.length} findings`);
  for (const jobs of [2, 3, 8]) assert.deepEqual(findings(jobs), one, `--jobs ${jobs}`);
});

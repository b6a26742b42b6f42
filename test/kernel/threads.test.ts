import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTree } from './checkTree';

/**
 * With several threads, which file comes after which is chance. The folder has headers that use names of whoever includes them, and includes that
 * only makefiles lead to: what a thread keeps of them must not depend on the files that it happened to see before.
 */
const findings = (jobs: number) => checkTree('6.1', 'drivers/gpu/drm/amd', ['--possible', '--no-cache', '--jobs', `${jobs}`]).findings;

test('a folder with shared headers gives the same findings with any number of threads', () => {
  const one = findings(1);
  assert.ok(one.length > 100, `${one.length} findings`);
  for (const jobs of [2, 3, 8]) assert.deepEqual(findings(jobs), one, `--jobs ${jobs}`);
});

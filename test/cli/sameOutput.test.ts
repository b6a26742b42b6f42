import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { seedsOf } from '../fuzz/seeds';
import { KERNEL_MAKEFILE, PADDING, runCli, temporaryFolder } from './runCli';

const PROJECT = join(__dirname, '..', '..');
const FOLDERS = ['drivers/net', 'fs', 'mm', 'lib'];
/** Each of these is a batch, so that threads take turns. */
const LONG_FILES = 6;

/** A tree of all fixtures, whose functions call each other by accident. */
function files(): Record<string, Uint8Array | string> {
  const sources = seedsOf('analyse', PROJECT);
  const named = sources.map((source, index) => [`${FOLDERS[index % FOLDERS.length]}/f${index}.c`, source] as const);
  const padding = Array.from({ length: LONG_FILES }, (_, index) => [`${FOLDERS[index % FOLDERS.length]}/long${index}.c`, PADDING] as const);
  return { Makefile: KERNEL_MAKEFILE, Kbuild: '', ...Object.fromEntries([...named, ...padding]) };
}

test('the output is the same byte for byte with any number of threads and any order of the arguments, also from a cache', async () => {
  const cwd = temporaryFolder(files());
  const runs = [
    ['--jobs', '1', ...FOLDERS],
    ['--jobs', '2', ...FOLDERS],
    ['--jobs', '8', ...FOLDERS],
    ['--jobs', '3', ...FOLDERS.toReversed()],
    ['--jobs', '2', 'mm/../lib', 'fs/long1.c', 'fs/f1.c', 'mm', 'drivers', './fs'],
  ];
  for (const format of ['text', 'sarif']) {
    const outputs = await Promise.all(
      runs.map((run) => runCli(['check', '--no-cache', '--tree', '.', '--possible', '--format', format, ...run], { cwd })),
    );
    assert.equal(outputs[0]!.code, 1);
    assert.ok(outputs[0]!.stdout.length > 10_000);
    for (const [index, { code, stdout }] of outputs.entries()) {
      assert.equal(code, 1);
      assert.ok(stdout === outputs[0]!.stdout, `${format} with ${runs[index]!.join(' ')} differs`);
    }
    // One after the other over one cache: what the run before has kept, with other threads and in another order, changes no byte.
    for (const run of runs.toReversed()) {
      const { stdout } = await runCli(['check', '--tree', '.', '--possible', '--format', format, ...run], { cwd });
      assert.ok(stdout === outputs[0]!.stdout, `${format} with ${run.join(' ')} differs from a cache`);
    }
  }
});

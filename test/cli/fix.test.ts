import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { BAD, FIXABLE, runCli, temporaryFolder } from './runCli';

describe('--fix', () => {
  test('applies safe fixes, leaves the rest, and has nothing to do the second time', async () => {
    const cwd = temporaryFolder({ 'a/fixable.c': FIXABLE, 'bad.c': BAD });
    const first = await runCli(['check', '--fix'], { cwd });
    assert.match(first.stderr, /^gfp-lens: fixed 1 finding in 1 file$/m);
    assert.match(first.stdout, /^bad\.c:5:.*\[zone-conflict\]/);
    assert.ok(!first.stdout.includes('logical-mask'));
    assert.equal(first.code, 1);
    const text = readFileSync(join(cwd, 'a/fixable.c'), 'utf8');
    assert.equal(text, FIXABLE.replace('||', '|'));
    assert.equal(readFileSync(join(cwd, 'bad.c'), 'utf8'), BAD);
    const second = await runCli(['check', '--fix'], { cwd });
    assert.match(second.stderr, /^gfp-lens: fixed 0 findings in 0 files$/m);
    assert.deepEqual(readdirSync(join(cwd, 'a')), ['fixable.c']);
  });

  test('keeps the mode of a file and its other bytes', async () => {
    const odd = Buffer.concat([Buffer.from('/* '), Buffer.of(0xff, 0xe4), Buffer.from(' */\r\n'), Buffer.from(FIXABLE.trimEnd())]);
    const cwd = temporaryFolder({ 'fixable.c': odd });
    chmodSync(join(cwd, 'fixable.c'), 0o751);
    await runCli(['check', '--fix'], { cwd });
    assert.equal(statSync(join(cwd, 'fixable.c')).mode & 0o777, 0o751);
    assert.deepEqual(readFileSync(join(cwd, 'fixable.c')), Buffer.from(odd.toString('latin1').replace('||', '|'), 'latin1'));
  });

  test('fixes only what is asked for', async () => {
    const cwd = temporaryFolder({ 'fixable.c': FIXABLE });
    await runCli(['check', '--fix', '--rule', 'zone-conflict'], { cwd });
    assert.equal(readFileSync(join(cwd, 'fixable.c'), 'utf8'), FIXABLE);
  });
});

test('--fix-dry-run prints the patch that --fix would make', async () => {
  const files = { 'a/one.c': FIXABLE, 'two.c': `${FIXABLE}\n${'/* far */\n'.repeat(30)}${FIXABLE.replace('get', 'get2')}`, 'bad.c': BAD };
  const dry = temporaryFolder(files);
  const { stdout, stderr } = await runCli(['check', '--fix-dry-run'], { cwd: dry });
  assert.match(stderr, /^gfp-lens: --fix would fix 3 findings in 2 files$/m);
  assert.equal(readFileSync(join(dry, 'two.c'), 'utf8'), files['two.c'], 'a dry run must not write');
  execFileSync('git', ['apply', '-p1', '-'], { cwd: dry, input: stdout, env: { ...process.env, GIT_CEILING_DIRECTORIES: dry } });
  const wet = temporaryFolder(files);
  await runCli(['check', '--fix'], { cwd: wet });
  for (const name of Object.keys(files)) assert.equal(readFileSync(join(dry, name), 'utf8'), readFileSync(join(wet, name), 'utf8'), name);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { GitTree } from './gitTree';
import { BAD, DIST, FIXABLE, KERNEL_MAKEFILE, runCli, temporaryFolder } from './runCli';

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

  test('a file with unsaved changes in an editor is left alone, and said so', async () => {
    const cwd = temporaryFolder({ 'emacs.c': FIXABLE, 'vim.c': FIXABLE, 'clean.c': FIXABLE });
    symlinkSync('user@host.1234:5678', join(cwd, '.#emacs.c'));
    const swap = Buffer.alloc(4096);
    writeFileSync(join(cwd, '.clean.c.swp'), swap);
    swap[1007] = 0x55;
    writeFileSync(join(cwd, '.vim.c.swp'), swap);
    const { code, stderr } = await runCli(['check', '--fix'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /^gfp-lens: emacs\.c: cannot be fixed: it has unsaved changes in Emacs$/m);
    assert.match(stderr, /^gfp-lens: vim\.c: cannot be fixed: it has unsaved changes in Vim$/m);
    assert.match(stderr, /fixed 1 finding in 1 file/);
    assert.equal(readFileSync(join(cwd, 'emacs.c'), 'utf8'), FIXABLE);
    assert.equal(readFileSync(join(cwd, 'clean.c'), 'utf8'), FIXABLE.replace('||', '|'));
  });

  test('what only callers in another file forbid is still told after a fix in the file', async () => {
    const cwd = temporaryFolder({
      Makefile: KERNEL_MAKEFILE,
      'callee.c': `${FIXABLE}\nint fill(struct dev *d)\n{\n\td->p = kmalloc(8, GFP_KERNEL);\n\treturn d->p ? 0 : -1;\n}\n`,
      'caller.c':
        'int fill(struct dev *d);\n\nint locked(struct dev *d)\n{\n\tint ret;\n\n\tspin_lock(&d->lock);\n\tret = fill(d);\n\tspin_unlock(&d->lock);\n\treturn ret;\n}\n',
    });
    const before = await runCli(['check'], { cwd });
    assert.match(before.stdout, /\[sleep-in-atomic\]/);
    const after = await runCli(['check', '--fix'], { cwd });
    assert.match(readFileSync(join(cwd, 'callee.c'), 'utf8'), /GFP_KERNEL \| __GFP_NOWARN/);
    assert.match(after.stdout, /\[sleep-in-atomic\]/);
    assert.equal(after.code, 1);
  });

  test('with --diff only what the change brought', async () => {
    const tree = new GitTree({ 'a.c': FIXABLE });
    const both = `${FIXABLE}${FIXABLE.replace('*get', '*get_too')}`;
    tree.write({ 'a.c': both });
    await runCli(['check', '--fix', '--diff', 'HEAD'], { cwd: tree.root });
    assert.equal(readFileSync(join(tree.root, 'a.c'), 'utf8'), `${FIXABLE}${FIXABLE.replace('*get', '*get_too').replace('||', '|')}`);
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

test('git takes the patch of a dry run whatever the names, bytes and line ends are', async () => {
  const latin1 = Buffer.from(`/* gr\xf6\xdfer */\n${FIXABLE}`, 'latin1');
  const files = {
    'with blank.c': FIXABLE,
    'gr\u00f6\u00dfe "x".c': FIXABLE,
    'crlf.c': FIXABLE.replace(/\n/g, '\r\n'),
    'latin1.c': latin1,
    'no-newline.c': `static void *get(void) { return kmalloc(8, GFP_KERNEL || __GFP_NOWARN); }`,
  };
  const dry = temporaryFolder(files);
  const patch = execFileSync(process.execPath, [join(DIST, 'cli.js'), 'check', '--fix-dry-run', '--min-severity', 'error'], {
    cwd: dry,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  execFileSync('git', ['apply', '--whitespace=nowarn', '-p1', '-'], {
    cwd: dry,
    input: patch,
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dry },
  });
  for (const [name, text] of Object.entries(files)) {
    assert.deepEqual(readFileSync(join(dry, name)).toString('latin1'), Buffer.from(text).toString('latin1').replace('||', '|'), name);
  }
});

/** A driver whose large array is allocated in one file and freed in another. */
const RING = {
  Makefile: KERNEL_MAKEFILE,
  'drivers/net/ring/ring.h': 'struct ring {\n\tu32 *slots;\n};\n',
  'drivers/net/ring/init.c':
    '#include <linux/slab.h>\n#include "ring.h"\n\nint ring_init(struct ring *r)\n{\n\tr->slots = kcalloc(65536, sizeof(u32), GFP_KERNEL | __GFP_RETRY_MAYFAIL);\n\treturn r->slots ? 0 : -ENOMEM;\n}\n',
  'drivers/net/ring/exit.c': '#include <linux/slab.h>\n#include "ring.h"\n\nvoid ring_exit(struct ring *r)\n{\n\tkfree(r->slots);\n}\n',
};
const HINTS = ['--min-severity', 'hint'];

describe('a fix of several files', () => {
  const text = (cwd: string, file: string) => readFileSync(join(cwd, 'drivers/net/ring', file), 'utf8');

  test('changes all of them, and has nothing to do the second time', async () => {
    const cwd = temporaryFolder(RING);
    const first = await runCli(['check', '--fix', ...HINTS], { cwd });
    assert.match(first.stderr, /^gfp-lens: fixed 1 finding in 2 files$/m);
    assert.match(text(cwd, 'init.c'), /r->slots = kvcalloc\(65536/);
    assert.match(text(cwd, 'exit.c'), /\tkvfree\(r->slots\);/);
    const second = await runCli(['check', '--fix', ...HINTS], { cwd });
    assert.equal(second.code, 0);
    assert.match(second.stderr, /^gfp-lens: fixed 0 findings in 0 files$/m);
  });

  test('also reaches a file that was not asked for', async () => {
    const cwd = temporaryFolder(RING);
    await runCli(['check', '--fix', ...HINTS, 'drivers/net/ring/init.c'], { cwd });
    assert.match(text(cwd, 'exit.c'), /\tkvfree\(r->slots\);/);
  });

  test('changes none of them when one has unsaved changes', async () => {
    const cwd = temporaryFolder(RING);
    symlinkSync('user@host.1234:5678', join(cwd, 'drivers/net/ring/.#exit.c'));
    const { code, stderr } = await runCli(['check', '--fix', ...HINTS], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /exit\.c: cannot be fixed: it has unsaved changes in Emacs, nor what hangs together with it in 1 other file/);
    assert.equal(text(cwd, 'init.c'), RING['drivers/net/ring/init.c']);
    assert.equal(text(cwd, 'exit.c'), RING['drivers/net/ring/exit.c']);
  });

  test('is told with the files of its edits in JSON, and as one patch', async () => {
    const cwd = temporaryFolder(RING);
    const { stdout } = await runCli(['check', '--format', 'json', ...HINTS], { cwd });
    const [finding] = JSON.parse(stdout).findings;
    const edits = finding.fixes[0].edits.map((edit: { file: string; newText: string }) => `${edit.file} ${edit.newText}`);
    assert.deepEqual(edits, ['drivers/net/ring/init.c kvcalloc', 'drivers/net/ring/exit.c kvfree']);
    const { stdout: patch } = await runCli(['check', '--fix-dry-run', ...HINTS], { cwd });
    assert.match(patch, /^\+\tr->slots = kvcalloc/m);
    assert.match(patch, /^\+\tkvfree\(r->slots\);/m);
  });
});

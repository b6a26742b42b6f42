import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type BatchResult, FileChecker } from '../../server/src/cli/checkFiles';
import { analysisContext } from '../../server/src/cli/context';
import { BAD, DIST, FIXABLE, GOOD, KERNEL_MAKEFILE, PADDING, runCli, signalWhen, temporaryFolder } from './runCli';

const CLI = join(DIST, 'cli.js');
const many = (count: number, text: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}.c`, text]));

describe('the end comes in the middle', () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`${signal} during --fix: each file is the old one or the new one`, async () => {
      const cwd = temporaryFolder(many(150, FIXABLE));
      const fixed = FIXABLE.replace('||', '|');
      const textOf = (name: string): string => readFileSync(join(cwd, name), 'utf8');
      await runCli(['check', '--fix', '.'], {
        cwd,
        started: signalWhen(() => textOf('f0.c') !== FIXABLE, signal),
      });
      const sources = readdirSync(cwd).filter((name) => name.endsWith('.c'));
      assert.equal(sources.length, 150);
      for (const name of sources) assert.ok([FIXABLE, fixed].includes(textOf(name)), `${name} is neither:\n${textOf(name)}`);
      // What is left behind does not stand in the way of the next run, and does not count as a source.
      const { code, stderr } = await runCli(['check', '--fix', '.'], { cwd });
      assert.ok(code === 0 && !/EEXIST/.test(stderr), stderr);
      for (const name of sources) assert.equal(textOf(name), fixed);
    });
  }

  test('with --jobs 1 an analysis that never ends is ended by SIGTERM', async () => {
    const dist = temporaryFolder();
    const cwd = temporaryFolder({ 'padding.c': PADDING, 'a.c': BAD });
    const mark = join(cwd, 'reached');
    for (const name of readdirSync(DIST).filter((one) => one.endsWith('.js')))
      writeFileSync(join(dist, name), readFileSync(join(DIST, name)));
    writeFileSync(
      join(dist, 'worker.js'),
      `require('node:worker_threads').parentPort.on('message', () => { require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''); for (;;); });`,
    );
    const { code, stderr } = await runCli(['check', '--jobs', '1', '.'], {
      cwd,
      dist,
      started: signalWhen(() => existsSync(mark), 'SIGTERM'),
    });
    assert.equal(code, 130);
    assert.match(stderr, /^gfp-lens: interrupted after 0 of 2 files$/m);
  });
});

/** So long after a thread's last word it waits for the pipe. */
const SETTLED_MS = 500;

test('a read that never comes back, as from a mount that does not answer: an interrupt prints what is there and ends the program', async (context) => {
  const dist = temporaryFolder();
  const cwd = temporaryFolder({ 'padding.c': PADDING, 'a.c': BAD });
  const pipe = join(cwd, 'mount');
  if (spawnSync('mkfifo', [pipe]).status !== 0) return context.skip('this system has no mkfifo');
  const mark = join(cwd, 'reached');
  for (const name of readdirSync(DIST).filter((one) => one.endsWith('.js')))
    writeFileSync(join(dist, name), readFileSync(join(DIST, name)));
  // Nobody writes into the pipe: the thread waits in open(), where nothing but a signal for the whole process reaches it.
  writeFileSync(
    join(dist, 'worker.js'),
    `const { readFileSync, writeFileSync } = require('node:fs');
require('node:worker_threads').parentPort.on('message', () => { writeFileSync(${JSON.stringify(mark)}, ''); readFileSync(${JSON.stringify(pipe)}); });`,
  );
  const { code, stderr } = await runCli(['check', '--jobs', '2', '.'], {
    cwd,
    dist,
    // A thread that has not got there yet can still be ended.
    started: signalWhen(() => existsSync(mark) && Date.now() > statSync(mark).mtimeMs + SETTLED_MS, 'SIGTERM'),
  });
  assert.equal(code, null);
  assert.match(stderr, /^gfp-lens: interrupted after 0 of 2 files$/m);
});

describe('files change under the reader', () => {
  const setup = {
    tree: undefined,
    kernel: '6.1',
    config: undefined,
    rules: { severities: new Map(), enabled: undefined, possible: false },
  };
  const checkerOf = (root: string): FileChecker => new FileChecker(root, () => analysisContext(setup), { linked: true });
  const refusedIn = ({ rows }: BatchResult) => rows.flatMap(({ path, refusal }) => (refusal ? [{ path, ...refusal }] : []));

  test('one that vanished since the folder was listed is told, the others are analysed', () => {
    const root = temporaryFolder({ 'a.c': BAD, 'b.c': BAD });
    const entries = ['a.c', 'b.c'].map((name) => ({ path: join(root, name), size: BAD.length }));
    rmSync(join(root, 'a.c'));
    const result = checkerOf(root).check(entries);
    const { findings } = result;
    assert.deepEqual(refusedIn(result), [{ path: 'a.c', reason: 'no such file or folder', unreadable: true }]);
    assert.deepEqual(
      findings.map((finding) => finding.file),
      ['b.c'],
    );
  });

  test('one that vanished between the two rounds over a tree is told', () => {
    const root = temporaryFolder({ 'a.c': BAD });
    const checker = checkerOf(root);
    const entry = { path: join(root, 'a.c'), size: BAD.length };
    assert.equal(checker.check([entry]).findings.length, 1);
    rmSync(entry.path);
    assert.equal(refusedIn(checker.check([{ ...entry, verdicts: [] }])).length, 1);
  });

  test('one that was cut, grew, or became a folder or a loop of links is read as it is now', () => {
    const root = temporaryFolder({ 'cut.c': BAD, 'grown.c': GOOD, 'folder.c': BAD, 'loop.c': BAD });
    const entries = ['cut.c', 'folder.c', 'grown.c', 'loop.c'].map((name) => ({ path: join(root, name), size: BAD.length }));
    truncateSync(join(root, 'cut.c'), 60);
    writeFileSync(join(root, 'grown.c'), GOOD.repeat(40_000) + BAD);
    for (const name of ['folder.c', 'loop.c']) rmSync(join(root, name));
    mkdirSync(join(root, 'folder.c'));
    symlinkSync('loop.c', join(root, 'loop.c'));
    const result = checkerOf(root).check(entries);
    assert.deepEqual(
      result.findings.map((finding) => finding.file),
      ['grown.c'],
    );
    assert.deepEqual(
      refusedIn(result).map(({ reason }) => reason),
      ['not a regular file', 'too many symbolic links'],
    );
  });

  test('folders that are links to each other are not followed', async () => {
    const cwd = temporaryFolder({ 'a/a.c': BAD, 'b/b.c': BAD });
    symlinkSync('..', join(cwd, 'a', 'up'));
    symlinkSync('../a', join(cwd, 'b', 'a'));
    symlinkSync('self', join(cwd, 'b', 'self'));
    const { stdout } = await runCli(['check', '--format', 'json', '.'], { cwd });
    assert.equal(JSON.parse(stdout).files, 2);
  });

  // What a mount that does not answer does to a reader, or a hostile archive: opening a pipe that nobody writes to never comes back.
  test('pipes in place of the files that a tree names keep nobody waiting', async (context) => {
    const pipe = (cwd: string, name: string): boolean => spawnSync('mkfifo', [join(cwd, name)]).status === 0;
    const tree = (files: Record<string, string> = {}): string =>
      temporaryFolder({
        Makefile: KERNEL_MAKEFILE,
        Kbuild: '',
        'drivers/a.c': `#include "own.h"\n#include <linux/slow.h>\n${BAD}`,
        ...files,
      });
    if (!pipe(temporaryFolder(), 'probe')) return context.skip('this system has no mkfifo');
    for (const name of ['.gfp-lens.json', '.config', 'drivers/own.h', 'drivers/Makefile', 'drivers/pipe.c', 'include/linux/slow.h']) {
      const cwd = tree({ 'include/linux/gfp.h': '' });
      assert.ok(pipe(cwd, name), name);
      const { stdout, code } = await runCli(['check', '.'], { cwd });
      assert.match(stdout, /drivers\/a\.c:.*\[zone-conflict\]/, name);
      assert.equal(code, 1, name);
    }
    // A configuration that cannot be read ends the run; a baseline that cannot be read accepts nothing.
    for (const [member, expected] of [
      ['config', 2],
      ['baseline', 1],
    ] as const) {
      const cwd = tree({ '.gfp-lens.json': JSON.stringify({ [member]: 'pipe' }) });
      assert.ok(pipe(cwd, 'pipe'));
      assert.equal((await runCli(['check', '.'], { cwd })).code, expected, member);
    }
    const patched = tree();
    assert.ok(pipe(patched, 'drivers/pipe.c'));
    const patch = '--- a/drivers/pipe.c\n+++ b/drivers/pipe.c\n@@ -1 +1 @@\n-x\n+y\n';
    assert.equal((await runCli(['check', '--patch', '-'], { cwd: patched, input: patch })).code, 2);
    // The user's own pipes are read: --config <(zcat /proc/config.gz).
    assert.ok(pipe(patched, 'config'));
    const given = runCli(['check', '--config', 'config', '.'], { cwd: patched });
    writeFileSync(join(patched, 'config'), 'CONFIG_SMP=y\n');
    assert.equal((await given).code, 1);
  });

  test('the tree goes away while it is analysed', async () => {
    const files = Object.fromEntries(Object.entries(many(300, BAD)).map(([name, text]) => [`tree/${name}`, text]));
    const cwd = temporaryFolder({ ...files, 'tree/Makefile': KERNEL_MAKEFILE, 'tree/padding.c': PADDING });
    const { code, stderr } = await runCli(['check', '--tree', 'tree', '--jobs', '2', 'tree'], {
      cwd,
      started: (child) => {
        // Renamed at once, whatever the program is doing: files that are open stay readable, all others are gone.
        const timer = setTimeout(() => renameSync(join(cwd, 'tree'), join(cwd, 'elsewhere')), 150);
        child.on('exit', () => clearTimeout(timer));
      },
    });
    assert.ok([0, 1, 2].includes(code!), `${code}`);
    assert.doesNotMatch(stderr, /internal error|\n\s+at /);
  });
});

describe('the disk is full', { skip: !existsSync('/dev/full') && 'there is no /dev/full' }, () => {
  for (const args of [
    ['check', 'a.c'],
    ['check', '--format', 'json', 'a.c'],
    ['check', '--format', 'sarif', 'a.c'],
    ['mask', '0xcc0'],
    ['rules'],
    ['log', 'a.log'],
  ]) {
    test(`output of ${args.join(' ')} that is lost is told, with exit code 2`, () => {
      const cwd = temporaryFolder({ 'a.c': BAD, 'a.log': 'a: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL)\n' });
      const line = args.map((one) => `'${one}'`).join(' ');
      const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${CLI}" ${line} > /dev/full`], { cwd, encoding: 'utf8' });
      assert.equal(status, 2);
      assert.match(stderr, /^gfp-lens: cannot write the output: no space left on the device$/m);
    });
  }

  /** No file may grow beyond nothing, as on a disk that is full; the output goes to pipes. */
  function withoutSpace(cwd: string, args: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> {
    return new Promise((resolve) => {
      const child = spawn('sh', ['-c', 'ulimit -f 0; exec "$@"', 'sh', process.execPath, CLI, ...args], { cwd });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.stdout.resume();
      child.on('close', (code) => resolve({ code, stderr }));
    });
  }

  test('--fix leaves the old file, and nothing beside it', async () => {
    const cwd = temporaryFolder({ 'a.c': FIXABLE });
    const { code, stderr } = await withoutSpace(cwd, ['check', '--fix', 'a.c']);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^gfp-lens: a\.c: /m);
    assert.deepEqual(readdirSync(cwd), ['a.c']);
    assert.equal(readFileSync(join(cwd, 'a.c'), 'utf8'), FIXABLE);
  });

  test('--update-baseline leaves the old baseline', async () => {
    const old = '{"version":1,"findings":[]}\n';
    const cwd = temporaryFolder({ 'a.c': BAD, 'known.json': old });
    const { code, stderr } = await withoutSpace(cwd, ['check', '--baseline', 'known.json', '--update-baseline', 'a.c']);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^gfp-lens: --baseline .*known\.json: /m);
    assert.equal(readFileSync(join(cwd, 'known.json'), 'utf8'), old);
    assert.deepEqual(readdirSync(cwd).sort(), ['a.c', 'known.json']);
  });
});

test('a clock that jumps back and forth changes nothing', async () => {
  const cwd = temporaryFolder({
    'a.c': BAD,
    'padding.c': PADDING,
    'clock.js': 'const real = Date.now; let turn = 0; Date.now = () => real() + (turn++ % 2 ? 1 : -1) * 3e10;\n',
  });
  const env = { NODE_OPTIONS: `--require ${join(cwd, 'clock.js')}` };
  const [steady, jumping] = await Promise.all([{}, env].map((one) => runCli(['check', '--jobs', '2', '.'], { cwd, env: one })));
  assert.deepEqual({ ...jumping, stderr: '' }, { ...steady, stderr: '' });
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { BAD, type CliOptions, type CliResult, DIST, GOOD, KERNEL_MAKEFILE, PADDING, runCli, signalWhen, temporaryFolder } from './runCli';

const NOBODY = 65534;

/** Every message is one line that begins with the program's name: no stack, no warning of Node. */
function assertClear(stderr: string): void {
  for (const line of stderr.split('\n').slice(0, -1)) assert.match(line, /^gfp-lens: /, stderr);
}

async function checkClear(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const result = await runCli(['check', ...args], options);
  assertClear(result.stderr);
  return result;
}

describe('what cannot be read does not stop the rest', () => {
  test('a missing path', async () => {
    const cwd = temporaryFolder({ 'bad.c': BAD });
    const { code, stdout, stderr } = await checkClear(['nowhere.c', 'bad.c'], { cwd });
    assert.equal(code, 2);
    assert.match(stdout, /\[zone-conflict\]/);
    assert.match(stderr, /^gfp-lens: nowhere\.c: no such file or folder$/m);
  });

  test('a binary file: a mistake when it is named, skipped in a folder', async () => {
    const cwd = temporaryFolder({ 'bad.c': BAD, 'blob.c': Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0x67, 0x66, 0x70) });
    const named = await checkClear(['blob.c', 'bad.c'], { cwd });
    assert.equal(named.code, 2);
    assert.match(named.stdout, /\[zone-conflict\]/);
    assert.match(named.stderr, /^gfp-lens: blob\.c: not a text file, not analysed$/m);
    assert.equal((await checkClear(['.'], { cwd })).code, 1);
  });

  test('a file of 100 MB', async () => {
    const cwd = temporaryFolder({ 'bad.c': BAD, 'huge.c': GOOD });
    truncateSync(join(cwd, 'huge.c'), 100 << 20);
    const named = await checkClear(['huge.c', 'bad.c'], { cwd });
    assert.equal(named.code, 2);
    assert.match(named.stdout, /\[zone-conflict\]/);
    assert.match(named.stderr, /^gfp-lens: huge\.c: larger than \d+ MiB, not analysed$/m);
    const report = JSON.parse((await runCli(['check', '--format', 'json'], { cwd })).stdout);
    assert.equal(Object.values(report.gaps).length, 1);
  });

  test('a named pipe', async (context) => {
    const cwd = temporaryFolder({ 'bad.c': BAD });
    if (spawnSync('mkfifo', [join(cwd, 'pipe.c')]).status !== 0) return context.skip('this system has no mkfifo');
    const { code, stdout, stderr } = await checkClear(['pipe.c', 'bad.c'], { cwd });
    assert.equal(code, 2);
    assert.match(stdout, /\[zone-conflict\]/);
    assert.match(stderr, /pipe\.c: is neither a file nor a folder/);
    assert.equal((await checkClear(['.'], { cwd })).code, 1);
  });

  test('a folder and a file without permission', async () => {
    const cwd = temporaryFolder({ 'bad.c': BAD, 'closed/bad.c': BAD, 'secret.c': BAD });
    chmodSync(join(cwd, 'closed'), 0);
    chmodSync(join(cwd, 'secret.c'), 0);
    const { code, stdout, stderr } = await checkClear(['.'], asOrdinaryUser(cwd));
    chmodSync(join(cwd, 'closed'), 0o755);
    assert.equal(code, 2);
    assert.equal(stdout.match(/\[zone-conflict\]/g)?.length, 1);
    assert.match(stderr, /^gfp-lens: closed: permission denied$/m);
    assert.match(stderr, /^gfp-lens: secret\.c: permission denied$/m);
  });
});

describe('odd contents are analysed', () => {
  test('an empty file and a folder without sources', async () => {
    const cwd = temporaryFolder({ 'empty.c': '' });
    mkdirSync(join(cwd, 'nothing'));
    assert.equal((await checkClear(['empty.c'], { cwd })).code, 0);
    assert.equal((await checkClear(['nothing'], { cwd })).code, 0);
  });

  test('broken UTF-8, CR LF, no line feed at the end, a cut-off function', async () => {
    const broken = Buffer.concat([Buffer.from('/* caf'), Buffer.of(0xe9, 0xff), Buffer.from(` */\n${BAD}`)]);
    const cwd = temporaryFolder({
      'a.c': broken,
      'b.c': BAD.replaceAll('\n', '\r\n'),
      'c.c': BAD.trimEnd(),
      'd.c': `${BAD}static int cut(void)\n{\n\tif (x) {\n\t\tkfree(`,
    });
    const { code, stdout } = await checkClear(['.'], { cwd });
    assert.equal(code, 1);
    assert.equal(stdout.match(/\[zone-conflict\]/g)?.length, 4);
  });
});

describe('wrong usage is exit code 2 and one line', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'an unknown flag': ['--frobnicate'],
    'an unknown rule': ['--rule', 'zone-conflikt'],
    'a bad number of jobs': ['--jobs', 'many'],
    'no jobs': ['--jobs', '0'],
    'an unknown format': ['--format', 'xml'],
    'an unknown severity': ['--min-severity', 'fatal'],
    'a kernel that is none': ['--kernel', 'latest'],
    'a missing configuration': ['--config', 'nowhere'],
    'a configuration that is none': ['--config', 'good.c'],
    'a tree that is missing': ['--tree', 'nowhere'],
    'a tree that is a file': ['--tree', 'good.c'],
    'a tree that is none': ['--tree', '.'],
    'both kinds of fix': ['--fix', '--fix-dry-run'],
  };
  for (const [name, args] of Object.entries(cases)) {
    test(name, async () => {
      const cwd = temporaryFolder({ 'good.c': GOOD });
      const { code, stdout, stderr } = await checkClear([...args, 'good.c'], { cwd });
      assert.deepEqual([code, stdout], [2, '']);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    });
  }

  test('where nothing could be read it is not said that nothing was found', async () => {
    const cwd = temporaryFolder({ 'good.c': GOOD });
    assert.equal((await checkClear(['nowhere.c'], { cwd })).stderr, 'gfp-lens: nowhere.c: no such file or folder\n');
    assert.match((await checkClear(['nowhere.c', 'good.c'], { cwd })).stderr, /nothing found \(1 file read/);
  });

  test('an option that cannot be read is named with what was given, and what is wanted', async () => {
    const told = async (...args: string[]): Promise<string> => (await checkClear(args, {})).stderr.trimEnd();
    assert.equal(await told('--jobs', '0'), 'gfp-lens: --jobs 0: give a number from 1 to 256.');
    assert.equal(
      await told('--rule', 'zone-conflikt'),
      'gfp-lens: --rule zone-conflikt: there is no rule "zone-conflikt"; "gfp-lens rules" lists them.',
    );
    assert.match(await told('--format', 'xml'), /^gfp-lens: --format xml: Allowed choices are text, json/);
  });

  test('paths of two kernel trees', async () => {
    const cwd = temporaryFolder({ 'a/Makefile': KERNEL_MAKEFILE, 'a/x.c': GOOD, 'b/Makefile': KERNEL_MAKEFILE, 'b/x.c': GOOD });
    const { code, stderr } = await checkClear(['a', 'b'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /different kernel trees/);
  });

  test('an unknown command', async () => {
    const { code, stderr } = await runCli(['frobnicate']);
    assert.equal(code, 2);
    assertClear(stderr);
  });
});

test('--help and --version are no errors', async () => {
  for (const args of [['--help'], ['check', '--help'], ['--version']]) {
    const { code, stdout, stderr } = await runCli(args);
    assert.deepEqual([code, stderr], [0, '']);
    assert.ok(stdout.length > 0);
  }
});

test('a reader that goes away ends the output in silence', () => {
  const files: Record<string, string> = {};
  for (let i = 0; i < 400; i++) files[`f${i}.c`] = BAD.repeat(3);
  const cwd = temporaryFolder(files);
  const command = `"${process.execPath}" "${join(DIST, 'cli.js')}" check . | head -n 1`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8' });
  assert.equal(stdout.split('\n').length, 2);
  assertClear(stderr);
  assert.ok(!stderr.includes('EPIPE'), stderr);
});

/** A copy of the program whose worker does something else first. */
function withWorker(prelude: string): string {
  const dist = temporaryFolder();
  cpSync(DIST, dist, { recursive: true });
  const worker = join(dist, 'worker.js');
  cpSync(worker, join(dist, 'realWorker.js'));
  const code = `const { parentPort } = require('node:worker_threads');\n${prelude}\nrequire('./realWorker.js');\n`;
  writeFileSync(worker, code);
  return dist;
}

describe('workers', () => {
  const files = { 'padding.c': PADDING, 'a.c': BAD, 'b.c': BAD, 'special.c': BAD, 'y.c': BAD, 'z.c': BAD };

  test('one that dies on a file takes only this file along', async () => {
    const dist = withWorker(
      "parentPort.on('message', (items) => { if (items.some(({ path }) => path.endsWith('special.c'))) process.exit(3); });",
    );
    const cwd = temporaryFolder(files);
    const { code, stdout, stderr } = await checkClear(['--jobs', '2', '--format', 'json'], { cwd, dist });
    const report = JSON.parse(stdout);
    assert.deepEqual(
      report.findings.map((finding: { file: string }) => finding.file),
      ['a.c', 'b.c', 'y.c', 'z.c'],
    );
    assert.deepEqual(report.gaps, { 'worker died': 1 });
    assert.match(stderr, /^gfp-lens: special\.c: not analysed, the analysis died twice \(exit code 3\)$/m);
    assert.equal(code, 1);
  });

  test('that never answer make a failure, said once and not for each file', async () => {
    const dist = withWorker('process.exit(3);');
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${i}.c`, BAD]));
    const { code, stdout, stderr } = await checkClear(['--jobs', '2'], { cwd: temporaryFolder({ 'padding.c': PADDING, ...many }), dist });
    assert.equal(code, 2);
    assert.doesNotMatch(stdout, /warning|error/);
    const lines = stderr.trim().split('\n');
    assert.equal(lines.filter((line) => /: not analysed, the analysis died twice \(exit code 3\)$/.test(line)).length, 20);
    assert.equal(lines.at(-1), 'gfp-lens: 41 more files not analysed for the same reason');
  });

  test('an interrupt stops them, prints what was found, and says how far it came', async () => {
    const cwd = temporaryFolder(files);
    const mark = join(cwd, 'reached');
    const dist = withWorker(`parentPort.on('message', (items) => {
      if (!items.some(({ path }) => path.endsWith('special.c'))) return;
      require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');
      for (;;);
    });`);
    const { code, stderr } = await checkClear(['--jobs', '2'], {
      cwd,
      dist,
      started: signalWhen(() => existsSync(mark), 'SIGINT'),
    });
    assert.equal(code, 130);
    assert.match(stderr, /^gfp-lens: interrupted after \d of 6 files$/m);
  });
});

test('mcp says when its program is missing', async () => {
  const dist = temporaryFolder();
  for (const file of ['cli.js', 'programs.js']) cpSync(join(DIST, file), join(dist, file));
  const { code, stderr } = await runCli(['mcp'], { dist });
  assert.equal(code, 2);
  assert.match(stderr, /^gfp-lens: .* is missing .*\n$/);
});

/** Runs the program without root's rights, from a copy that everybody may read. */
function asOrdinaryUser(cwd: string): CliOptions {
  if (process.getuid?.() !== 0) return { cwd };
  const dist = temporaryFolder();
  cpSync(DIST, dist, { recursive: true });
  chmodSync(dist, 0o755);
  chmodSync(cwd, 0o755);
  return { cwd, dist, uid: NOBODY };
}

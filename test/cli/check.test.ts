import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { BAD, FIXABLE, GOOD, KERNEL_MAKEFILE, PADDING, runCli, temporaryFolder } from './runCli';

interface Report {
  readonly tool: { readonly name: string; readonly version: string };
  readonly kernel: string;
  readonly root: string;
  readonly files: number;
  readonly findings: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly rule: string;
    readonly severity: string;
    readonly function: string | null;
    readonly callee: string | null;
    readonly fingerprint: string;
  }[];
  readonly gaps: Readonly<Record<string, number>>;
  readonly stats: Readonly<Record<string, unknown>>;
}

async function jsonOf(args: readonly string[], cwd?: string): Promise<Report> {
  const { stdout, stderr } = await runCli(['check', '--format', 'json', ...args], cwd === undefined ? {} : { cwd });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

describe('gfp-lens check', () => {
  test('nothing found: exit code 0, silence on stdout, a summary on stderr', async () => {
    const cwd = temporaryFolder({ 'good.c': GOOD });
    const { code, stdout, stderr } = await runCli(['check'], { cwd });
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /^gfp-lens: nothing found \(1 file read, kernel \d+\.\d+.*\)\n$/);
  });

  test('a finding: exit code 1, a gcc style line with a path relative to the current folder', async () => {
    const cwd = temporaryFolder({ 'a/bad.c': BAD, 'b/good.c': GOOD });
    const { code, stdout } = await runCli(['check', '..'], { cwd: join(cwd, 'b') });
    assert.equal(code, 1);
    const [head, source, marks] = stdout.split('\n');
    assert.match(head!, /^\.\.\/a\/bad\.c:5:\d+: error: .* \[zone-conflict\]$/);
    assert.match(source!, /^ {4}5 \| {9}return alloc_pages\(/);
    assert.match(marks!, /^ {6}\| +\^~+$/);
  });

  test('the JSON object: files relative to the root of the kernel tree, its release', async () => {
    const tree = temporaryFolder({ Makefile: KERNEL_MAKEFILE, 'drivers/net/bad.c': BAD, 'drivers/net/Makefile': 'obj-y += bad.o\n' });
    const report = await jsonOf([join(tree, 'drivers')]);
    assert.equal(report.tool.name, 'gfp-lens');
    assert.deepEqual([report.kernel, report.root, report.files], ['6.1.7', tree, 1]);
    const [finding] = report.findings;
    assert.deepEqual([finding!.file, finding!.line, finding!.rule, finding!.severity], ['drivers/net/bad.c', 5, 'zone-conflict', 'error']);
    assert.deepEqual([finding!.function, finding!.callee], ['get', 'alloc_pages']);
    assert.match(finding!.fingerprint, /^[0-9a-f]{16}$/);
    assert.equal(report.stats.analysed, 1);
  });

  test('columns count UTF-16 units', async () => {
    const cwd = temporaryFolder({ 'a.c': BAD.replace('\treturn', '\t/* ä€🙂 */ return'), 'b.c': BAD });
    const [a, b] = (await jsonOf(['.'], cwd)).findings;
    assert.equal(a!.column, b!.column + '/* ä€🙂 */ '.length);
  });

  test('--kernel and --tree decide the release; --kernel wins', async () => {
    const tree = temporaryFolder({ Makefile: KERNEL_MAKEFILE });
    const cwd = temporaryFolder({ 'good.c': GOOD });
    assert.equal((await jsonOf(['--tree', tree, 'good.c'], cwd)).kernel, '6.1.7');
    assert.equal((await jsonOf(['--tree', tree, '--kernel', '5.10', 'good.c'], cwd)).kernel, '5.10');
  });

  test('one thread and several find the same, in the same order', async () => {
    const files: Record<string, string> = { 'padding.c': PADDING };
    for (let i = 0; i < 40; i++) files[`d${i % 7}/f${i}.c`] = i % 3 === 0 ? GOOD : BAD;
    const cwd = temporaryFolder(files);
    const one = await jsonOf(['--jobs', '1'], cwd);
    const three = await jsonOf(['--jobs', '3'], cwd);
    assert.deepEqual([one.stats.jobs, three.stats.jobs], [1, 3]);
    assert.ok(one.findings.length > 20);
    assert.deepEqual(three.findings, one.findings);
    assert.deepEqual([three.files, three.gaps], [one.files, one.gaps]);
  });

  test('folders: only .c and .h; no hidden folders, links, or what a build writes', async () => {
    const cwd = temporaryFolder({
      'x.c': BAD,
      'x.h': BAD,
      'x.mod.c': BAD,
      'x.txt': BAD,
      '.git/x.c': BAD,
      'include/generated/x.h': BAD,
      'generated/y.c': BAD,
    });
    mkdirSync(join(cwd, 'real'));
    symlinkSync(join(cwd, 'generated'), join(cwd, 'real', 'folder'));
    symlinkSync(join(cwd, 'x.c'), join(cwd, 'link.c'));
    assert.deepEqual((await jsonOf(['.'], cwd)).findings.map((finding) => finding.file).sort(), ['generated/y.c', 'x.c', 'x.h']);
  });

  test('a file that is named is checked whatever its name, and once', async () => {
    const cwd = temporaryFolder({ 'x.txt': BAD });
    assert.equal((await jsonOf(['x.txt', './x.txt'], cwd)).findings.length, 1);
  });

  test('--rule chooses rules, --min-severity hides the lesser ones', async () => {
    const cwd = temporaryFolder({ 'bad.c': BAD });
    assert.equal((await jsonOf(['--rule', 'logical-mask,removed-flag'], cwd)).findings.length, 0);
    assert.equal((await jsonOf(['--rule', 'logical-mask', '--rule', 'zone-conflict'], cwd)).findings.length, 1);
    assert.equal((await jsonOf(['--min-severity', 'error'], cwd)).findings.length, 1);
  });

  test('a rule that is asked for by name shows its hints', async () => {
    const text = '#include <linux/slab.h>\nvoid *f(void)\n{\n\treturn kmalloc(8, GFP_KERNEL | __GFP_RECLAIM);\n}\n';
    const cwd = temporaryFolder({ 'hint.c': text });
    const found = async (...args: string[]): Promise<number> => (await jsonOf(args, cwd)).findings.length;
    assert.equal(await found(), 0);
    assert.equal(await found('--rule', 'redundant-flag'), 1);
    assert.equal(await found('--rule', 'redundant-flag', '--min-severity', 'info'), 0);
  });

  test('suppression comments silence, and are reported when nothing needs them', async () => {
    const cwd = temporaryFolder({
      'a.c': BAD.replace(', 0);', ', 0); /* gfp-lens: allow(zone-conflict) only on one board */'),
      'b.c': GOOD.replace(', 0);', ', 0); /* gfp-lens: allow(zone-conflict) only on one board */'),
    });
    assert.deepEqual(
      (await jsonOf([], cwd)).findings.map(({ file, rule }) => [file, rule]),
      [['b.c', 'unused-suppression']],
    );
  });

  test('--stats prints counts to stderr', async () => {
    const cwd = temporaryFolder({ 'bad.c': BAD });
    const { stderr } = await runCli(['check', '--stats'], { cwd });
    assert.match(stderr, /files read +1\n/);
    assert.match(stderr, /rule: zone-conflict +1\n/);
  });

  test('colours: none in a pipe, forced by FORCE_COLOR, never with NO_COLOR', async () => {
    const cwd = temporaryFolder({ 'bad.c': BAD });
    const coloured = async (env: Record<string, string>): Promise<boolean> =>
      (await runCli(['check'], { cwd, env })).stdout.includes('\x1b[');
    assert.deepEqual(
      [await coloured({}), await coloured({ FORCE_COLOR: '1' }), await coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })],
      [false, true, false],
    );
  });
});

describe('a baseline', () => {
  test('hides what it records and nothing else, also when lines move', async () => {
    const cwd = temporaryFolder({ 'bad.c': BAD });
    const update = await runCli(['check', '--baseline', 'known.json', '--update-baseline'], { cwd });
    assert.deepEqual([update.code, update.stdout], [0, '']);
    const moved = temporaryFolder({
      'bad.c': `/* moved */\n${BAD}\nstruct page *other(void)\n{\n\treturn alloc_page(GFP_DMA | __GFP_HIGHMEM);\n}\n`,
    });
    const report = await jsonOf(['--baseline', join(cwd, 'known.json')], moved);
    assert.deepEqual(
      report.findings.map((finding) => finding.function),
      ['other'],
    );
  });

  test('that is missing or no baseline is a usage error', async () => {
    const cwd = temporaryFolder({ 'bad.c': BAD, 'known.json': '{"findings": 3}' });
    for (const file of ['nowhere.json', 'known.json', 'bad.c']) {
      const { code, stderr } = await runCli(['check', '--baseline', file], { cwd });
      assert.equal(code, 2);
      assert.match(stderr, /^gfp-lens: --baseline .+: .+\n$/);
    }
    assert.equal((await runCli(['check', '--update-baseline'], { cwd })).code, 2);
  });
});

describe('gfp-lens rules', () => {
  test('lists all, and prints the page of one', async () => {
    const list = await runCli(['rules']);
    assert.equal(list.code, 0);
    assert.match(list.stdout, /^zone-conflict +error /m);
    const page = await runCli(['rules', 'zone-conflict']);
    assert.equal(page.code, 0);
    assert.match(page.stdout, /^zone-conflict\n/);
    assert.match(page.stdout, /^When it stays silent$/m);
    assert.ok(!page.stdout.includes('```') && !page.stdout.includes('## '));
  });

  test('an unknown rule is a usage error', async () => {
    const { code, stdout, stderr } = await runCli(['rules', 'no-such-rule']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^gfp-lens: there is no rule "no-such-rule".*\n$/);
  });
});

test('a fix that would not help is not offered: clean code is left alone', async () => {
  const cwd = temporaryFolder({ 'good.c': GOOD, 'fixable.c': FIXABLE });
  const { stdout } = await runCli(['check', '--fix-dry-run', 'good.c'], { cwd });
  assert.equal(stdout, '');
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import Ajv from 'ajv';
import { BAD, type CliResult, KERNEL_MAKEFILE, runCli, temporaryFolder } from './runCli';

const SCHEMA = JSON.parse(readFileSync(join(__dirname, '..', '..', 'schemas', 'gfp-lens.schema.json'), 'utf8'));
const matchesSchema = new Ajv({ strict: false }).compile(SCHEMA);

function tree(project: unknown, files: Readonly<Record<string, string>> = { 'drivers/a.c': BAD }): string {
  const text = typeof project === 'string' ? project : JSON.stringify(project);
  return temporaryFolder({ Makefile: KERNEL_MAKEFILE, '.gfp-lens.json': text, ...files });
}

const check = (cwd: string, ...args: readonly string[]): Promise<CliResult> => runCli(['check', ...args], { cwd });
const heads = ({ stdout }: CliResult): readonly string[] =>
  [...stdout.matchAll(/^\S+:\d+: .*\]$/gm)].map(([line]) => line.replace(/:\d+: (\w+):.*\[/, ' $1 ['));

describe('.gfp-lens.json at the root of the tree', () => {
  test('severities of rules, also from a folder below', async () => {
    const root = tree({ rules: { 'zone-conflict': 'warning' } });
    assert.deepEqual(heads(await check(join(root, 'drivers'))), ['a.c:5 warning [zone-conflict]']);
    assert.deepEqual(heads(await check(root, '--no-project')), ['drivers/a.c:5 error [zone-conflict]']);
  });

  test('folders: the nearest one decides on top of the rules; "off" leaves files out, also from the exit code', async () => {
    const project = {
      rules: { 'zone-conflict': 'warning' },
      folders: { drivers: { 'zone-conflict': 'info' }, './drivers/net/': { 'zone-conflict': 'error' }, tools: 'off', 'tools/keep': {} },
    };
    const files = {
      'a.c': BAD,
      'drivers/b.c': BAD,
      'drivers/net/c.c': BAD,
      'drivers/network/d.c': BAD,
      'tools/e.c': BAD,
      'tools/keep/f.c': BAD,
    };
    assert.deepEqual(heads(await check(tree(project, files))), [
      'a.c:5 warning [zone-conflict]',
      'drivers/b.c:5 info [zone-conflict]',
      'drivers/net/c.c:5 error [zone-conflict]',
      'drivers/network/d.c:5 info [zone-conflict]',
    ]);
    const off = await check(tree({ folders: { drivers: 'off' } }));
    assert.deepEqual([off.code, off.stdout], [0, '']);
  });

  test('release, configuration and baseline; options go before', async () => {
    const root = tree('{ // comments are fine\n "kernel": "5.10", "config": "my/config", "baseline": "known.json", "possible": true, }', {
      'drivers/a.c': BAD,
      'my/config': 'CONFIG_MMU=y\n',
    });
    const json = async (...args: readonly string[]): Promise<{ kernel: string; findings: readonly object[] }> =>
      JSON.parse((await check(root, '--format', 'json', ...args)).stdout);
    assert.equal((await json()).kernel, '5.10');
    assert.equal((await json('--kernel', '6.6')).kernel, '6.6');
    assert.equal((await json()).findings.length, 1, 'a baseline that is not there yet knows nothing');
    assert.match((await check(root, '--update-baseline')).stderr, /1 finding written to .*known\.json/);
    assert.equal((await json()).findings.length, 0);
    assert.equal((await json('--no-project')).findings.length, 1);
  });

  test('sources of a module outside of any tree name theirs', async () => {
    const kernel = temporaryFolder({ Makefile: KERNEL_MAKEFILE.replace('PATCHLEVEL = 1', 'PATCHLEVEL = 6') });
    const module = temporaryFolder({
      '.gfp-lens.json': JSON.stringify({ tree: kernel, folders: { src: { 'zone-conflict': 'warning' } } }),
      'src/a.c': BAD,
    });
    const { stdout } = await check(join(module, 'src'), '--format', 'json');
    const report = JSON.parse(stdout);
    assert.deepEqual([report.kernel, report.findings[0].severity], ['6.6.7', 'warning']);
    const wrong = temporaryFolder({ '.gfp-lens.json': '{"tree": "nowhere"}', 'a.c': BAD });
    assert.match((await check(wrong)).stderr, /^gfp-lens: \.gfp-lens\.json: "tree" .*nowhere: no such file or folder$/m);
  });
});

describe('mistakes in .gfp-lens.json', () => {
  const cases: Readonly<Record<string, readonly [string, RegExp]>> = {
    'not JSON': ['{\n  "kernel": }', /json:2:13: Unexpected token RBrace$/m],
    'not an object': ['[]', /json:1:1: the file has to be an object/],
    'an unknown member': ['{"rule": {}}', /json:1:2: there is no member "rule" \(did you mean "rules"\?\)/],
    'an unknown rule': [
      '{"rules": {\n"zone-conflit": "off"}}',
      /json:2:1: there is no rule "zone-conflit" \(did you mean "zone-conflict"\?\)/,
    ],
    'an unknown severity': ['{"rules": {"zone-conflict": "fatal"}}', /json:1:29: a severity is one of "error", "warning"/],
    'no release': ['{"kernel": "six"}', /json:1:12: "six": is not a kernel release/],
    'a number for a path': ['{"baseline": 7}', /json:1:14: a text in double quotes is wanted/],
    'an empty path': ['{"baseline": ""}', /json:1:14: the path is empty/],
    'a text for a switch': ['{"possible": "yes"}', /json:1:14: true or false/],
    'a folder elsewhere': ['{"folders": {"../x": {}}}', /json:1:14: "\.\.\/x": give a folder below/],
    'a number for a folder': ['{"folders": {"x": 1}}', /json:1:19: give "off", or severities/],
    'a rule of a folder': ['{"folders": {"x": {"y": "off"}}}', /json:1:20: there is no rule "y"/],
  };
  for (const [name, [text, message]] of Object.entries(cases)) {
    test(`${name}: line and column, exit code 2, and the schema sees it too`, async () => {
      const { code, stdout, stderr } = await check(tree(text));
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
      assert.match(stderr, /nothing is checked before \.gfp-lens\.json is right/);
      if (name !== 'not JSON') assert.equal(matchesSchema(JSON.parse(text)), false);
    });
  }

  test('what the file names: a configuration that is none, a baseline that is none', async () => {
    const { stderr } = await check(tree('{\n"config": "Makefile",\n"baseline": "Makefile",\n"kernel": "2.4"}'));
    assert.match(stderr, /json:2:11: Makefile cannot be read, or is not a kernel configuration/);
    assert.match(stderr, /json:3:13: Makefile is not a baseline/);
    assert.match(stderr, /json:4:11: "2\.4": /);
    assert.match((await check(tree('{"possible": true, "possible": false}'))).stderr, /json:1:20: "possible" is there twice/);
  });

  test('the example of the documentation is right', async () => {
    const page = readFileSync(join(__dirname, '..', '..', 'docs', 'cli.md'), 'utf8');
    const example = /### \.gfp-lens\.json[\s\S]*?```json\n([\s\S]*?)```/.exec(page)![1]!;
    assert.ok(matchesSchema(JSON.parse(example)));
    const root = tree(example, { 'arch/arm64/configs/board.config': 'CONFIG_MMU=y\n', 'tools/a.c': BAD });
    assert.deepEqual([(await check(root)).code, (await check(root)).stderr], [0, 'gfp-lens: nothing found (1 file read, kernel 6.12)\n']);
  });

  test('the schema takes what is right', () => {
    for (const text of [
      '{}',
      '{"$schema":"x","kernel":"6.12.3","folders":{"a/b":"off","c":{"zone-conflict":"hint"},"./d/":{}}}',
      '{"tree":"../linux"}',
    ])
      assert.ok(matchesSchema(JSON.parse(text)), text);
  });
});

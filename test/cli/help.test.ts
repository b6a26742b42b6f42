import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { partsOf } from '../../server/src/cli/commandRow';
import { COMMANDS } from '../../server/src/cli/commandTable';
import { completionScript } from '../../server/src/cli/completion';
import { rules } from '../../server/src/rules/registry';
import { missing } from '../support/programs';
import { runCli, temporaryFolder } from './runCli';

const PAGE = join(__dirname, '..', '..', 'docs', 'gfp-lens.1');

describe('help', () => {
  test('the first page: every command, examples, exit codes, at most 80 columns in the text', async () => {
    const { code, stdout, stderr } = await runCli(['--help']);
    assert.deepEqual([code, stderr], [0, '']);
    const words = stdout.replace(/\s+/g, ' ');
    for (const { name, summary } of COMMANDS) assert.ok(words.includes(` ${name} `) && words.includes(` ${summary} `), name);
    assert.match(stdout, /^Examples:\n {2}\$ gfp-lens /m);
    assert.match(stdout, /^ {4}2 {2}wrong usage/m);
    assert.deepEqual(
      stdout.split('\n').filter((line) => line.length > 80),
      [],
    );
  });

  test('the page of each command: its options and an example', async () => {
    for (const { name, options, examples } of COMMANDS) {
      const { code, stdout } = await runCli([name, '--help']);
      assert.equal(code, 0);
      for (const { flags } of options) assert.ok(stdout.includes(`  ${flags}`), `${name} ${flags}`);
      for (const { command } of examples) assert.ok(stdout.includes(`  $ ${command}\n`), command);
    }
  });

  test('wrong usage: one line, exit code 2', async () => {
    for (const args of [['chek'], ['check', '--fxi'], ['completion', 'tcsh'], ['check', '--format', 'xml']]) {
      const { code, stderr } = await runCli(args);
      assert.equal(code, 2);
      assert.match(stderr, /^gfp-lens: /);
    }
  });
});

describe('the manual page', () => {
  test('names every option of every command', () => {
    const page = readFileSync(PAGE, 'utf8').replaceAll('\\-', '-');
    for (const { name, options } of COMMANDS) {
      assert.ok(page.includes(`.SS ${name}\n`));
      for (const option of options) assert.ok(page.includes(`.BR ${partsOf(option).name}`), option.flags);
    }
  });

  test('reads without a warning', { skip: missing('mandoc') }, () => {
    const { stdout, stderr } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', PAGE], { encoding: 'utf8' });
    // Without a date the page is the same on every day that it is made.
    assert.deepEqual(
      `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !line.includes('missing date')),
      [],
    );
  });
});

describe('completion', () => {
  /** What bash offers for the last word. */
  function bash(cwd: string, ...words: readonly string[]): readonly string[] {
    const quoted = ['gfp-lens', ...words].map((word) => `'${word}'`).join(' ');
    const script = `${completionScript('bash', COMMANDS)}
compopt() { :; }
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _gfp_lens; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd, encoding: 'utf8' });
    assert.equal(stderr, '');
    return stdout.split('\n').filter((line) => line !== '');
  }

  test('bash: commands, options, words, lists with commas, files', { skip: missing('bash') }, () => {
    const cwd = temporaryFolder({ 'a b.c': '', 'dir/x.c': '' });
    assert.deepEqual(bash(cwd, 'ch'), ['check']);
    assert.deepEqual(bash(cwd, 'check', '--fi'), ['--fix', '--fix-dry-run']);
    assert.deepEqual(bash(cwd, 'check', '--format', 'sa'), ['sarif']);
    assert.deepEqual(bash(cwd, 'check', '--rule', 'zone-conflict,sleep-in'), ['zone-conflict,sleep-in-atomic']);
    assert.deepEqual(bash(cwd, 'check', 'a'), ['a b.c']);
    assert.deepEqual(bash(cwd, 'check', '--tree', ''), ['dir']);
    assert.deepEqual(bash(cwd, 'rules', 'sleep'), ['sleep-in-atomic']);
    assert.deepEqual(bash(cwd, 'log', '--'), ['--tree', '--json', '--help']);
  });

  test('fish: the same', { skip: missing('fish') }, () => {
    const cwd = temporaryFolder({ 'a b.c': '', 'dir/x.c': '' });
    const fish = (line: string): readonly string[] => {
      const script = `${completionScript('fish', COMMANDS)}\ncomplete -C '${line}'`;
      const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, HOME: cwd },
      });
      assert.equal(stderr, '');
      return stdout.split('\n').flatMap((word) => (word === '' ? [] : [word.split('\t')[0]!]));
    };
    assert.deepEqual(fish('gfp-lens ch'), ['check']);
    assert.deepEqual(fish('gfp-lens check --fi'), ['--fix', '--fix-dry-run']);
    assert.deepEqual(fish('gfp-lens check --format sa'), ['sarif']);
    assert.deepEqual(fish('gfp-lens check --rule zone-conflict,sleep-in'), ['zone-conflict,sleep-in-atomic']);
    assert.deepEqual(fish('gfp-lens check a'), ['a b.c']);
    assert.deepEqual(fish('gfp-lens rules sleep'), ['sleep-in-atomic']);
    assert.equal(fish('gfp-lens rules ').length, rules.length);
  });

  test('zsh: the same', { skip: missing('zsh') }, () => {
    const cwd = temporaryFolder({ 'a b.c': '', 'dir/x.c': '' });
    const zsh = (line: string): string => {
      const { stdout, stderr } = spawnSync('zsh', ['-f', join(__dirname, 'zshComplete.zsh'), line], {
        cwd,
        encoding: 'utf8',
        input: completionScript('zsh', COMMANDS),
        env: { ...process.env, HOME: cwd, TERM: 'vt100' },
      });
      assert.equal(stderr, '');
      return stdout.trim();
    };
    assert.equal(zsh('gfp-lens ch'), 'gfp-lens check');
    assert.equal(zsh('gfp-lens check --update'), 'gfp-lens check --update-baseline');
    assert.equal(zsh('gfp-lens check --format sa'), 'gfp-lens check --format sarif');
    // zsh takes the comma back when no further word follows.
    assert.equal(zsh('gfp-lens check --rule zone-conflict,sleep-in'), 'gfp-lens check --rule zone-conflict,sleep-in-atomic,');
    assert.equal(zsh('gfp-lens check a'), 'gfp-lens check a\\ b.c');
    assert.equal(zsh('gfp-lens rules sleep'), 'gfp-lens rules sleep-in-atomic');
  });
});

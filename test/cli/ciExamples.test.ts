import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { GitTree, LOCKED, PLAIN } from './gitTree';
import { addFiles, BAD, DIST, temporaryFolder } from './runCli';

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'ci.md'), 'utf8');

/** The nth code block of a section of docs/ci.md. */
function example(section: string, language: string, index = 0): string {
  const text = PAGE.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))][index]![1]!;
}

interface Step {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A checkout of a branch that brings one mistake into a tree that has another, as a runner sees it: its own home, the tools of an image. */
class Checkout {
  readonly folder: string;
  private readonly home = temporaryFolder();

  constructor() {
    const origin = new GitTree({ 'drivers/a.c': PLAIN, 'old.c': BAD });
    origin.git('checkout', '-q', '-b', 'topic');
    origin.commit('take the lock', { 'drivers/a.c': LOCKED });
    origin.git('checkout', '-q', 'main');
    origin.commit('elsewhere', { 'other.c': BAD });
    this.folder = join(this.home, 'work');
    origin.git('clone', '-q', '--branch', 'topic', origin.root, this.folder);
    addFiles(this.home, {
      'bin/gfp-lens': `#!/bin/sh\nexec "${process.execPath}" "${DIST}/cli.js" "$@"\n`,
      // The package comes from the build under test; anything else must not be asked for.
      'bin/npm': '#!/bin/sh\n[ "$*" = "install --global gfp-lens" ]\n',
      'bin/b4': `#!/bin/sh\n[ "$*" = "am -o - some@message.id" ] && exec git -C "${origin.root}" format-patch --stdout -1 topic\n`,
    });
    for (const name of ['gfp-lens', 'npm', 'b4']) chmodSync(join(this.home, 'bin', name), 0o755);
  }

  run(command: string, env: Readonly<Record<string, string>> = {}): Step {
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', command], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { PATH: `${join(this.home, 'bin')}:${process.env.PATH}`, HOME: this.home, GIT_CONFIG_SYSTEM: '/dev/null', ...env },
    });
    return { code: status, stdout, stderr };
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}

describe('the examples of docs/ci.md', () => {
  test('GitHub: the branch is annotated and fails, the log for code scanning holds the whole tree', () => {
    const checkout = new Checkout();
    const { steps } = parse(example('GitHub', 'yaml')).jobs['gfp-lens'] as { steps: readonly { readonly run?: string }[] };
    const [install, annotate, scan] = steps.flatMap((step) => step.run ?? []);
    const env = { GITHUB_BASE_REF: 'main', GITHUB_WORKSPACE: checkout.folder };
    assert.equal(checkout.run(install!, env).code, 0);
    const annotated = checkout.run(annotate!, env);
    assert.equal(annotated.code, 1);
    assert.match(annotated.stdout, /^::error file=drivers\/a\.c,line=7,[^\n]*sleep-in-atomic::[^\n]*\n$/);
    assert.equal(checkout.run(scan!, env).code, 0);
    const rules = JSON.parse(checkout.read('gfp-lens.sarif')).runs[0].results.map((one: { ruleId: string }) => one.ruleId);
    assert.deepEqual(rules, ['sleep-in-atomic', 'zone-conflict', 'zone-conflict']);
  });

  test('GitLab: the report holds what the branch brings in, the last step fails', () => {
    const checkout = new Checkout();
    const file = parse(example('GitLab', 'yaml'));
    const env = { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main', TO_CODE_QUALITY: file.variables.TO_CODE_QUALITY };
    const script = file['gfp-lens'].script as readonly string[];
    const codes = script.map((command) => checkout.run(command, env).code);
    assert.deepEqual(codes, [...script.slice(1).map(() => 0), 1]);
    const [report, ...more] = JSON.parse(checkout.read(file['gfp-lens'].artifacts.reports.codequality));
    assert.deepEqual(
      [report.check_name, report.severity, report.location, more],
      ['sleep-in-atomic', 'critical', { path: 'drivers/a.c', lines: { begin: 7, end: 7 } }, []],
    );
    assert.match(report.fingerprint, /^[0-9a-f]{16}$/);
  });

  test('a series from the list, and a hook before a push', () => {
    const checkout = new Checkout();
    checkout.run('git checkout -q main');
    const mail = checkout.run(example('Patches from a mailing list', 'sh'), { MESSAGE_ID: 'some@message.id' });
    assert.deepEqual([mail.code, /^drivers\/a\.c:7:\d+: error: /m.test(mail.stdout)], [1, true], mail.stderr);
    const hook = example('Patches from a mailing list', 'sh', 1);
    assert.equal(checkout.run(hook).code, 0);
    checkout.run('git checkout -q topic; git branch -q --set-upstream-to=origin/main');
    assert.equal(checkout.run(hook).code, 1);
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { missing } from '../support/programs';
import { BAD, GOOD, KERNEL_MAKEFILE, runCli, temporaryFolder } from './runCli';

/** What a stranger's tree may bring along so that somebody who only looks at it runs something. */
describe('a hostile repository', { skip: missing('git') }, () => {
  const PAYLOADS = ['fsmonitor', 'external', 'textconv', 'clean', 'process', 'hook', 'pager', 'shell', 'program', 'preload'];

  function repository(): { readonly root: string; readonly marks: readonly string[] } {
    const root = temporaryFolder({ Makefile: `${KERNEL_MAKEFILE}X := $(shell touch MARK.shell)\n`, Kbuild: '', 'fs/a.c': GOOD });
    const git = (...args: string[]): void => void execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
    git('init', '-q');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'a');
    const mark = (name: string): string => join(root, `MARK.${name}`);
    const script = (name: string): string => {
      const path = join(root, `${name}.sh`);
      writeFileSync(path, `#!/bin/sh\ntouch '${mark(name)}'\ncat\n`);
      chmodSync(path, 0o755);
      return path;
    };
    appendFileSync(
      join(root, '.git', 'config'),
      `[core]\n\tfsmonitor = ${script('fsmonitor')}\n\tpager = ${script('pager')}\n[diff]\n\texternal = ${script('external')}\n` +
        `[diff "c"]\n\ttextconv = ${script('textconv')}\n[filter "c"]\n\tclean = ${script('clean')}\n[filter "d"]\n\tprocess = ${script('process')}\n\trequired = true\n`,
    );
    writeFileSync(join(root, '.gitattributes'), '*.c diff=c filter=c\n*.h filter=d\n');
    const hook = script('hook');
    mkdirSync(join(root, '.git', 'hooks'), { recursive: true });
    for (const name of ['post-index-change', 'pre-commit', 'post-checkout']) {
      writeFileSync(join(root, '.git', 'hooks', name), `#!/bin/sh\nexec '${hook}' </dev/null\n`);
      chmodSync(join(root, '.git', 'hooks', name), 0o755);
    }
    // Programs that lie in the folder itself, and files that other tools run.
    for (const name of ['git', 'xz', 'node']) {
      writeFileSync(join(root, name), `#!/bin/sh\ntouch '${mark('program')}'\n`);
      chmodSync(join(root, name), 0o755);
    }
    writeFileSync(join(root, '.gfp-lens.json'), '{ "config": "|touch MARK.shell", "baseline": "$(touch MARK.shell)" }');
    writeFileSync(join(root, 'package.json'), `{ "main": "${script('preload')}", "scripts": { "preinstall": "touch MARK.shell" } }`);
    writeFileSync(join(root, 'fs', 'a.c'), BAD);
    writeFileSync(join(root, 'fs', 'b.h'), BAD);
    return { root, marks: PAYLOADS.map(mark) };
  }

  for (const args of [
    ['check', '.'],
    ['check', '--no-project', '--diff', 'HEAD', '.'],
    ['check', '--no-project', '--fix-dry-run', '.'],
    ['log', 'fs/a.c'],
  ]) {
    test(`${args.join(' ')} runs nothing of it`, async () => {
      const { root, marks } = repository();
      const { stderr } = await runCli(args, { cwd: root });
      assert.deepEqual(
        marks.filter((path) => existsSync(path)),
        [],
        stderr,
      );
    });
  }

  test('--diff still tells what changed', async () => {
    const { root } = repository();
    const { code, stdout } = await runCli(['check', '--no-project', '--diff', 'HEAD', '.'], { cwd: root });
    assert.equal(code, 1);
    assert.match(stdout, /^fs\/a\.c:5:.*zone-conflict/m);
  });

  test('a revision that looks like an option is none', async () => {
    const { root } = repository();
    for (const revision of ['--output=MARK.shell', '--ext-diff', '-O/dev/null', 'HEAD --output=MARK.shell']) {
      const { code } = await runCli(['check', '--no-project', `--diff=${revision}`, '.'], { cwd: root });
      assert.equal(code, 2, revision);
    }
    assert.ok(!existsSync(join(root, 'MARK.shell')));
  });
});

describe('nothing is read outside of the tree', () => {
  const secret = temporaryFolder({ 'secret.h': 'struct secret { char text[123456789]; };\n', 'secret.c': BAD });

  test('an #include that climbs out of it is not followed', async () => {
    const cwd = temporaryFolder({
      'tree/Makefile': KERNEL_MAKEFILE,
      'tree/Kbuild': '',
      'tree/fs/a.c':
        '#include "../../outside.h"\n#include <../../outside.h>\n#include "/outside.h"\n#include <linux/slab.h>\nvoid *f(void)\n{\n\treturn kmalloc(sizeof(struct outside), GFP_KERNEL);\n}\n',
      'outside.h': 'struct outside { char text[123456789]; };\n',
    });
    const { stdout } = await runCli(['check', '--possible', 'fs'], { cwd: join(cwd, 'tree') });
    assert.doesNotMatch(stdout, /order-too-large|123456789|117/);
    writeFileSync(join(cwd, 'tree/fs/outside.h'), 'struct outside { char text[123456789]; };\n');
    writeFileSync(
      join(cwd, 'tree/fs/a.c'),
      '#include "outside.h"\n#include <linux/slab.h>\nvoid *f(void)\n{\n\treturn kmalloc(sizeof(struct outside), GFP_KERNEL);\n}\n',
    );
    assert.match((await runCli(['check', 'fs'], { cwd: join(cwd, 'tree') })).stdout, /order-too-large/, 'a header within is followed');
  });

  test('a patch for files outside is refused', async () => {
    const cwd = temporaryFolder({ Makefile: KERNEL_MAKEFILE, Kbuild: '', 'fs/a.c': GOOD });
    const target = join(secret, 'secret.c');
    for (const name of [`../../../../../../../..${target}`, `b/..${target}`, 'fs/../../x.c', `/${target}`]) {
      const patch = `--- a/${name}\n+++ b/${name}\n@@ -1,1 +1,2 @@\n #include <linux/gfp.h>\n+int x;\n`;
      const { code, stdout, stderr } = await runCli(['check', '--patch', '-', '.'], { cwd, input: patch });
      assert.equal(code, 2, `${name}: ${stdout}`);
      assert.match(stderr, /outside of the tree|there is no/);
    }
  });

  test('a log that names files outside shows none of them', async () => {
    const cwd = temporaryFolder({ 'tree/Makefile': KERNEL_MAKEFILE, 'tree/Kbuild': '', 'tree/fs/a.c': GOOD });
    const trace = `a: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL)\nCPU: 0 PID: 1 Comm: a Not tainted 6.1.0 #1\nCall Trace:\n get (../../../../../../../..${join(secret, 'secret.c')}:5)\n`;
    const { stdout } = await runCli(['log', '--tree', 'tree', '-'], { cwd, input: trace });
    assert.doesNotMatch(stdout, /__GFP_HIGHMEM/);
  });
});

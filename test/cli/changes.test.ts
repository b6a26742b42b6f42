import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { GitTree, LOCKED, PLAIN, UNLOCK_GONE } from './gitTree';
import { BAD, type CliResult, GOOD, KERNEL_MAKEFILE, runCli, temporaryFolder } from './runCli';

/** `file:line rule` of every finding. */
function found({ stdout }: CliResult): readonly string[] {
  return [...stdout.matchAll(/^([^\s:][^:]*:\d+):\d+: (?:error|warning|info|hint): .*\[([a-z-]+)\]$/gm)].map(
    (match) => `${match[1]} ${match[2]}`,
  );
}

describe('check --diff', () => {
  test('only what is on changed lines: the mistake that was there before is not told again', async () => {
    const tree = new GitTree({ 'a.c': PLAIN, 'old.c': BAD });
    tree.write({ 'a.c': PLAIN.replace('kmalloc(8, GFP_KERNEL);\n\td->b', 'alloc_pages(GFP_DMA | __GFP_DMA32, 0);\n\td->b') });
    const result = await runCli(['check', '--diff', 'HEAD'], { cwd: tree.root });
    assert.deepEqual([found(result), result.code], [['a.c:6 zone-conflict'], 1]);
    assert.match(result.stderr, /\(1 file read/);
  });

  test('a lock that was added above an allocation nobody touched', async () => {
    const tree = new GitTree({ 'a.c': PLAIN });
    tree.write({ 'a.c': LOCKED });
    assert.deepEqual(found(await runCli(['check', '--diff', 'HEAD'], { cwd: tree.root })), ['a.c:7 sleep-in-atomic']);
  });

  test('an unlock that is gone', async () => {
    const tree = new GitTree({ 'a.c': PLAIN });
    tree.write({ 'a.c': UNLOCK_GONE });
    assert.deepEqual(found(await runCli(['check', '--diff', 'HEAD'], { cwd: tree.root })), ['a.c:15 sleep-in-atomic']);
  });

  test('commits, renames, names with blanks and umlauts; the branch point with REV...', async () => {
    const tree = new GitTree({ 'drivers/old name.c': PLAIN });
    tree.git('checkout', '-q', '-b', 'topic');
    tree.git('mv', 'drivers/old name.c', 'drivers/größe "x".c');
    tree.commit('rename', { 'drivers/größe "x".c': LOCKED });
    tree.git('checkout', '-q', 'main');
    tree.commit('elsewhere', { 'other.c': BAD });
    tree.git('checkout', '-q', 'topic');
    const result = await runCli(['check', '--diff', 'main...'], { cwd: tree.root });
    assert.deepEqual(found(result), ['drivers/größe "x".c:7 sleep-in-atomic']);
  });

  test('paths narrow it further; a tree below the top of the repository', async () => {
    const tree = new GitTree({ 'linux/Makefile': KERNEL_MAKEFILE, 'linux/a/x.c': GOOD, 'linux/b/y.c': GOOD });
    tree.write({ 'linux/a/x.c': BAD, 'linux/b/y.c': BAD });
    const cwd = join(tree.root, 'linux');
    assert.deepEqual(found(await runCli(['check', '--diff', 'HEAD', 'b'], { cwd })), ['b/y.c:5 zone-conflict']);
  });

  test('what git cannot do is said in one line', async () => {
    const tree = new GitTree({ 'a.c': GOOD });
    const cases: readonly (readonly [string, RegExp, string?])[] = [
      ['nowhere', /--diff nowhere: no such revision/],
      ['--output=x', /--diff --output=x: no such revision/],
      ['main..topic', /give one revision/],
      ['HEAD', /is not in a git repository/, temporaryFolder({ 'a.c': GOOD })],
    ];
    for (const [revision, message, cwd] of cases) {
      const { code, stderr } = await runCli(['check', `--diff=${revision}`], {
        cwd: cwd ?? tree.root,
        env: { GIT_CEILING_DIRECTORIES: '/tmp' },
      });
      assert.equal(code, 2, revision);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    }
  });
});

describe('check --patch', () => {
  /** A series of three: the cover letter, a lock, a new file, and the rename of a third with a mistake in it. */
  function series(): { tree: GitTree; mails: string } {
    const tree = new GitTree({ 'a.c': PLAIN, 'drivers/old.c': PLAIN });
    tree.commit('net: take the lock', { 'a.c': LOCKED });
    tree.commit('net: add a file', { 'new.c': BAD });
    tree.git('mv', 'drivers/old.c', 'drivers/new.c');
    tree.commit('net: rename', {
      'drivers/new.c': PLAIN.replace('d->b = 2', 'd->b = alloc_pages(GFP_DMA | __GFP_DMA32, 0)'),
      'a.c': `/* moved down */\n${LOCKED}`,
    });
    return { tree, mails: tree.mails('HEAD~3', '--cover-letter', '-M') };
  }
  const EXPECTED = ['a.c:8 sleep-in-atomic', 'drivers/new.c:7 zone-conflict', 'new.c:5 zone-conflict'];

  test('a mailbox that is not applied is checked as if it were; the tree stays as it is', async () => {
    const { tree, mails } = series();
    tree.git('checkout', '-q', 'HEAD~3');
    const result = await runCli(['check', '--patch', '-'], { cwd: tree.root, input: mails });
    assert.deepEqual([found(result), result.code], [EXPECTED, 1]);
    assert.match(result.stderr, /^gfp-lens: the 3 patches fit the tree: checked as if applied$/m);
    assert.match(result.stdout, /spin_lock/);
    assert.equal(tree.git('status', '--porcelain'), '');
  });

  test('the same on a tree that has it already, and on one that has its first mail', async () => {
    const { tree, mails } = series();
    const whole = await runCli(['check', '--patch', '-'], { cwd: tree.root, input: mails });
    assert.deepEqual(found(whole), EXPECTED);
    assert.match(whole.stderr, /the 3 patches are applied already: the tree is checked as it is/);
    tree.git('checkout', '-q', 'HEAD~2');
    const part = await runCli(['check', '--patch', '-'], { cwd: tree.root, input: mails });
    assert.deepEqual(found(part), EXPECTED);
    assert.match(part.stderr, /1 of the 3 patches are applied already/);
  });

  test('JSON names the lines of the patched text', async () => {
    const { tree, mails } = series();
    tree.git('checkout', '-q', 'HEAD~3');
    writeFileSync(join(tree.root, 'series.mbox'), mails);
    const { stdout } = await runCli(['check', '--format', 'json', '--patch', 'series.mbox'], { cwd: tree.root });
    assert.deepEqual(
      JSON.parse(stdout).findings.map((one: { file: string; line: number; rule: string }) => `${one.file}:${one.line} ${one.rule}`),
      EXPECTED,
    );
  });

  test('a patch that does not fit: which mail, file and hunk', async () => {
    const { tree, mails } = series();
    tree.git('checkout', '-q', 'HEAD~3');
    tree.write({ 'a.c': PLAIN.replace('d->b = 2', 'd->b = 3') });
    const { code, stdout, stderr } = await runCli(['check', '--patch', '-'], { cwd: tree.root, input: mails });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /^gfp-lens: --patch - does not fit the tree at .*: "\[PATCH 1\/3\] net: take the lock": a\.c, hunk \d of \d \(line \d+\) does not match$/m,
    );
    const missing = await runCli(['check', '--patch', '-'], { cwd: temporaryFolder({ Makefile: KERNEL_MAKEFILE }), input: mails });
    assert.match(missing.stderr, /there is no a\.c/);
  });

  test('mails as transports leave them: CRLF, quoted-printable, base64', async () => {
    const tree = new GitTree({ 'a.c': PLAIN });
    tree.commit('net: größer', { 'a.c': LOCKED.replace('d->a = 1', 'd->a = 1; /* = größer */') });
    const mail = tree.mails('HEAD~1');
    tree.git('checkout', '-q', 'HEAD~1');
    const [, head, body] = /^From .*\n([\s\S]*?)\n\n([\s\S]*)$/.exec(mail)!;
    const bare = head!.replace(/^(MIME-Version|Content-[^\n]*):[^\n]*\n?/gm, '').trimEnd();
    const quoted = body!
      .replace(/[=\x80-\xff]| $/gm, (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
      .replace(/^(.{70})/gm, '$1=\n');
    const forms: Readonly<Record<string, string>> = {
      crlf: mail.replace(/\n/g, '\r\n'),
      quoted: `${bare}\nContent-Transfer-Encoding: quoted-printable\n\n${quoted}`,
      base64: `${bare}\nContent-Transfer-Encoding: base64\n\n${Buffer.from(body!, 'latin1')
        .toString('base64')
        .replace(/(.{76})/g, '$1\n')}`,
      diff: tree.git('diff', 'HEAD', 'main'),
      'git apply --no-prefix aside': tree.git('diff', '--no-color', 'HEAD', 'main').replace(/^diff --git.*\n|^index.*\n/gm, ''),
    };
    for (const [name, text] of Object.entries(forms)) {
      writeFileSync(join(tree.root, 'p'), text, 'latin1');
      const result = await runCli(['check', '--patch', 'p'], { cwd: tree.root });
      assert.deepEqual(found(result), ['a.c:7 sleep-in-atomic'], `${name}: ${result.stderr}`);
    }
  });

  test('patches that are attached: as text or encoded, several in one mail, mails in mails', async () => {
    const { tree, mails } = series();
    tree.git('checkout', '-q', 'HEAD~3');
    const [, ...patches] = mails.split(/^(?=From [0-9a-f]{40} )/m);
    assert.equal(patches.length, 3);
    const part = (text: string, headers: string): string => `--=-b\n${headers}\n\n${text}\n`;
    const encoded = (text: string): string =>
      Buffer.from(text, 'latin1')
        .toString('base64')
        .replace(/(.{76})/g, '$1\n');
    const bodies = [
      part('Please have a look.\n\n-- \nA. Hacker', 'Content-Type: text/plain'),
      part('<p>Please <b>have a look</b>.</p>\n<pre>\ndiff --git a/a.c b/a.c\n</pre>', 'Content-Type: text/html'),
      part(
        patches[0]!,
        'Content-Type: text/x-patch; charset="UTF-8"; name="0001.patch"\nContent-Disposition: attachment; filename="0001.patch"',
      ),
      part(encoded(patches[1]!), 'Content-Type: application/octet-stream;\n name="0002.patch"\nContent-Transfer-Encoding: base64'),
      part(patches[2]!.replace(/^From .*\n/, ''), 'Content-Type: message/rfc822'),
    ];
    const mail = `From: A. Hacker <a@example.org>\nSubject: my series\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary="=-b"\n\nThis is MIME.\n${bodies.join('')}--=-b--\n`;
    for (const text of [
      mail,
      mail.replace(/\n/g, '\r\n'),
      `From mboxrd@z Thu Jan  1 00:00:00 1970\n${mail.replace(/^From (?=[0-9a-f]{40} )/gm, '>From ')}`,
    ]) {
      const result = await runCli(['check', '--patch', '-'], { cwd: tree.root, input: text });
      assert.deepEqual(
        [found(result), result.stderr.split('\n')[0]],
        [EXPECTED, 'gfp-lens: the 3 patches fit the tree: checked as if applied'],
      );
    }
    const none = await runCli(['check', '--patch', '-'], {
      cwd: tree.root,
      input: mail.replace(/--=-b\nContent-Type: (text\/x|app|mess)[\s\S]*$/, '--=-b--\n'),
    });
    assert.match(none.stderr, /holds no patch/);
  });

  test('a file with CRLF line ends', async () => {
    const tree = new GitTree({ 'a.c': PLAIN.replace(/\n/g, '\r\n') });
    tree.commit('lock', { 'a.c': LOCKED.replace(/\n/g, '\r\n') });
    const mail = tree.mails('HEAD~1');
    tree.git('checkout', '-q', 'HEAD~1');
    assert.deepEqual(found(await runCli(['check', '--patch', '-'], { cwd: tree.root, input: mail })), ['a.c:7 sleep-in-atomic']);
  });

  test('a patch that deletes a file, and one that touches no C', async () => {
    const tree = new GitTree({ 'a.c': BAD, README: 'x\n' });
    tree.remove('a.c');
    tree.commit('remove');
    tree.commit('words', { README: 'y\n' });
    const mails = tree.mails('HEAD~2');
    for (const revision of ['main', 'main~2']) {
      tree.git('checkout', '-q', revision);
      const { code, stdout } = await runCli(['check', '--patch', '-'], { cwd: tree.root, input: mails });
      assert.deepEqual([code, stdout], [0, ''], revision);
    }
  });

  test('a path that leads out of the tree is refused', async () => {
    const folder = temporaryFolder({ 'tree/Makefile': KERNEL_MAKEFILE, 'secret.c': GOOD });
    for (const path of ['../secret.c', `${folder}/secret.c`]) {
      const input = `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-#include <linux/gfp.h>\n+int x;\n`;
      const { code, stderr } = await runCli(['check', '--patch', '-'], { cwd: join(folder, 'tree'), input });
      assert.equal(code, 2);
      assert.match(stderr, /lies outside of the tree/);
    }
  });

  test('no patch, a damaged patch, a patch that is to be fixed before it is applied', async () => {
    const tree = new GitTree({ 'a.c': PLAIN });
    tree.commit('lock', { 'a.c': LOCKED });
    const mail = tree.mails('HEAD~1');
    tree.git('checkout', '-q', 'HEAD~1');
    const run = (input: string, ...args: string[]): Promise<CliResult> =>
      runCli(['check', '--patch', '-', ...args], { cwd: tree.root, input });
    const odd = mail
      .replace(/^Subject:.*/m, 'Subject: [PATCH] =?UTF-8?q?gr=C3=B6=C3=9Fer=20?=\n =?UTF-8?q?als?=')
      .replace(/^ \td->a = 1;/m, ' \td->a = 9;');
    assert.match((await run(odd)).stderr, /"\[PATCH\] größer als": a\.c, hunk/);
    assert.match((await run('hello\n')).stderr, /^gfp-lens: --patch -: holds no patch\n$/);
    assert.match((await run(mail.replace(/^@@ -\d+,\d+/m, '@@ -4,70'))).stderr, /is damaged: /);
    const fixing = await run(mail, '--fix');
    assert.deepEqual([fixing.code, /apply it first/.test(fixing.stderr)], [2, true]);
  });
});

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CancellationTokenSource, ProgressType, type WorkDoneProgressReport } from 'vscode-languageserver-protocol/node';
import { Client, KernelLikeTree, PULL } from './client';
import { QUIET, SLEEPS } from './sources';

interface CheckResult {
  report?: { title: string; html: string };
  files: number;
  findings: number;
  summary: string;
  cancelled?: boolean;
}

const progressType = new ProgressType<WorkDoneProgressReport & { kind: string }>();

describe('check', () => {
  const tree = new KernelLikeTree();
  let client: Client;
  before(async () => {
    tree.write('drivers/bad.c', SLEEPS);
    tree.write('drivers/deep/worse.c', SLEEPS.replaceAll('refill', 'fill'));
    tree.write('drivers/binary.c', new Uint8Array([0x7f, 0x45, 0, 0, 1]));
    tree.write('drivers/empty.c', '');
    tree.write('lib/quiet.c', QUIET);
    tree.write('lib/notes.txt', SLEEPS);
    client = await Client.start({ capabilities: PULL, root: tree.root });
  });
  after(async () => {
    await client.stop();
    tree.dispose();
  });

  const check = (kind: string, uri: string, workDoneToken?: string): Promise<CheckResult> =>
    client.connection.sendRequest('gfpLens/check', { kind, uri, ...(workDoneToken && { workDoneToken }) });

  test('a file: its findings are published', async () => {
    const uri = tree.uri('drivers/bad.c');
    const result = await check('file', uri);
    assert.deepEqual([result.files, result.findings, result.cancelled], [1, 1, undefined]);
    assert.match(result.summary, /1 {2}sleep-in-atomic/);
    const published = await client.until('publish', () => client.published.findLast((one) => one.uri === uri));
    assert.equal(published.diagnostics[0]!.code, 'sleep-in-atomic');
  });

  test('a folder: its report leads to every finding and every rule', async () => {
    tree.write('odd/<b>.c', SLEEPS);
    const { report } = await check('folder', tree.uri('odd'));
    assert.equal(report!.title, 'Check of odd');
    assert.match(report!.html, /<h1>Check of odd<\/h1><p class="where">1 file read, Linux 6\.1\.192/);
    assert.match(report!.html, /1 finding: 1 error\./);
    assert.match(report!.html, /<h2>odd\/&lt;b&gt;\.c<\/h2>/);
    const line = SLEEPS.split('\n').findIndex((text) => text.includes('GFP_KERNEL')) + 1;
    assert.ok(report!.html.includes(`data-uri="${tree.uri('odd/<b>.c')}" data-line="${line}"`));
    assert.ok(report!.html.includes('data-rule="sleep-in-atomic"'));
    rmSync(join(tree.root, 'odd'), { recursive: true });
    assert.match((await check('folder', tree.uri('lib'))).report!.html, /Nothing found/);
    assert.equal((await check('file', tree.uri('lib/quiet.c'))).report, undefined);
  });

  test('a folder: what one file does under a lock to the allocation of another', async () => {
    tree.write('fs/alloc.c', '#include <linux/slab.h>\nvoid *new_node(void)\n{\n\treturn kmalloc(8, GFP_KERNEL);\n}\n');
    tree.write(
      'fs/lock.c',
      '#include <linux/spinlock.h>\nvoid *add(struct t *t)\n{\n\tvoid *p;\n\n\tspin_lock(&t->lock);\n\tp = new_node();\n\tspin_unlock(&t->lock);\n\treturn p;\n}\n',
    );
    const result = await check('folder', tree.uri('fs'));
    assert.deepEqual([result.files, result.findings], [2, 1]);
    const uri = tree.uri('fs/alloc.c');
    const published = await client.until('publish', () =>
      client.published.findLast((one) => one.uri === uri && one.diagnostics.length > 0),
    );
    assert.match(String(published.diagnostics[0]!.message), /spinlock &t->lock is held in add\(\)/);
    assert.equal(published.diagnostics[0]!.relatedInformation?.[0]?.location.uri, tree.uri('fs/lock.c'));
    rmSync(join(tree.root, 'fs'), { recursive: true });
  });

  test('a folder: memory that one file allocates and another one frees', async () => {
    const header = '#include <linux/types.h>\nstruct shared {\n\tu32 *slots;\n\tvoid *page;\n};\n';
    const init = `#include <linux/slab.h>
#include "shared.h"
int shared_init(struct shared *shared)
{
	shared->page = vmalloc(4096);
	shared->slots = kcalloc(65536, sizeof(*shared->slots), GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	return shared->slots && shared->page ? 0 : -ENOMEM;
}
`;
    const exit = '#include "shared.h"\nvoid shared_exit(struct shared *shared)\n{\n\tkfree(shared->slots);\n\tkfree(shared->page);\n}\n';
    const folder = 'drivers/net/ethernet/shared';
    for (const [name, text] of Object.entries({ 'shared.h': header, 'init.c': init, 'exit.c': exit }))
      tree.write(`${folder}/${name}`, text);
    await check('folder', tree.uri(folder));
    const rules = (name: string): unknown =>
      client.published.findLast(({ uri }) => uri.endsWith(`/${name}`))?.diagnostics.map(({ code }) => code);
    assert.deepEqual([rules('init.c'), rules('exit.c')], [['prefer-kvmalloc'], ['free-mismatch']]);
    rmSync(join(tree.root, folder), { recursive: true });
  });

  test('a folder: C files below it, with progress', async () => {
    const kinds: string[] = [];
    const listening = client.connection.onProgress(progressType, 'folder', (value) => {
      kinds.push(value.kind);
    });
    const result = await check('folder', tree.uri('drivers'), 'folder');
    listening.dispose();
    assert.equal(result.findings, 2);
    assert.equal(kinds[0], 'begin');
    assert.equal(kinds.at(-1), 'end');
  });

  test('the tree: from its root, wherever the file is', async () => {
    const result = await check('tree', tree.uri('lib/quiet.c'));
    assert.deepEqual([result.files, result.findings], [4, 2]);
  });

  test('an open file counts with its text, not with what is on disk, and is not published twice', async () => {
    const uri = tree.uri('drivers/deep/worse.c');
    await client.open(uri, QUIET);
    const result = await check('tree', tree.uri('Makefile'));
    assert.equal(result.findings, 1);
    assert.deepEqual(client.published.findLast((one) => one.uri === uri)!.diagnostics, []);
    await client.close(uri);
  });

  test('what is not there is checked without an error', async () => {
    assert.equal((await check('file', tree.uri('gone.c'))).files, 0);
    assert.equal((await check('folder', 'untitled:x')).files, 0);
    assert.equal((await check('tree', 'not a uri')).files, 0);
  });

  test('it can be cancelled', async () => {
    const many = new KernelLikeTree();
    try {
      for (let i = 0; i < 1500; i++) many.write(`d${i % 10}/f${i}.c`, SLEEPS.repeat(4));
      const source = new CancellationTokenSource();
      const begun = new Promise<void>((resolve) => {
        client.connection.onProgress(progressType, 'many', (value) => (value.kind === 'report' ? resolve() : undefined));
      });
      const running = client.connection.sendRequest<CheckResult>(
        'gfpLens/check',
        { kind: 'tree', uri: many.uri('Makefile'), workDoneToken: 'many' },
        source.token,
      );
      await begun;
      source.cancel();
      const result = await running;
      assert.equal(result.cancelled, true);
      assert.ok(result.files > 0 && result.files < 1500, `${result.files}`);
    } finally {
      many.dispose();
    }
  });
});

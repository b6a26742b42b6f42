import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { at, Client, KernelLikeTree, PULL, PUSH } from './client';
import { QUIET, SLEEPS } from './sources';

const tree = new KernelLikeTree();
after(() => tree.dispose());

describe('push', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({ capabilities: PUSH, root: tree.root });
  });
  after(() => client.stop());

  test('the server does not claim pull', () => {
    assert.equal(client.initialized.capabilities.diagnosticProvider, undefined);
  });

  test('an opened file gets its diagnostics with version, code and related place', async () => {
    const uri = tree.uri('drivers/a.c');
    await client.open(uri, SLEEPS, 3);
    const [diagnostic, ...others] = await client.pushed(uri, 3);
    assert.deepEqual(others, []);
    assert.equal(diagnostic!.code, 'sleep-in-atomic');
    assert.equal(diagnostic!.source, 'gfp-lens');
    assert.equal(diagnostic!.severity, 1);
    assert.deepEqual(diagnostic!.range.start, at(SLEEPS, 'GFP_KERNEL'));
    const [related] = diagnostic!.relatedInformation!;
    assert.equal(related!.location.uri, uri);
    assert.equal(related!.location.range.start.line, at(SLEEPS, 'spin_lock(').line);
  });

  test('what callers in the file forbid comes when nobody types, and stays while someone does', async () => {
    const uri = tree.uri('drivers/callers.c');
    const text =
      '#include <linux/slab.h>\n#include <linux/spinlock.h>\n\nstatic void *make(void)\n{\n\treturn kmalloc(8, GFP_KERNEL);\n}\n\n' +
      'void *add(struct t *t)\n{\n\tvoid *p;\n\n\tspin_lock(&t->lock);\n\tp = make();\n\tspin_unlock(&t->lock);\n\treturn p;\n}\n';
    await client.open(uri, text, 1);
    const isThere = () => client.published.findLast((one) => one.uri === uri && one.diagnostics.length > 0);
    const settled = await client.until('the caller', isThere);
    assert.match(String(settled.diagnostics[0]!.message), /spinlock &t->lock is held in add\(\)/);
    const start = { line: 2, character: 0 };
    await client.change(uri, 2, [{ range: { start, end: start }, text: 'int x;\n' }]);
    const [moved] = await client.pushed(uri, 2);
    assert.equal(moved?.range.start.line, settled.diagnostics[0]!.range.start.line + 1);
  });

  test('incremental edits: the mistake goes and comes back', async () => {
    const uri = tree.uri('drivers/b.c');
    await client.open(uri, SLEEPS, 1);
    assert.equal((await client.pushed(uri, 1)).length, 1);
    const range = { start: at(SLEEPS, 'GFP_KERNEL'), end: at(SLEEPS, 'GFP_KERNEL', 10) };
    await client.change(uri, 2, [{ range, text: 'GFP_ATOMIC' }]);
    assert.deepEqual(await client.pushed(uri, 2), []);
    await client.change(uri, 3, [{ range, text: 'GFP_KERNEL' }]);
    assert.equal((await client.pushed(uri, 3)).length, 1);
  });

  test('edits behind characters outside the BMP are found where they are', async () => {
    const uri = tree.uri('drivers/emoji.c');
    const text = SLEEPS.replace('ring->buf = kmalloc', '/* 😀é */ ring->buf = kmalloc');
    await client.open(uri, text, 1);
    const [diagnostic] = await client.pushed(uri, 1);
    assert.deepEqual(diagnostic!.range.start, at(text, 'GFP_KERNEL'));
    await client.change(uri, 2, [{ range: diagnostic!.range, text: 'GFP_NOWAIT' }]);
    assert.deepEqual(await client.pushed(uri, 2), []);
  });

  test('many quick edits: versions only rise, the last one wins', async () => {
    const uri = tree.uri('drivers/race.c');
    await client.open(uri, SLEEPS, 1);
    const start = at(SLEEPS, 'GFP_KERNEL');
    const sent: Promise<void>[] = [];
    let word = 'GFP_KERNEL';
    for (let version = 2; version <= 61; version++) {
      const next = version % 2 === 0 ? 'GFP_ATOMIC' : 'GFP_KERNEL';
      const range = { start, end: { line: start.line, character: start.character + word.length } };
      sent.push(client.change(uri, version, [{ range, text: next }]));
      word = next;
    }
    await Promise.all(sent);
    assert.equal((await client.pushed(uri, 61)).length, 1);
    const seen = client.published.filter((one) => one.uri === uri);
    const versions = seen.map((one) => one.version!);
    assert.deepEqual(
      versions,
      [...versions].sort((a, b) => a - b),
    );
    for (const { version, diagnostics } of seen) assert.equal(diagnostics.length, version! % 2, `version ${version}`);
  });

  test('a closed file loses its diagnostics', async () => {
    const uri = tree.uri('drivers/closed.c');
    await client.open(uri, SLEEPS, 1);
    await client.pushed(uri, 1);
    await client.close(uri);
    await client.until('empty push', () =>
      client.published.findLast((one) => one.uri === uri)!.diagnostics.length === 0 ? true : undefined,
    );
  });

  test('C that has nothing to do with the kernel is left alone, kernel C outside a tree is not', async () => {
    const outside = 'untitled:Untitled-1';
    await client.open(outside, SLEEPS.replaceAll('<linux/', '<my/'), 1);
    assert.deepEqual(await client.pushed(outside, 1), []);
    await client.change(outside, 2, [{ text: SLEEPS }]);
    assert.equal((await client.pushed(outside, 2)).length, 1);
  });

  test('a file without mistakes gets an empty list', async () => {
    const uri = tree.uri('lib/quiet.c');
    await client.open(uri, QUIET, 1);
    assert.deepEqual(await client.pushed(uri, 1), []);
  });
});

describe('pull', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({ capabilities: PULL, root: tree.root });
  });
  after(() => client.stop());

  test('diagnostics are answered, not pushed', async () => {
    const uri = tree.uri('drivers/pull.c');
    await client.open(uri, SLEEPS, 1);
    const report = await client.pull(uri);
    assert.equal(report.kind, 'full');
    assert.equal(report.items[0]!.code, 'sleep-in-atomic');
    assert.deepEqual(client.published, []);
  });

  test('the same text gives unchanged, an edit gives a new report', async () => {
    const uri = tree.uri('drivers/unchanged.c');
    await client.open(uri, SLEEPS, 1);
    const first = await client.pull(uri);
    assert.equal((await client.pull(uri, first.resultId)).kind, 'unchanged');
    await client.change(uri, 2, [{ text: QUIET }]);
    const second = await client.pull(uri, first.resultId);
    assert.deepEqual([second.kind, second.items], ['full', []]);
  });

  test('what is superfluous is tagged as such; what is only possible comes with its setting', async () => {
    const uri = tree.uri('drivers/tags.c');
    const text = '#include <linux/slab.h>\nvoid *f(int n)\n{\n\treturn kmalloc_array(n, 4096, GFP_KERNEL | __GFP_RECLAIM);\n}\n';
    const shown = async (): Promise<unknown> => {
      const { items } = await client.pull(uri);
      return items.map(({ code, severity, tags }) => [code, severity, tags]);
    };
    const superfluous = ['redundant-flag', 4, [1]];
    await client.open(uri, text, 1);
    assert.deepEqual(await shown(), [superfluous]);
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { gfpLens: { showPossible: true } } });
    assert.deepEqual(await shown(), [['costly-order', 4, undefined], superfluous]);
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { gfpLens: {} } });
  });

  test('documents that are not open have no diagnostics', async () => {
    assert.deepEqual(await client.pull('file:///nowhere.c'), { kind: 'full', items: [] });
    assert.deepEqual(await client.pull('no uri at all'), { kind: 'full', items: [] });
  });

  test('a client that cannot refresh gets pushes', async () => {
    const old = await Client.start({
      capabilities: { ...PULL, ...PUSH, textDocument: { ...PUSH.textDocument, ...PULL.textDocument }, workspace: {} },
    });
    try {
      assert.equal(old.initialized.capabilities.diagnosticProvider, undefined);
      const uri = tree.uri('drivers/old.c');
      await old.open(uri, SLEEPS, 1);
      assert.equal((await old.pushed(uri, 1)).length, 1);
    } finally {
      await old.stop();
    }
  });
});

test('a client that counts in UTF-8 gets UTF-8', async () => {
  const client = await Client.start({ capabilities: { ...PUSH, general: { positionEncodings: ['utf-8', 'utf-16'] } } });
  try {
    assert.equal(client.initialized.capabilities.positionEncoding, 'utf-8');
    const uri = tree.uri('drivers/utf8.c');
    const text = SLEEPS.replace('ring->buf = kmalloc', '/* 😀é */ ring->buf = kmalloc');
    await client.open(uri, text, 1);
    const [diagnostic] = await client.pushed(uri, 1);
    const line = text.split('\n')[diagnostic!.range.start.line]!;
    assert.equal(diagnostic!.range.start.character, Buffer.byteLength(line.slice(0, line.indexOf('GFP_KERNEL'))));
    await client.change(uri, 2, [{ range: diagnostic!.range, text: 'GFP_ATOMIC' }]);
    assert.deepEqual(await client.pushed(uri, 2), []);
  } finally {
    await client.stop();
  }
});

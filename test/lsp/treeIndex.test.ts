import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CancellationTokenSource, type Diagnostic, ProgressType } from 'vscode-languageserver-protocol/node';
import { Client, type ClientOptions, KernelLikeTree, PUSH } from './client';

interface IndexResult {
  readonly files: number;
  readonly state: string;
  readonly message: string;
}

/** Called under a lock of another file. */
const MEM = `#include <linux/slab.h>

int ring_grow(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL);
	return r->item ? 0 : -ENOMEM;
}
`;
const MAIN = `#include <linux/spinlock.h>

void ring_fill(struct ring *r)
{
	spin_lock(&r->lock);
	ring_grow(r);
	spin_unlock(&r->lock);
}
`;

const OWN_CLIENT = { rulePageLink: 'command:page?{id}' };

describe('the index of a kernel tree', () => {
  const tree = new KernelLikeTree();
  const cacheHome = mkdtempSync(join(tmpdir(), 'gfp-lens-cache-'));
  let client: Client;
  const start = (options: ClientOptions = {}): Promise<Client> =>
    Client.start({ capabilities: PUSH, root: tree.root, cacheHome, initializationOptions: OWN_CLIENT, ...options });
  const index = (uri: string): Promise<IndexResult> => client.connection.sendRequest('gfpLens/index', { uri });
  const mem = tree.uri('drivers/ring/mem.c');
  const main = tree.uri('drivers/ring/main.c');

  /** The newest diagnostics of a document, when they are as wanted. */
  const shown = (uri: string, wanted: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> =>
    client.until(`diagnostics of ${uri}`, () => {
      const last = client.published.findLast((one) => one.uri === uri);
      return last !== undefined && wanted(last.diagnostics) ? last.diagnostics : undefined;
    });
  const sleeps = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some(({ code }) => code === 'sleep-in-atomic');
  const quiet = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.length === 0;

  before(async () => {
    tree.write('drivers/ring/mem.c', MEM);
    tree.write('drivers/ring/main.c', MAIN);
    client = await start();
  });
  after(async () => {
    await client.stop();
    tree.dispose();
    rmSync(cacheHome, { recursive: true });
  });

  test('nothing is read before the user asks for it', async () => {
    await client.open(mem, MEM);
    assert.deepEqual(await client.pushed(mem, 1), []);
    assert.equal(existsSync(join(cacheHome, 'gfp-lens')), false);
    assert.deepEqual(client.indexStates, []);
  });

  test('an open document learns what its callers in other files hold', async () => {
    const result = await index(mem);
    assert.deepEqual(result, { files: 2, state: 'ready', message: 'index of 2 files' });
    const [finding] = await shown(mem, sleeps);
    assert.match(String(finding!.message), /spinlock &r->lock is held in ring_fill\(\)/);
    assert.equal(finding!.relatedInformation?.[0]?.location.uri, main);
    assert.deepEqual(client.indexStates.at(-1), { state: 'ready', message: 'index of 2 files' });
  });

  test('typing moves the finding along and never takes it away', async () => {
    const seen = client.published.length;
    for (let version = 2; version < 6; version++) {
      await client.change(mem, version, [{ text: `${'/* more */\n'.repeat(version)}${MEM}` }]);
      await client.pushed(mem, version);
    }
    const last = await shown(mem, (diagnostics) => diagnostics[0]?.range.start.line === 9);
    assert.ok(sleeps(last));
    const pushes = client.published.slice(seen).filter((one) => one.uri === mem);
    assert.ok(pushes.every(({ diagnostics }) => sleeps(diagnostics)));
  });

  test('an unsaved edit of the caller counts, also before it is saved', async () => {
    await client.open(main, MAIN);
    await client.change(main, 2, [{ text: MAIN.replaceAll('spin_', 'mutex_') }]);
    await shown(mem, quiet);
    await client.change(main, 3, [{ text: MAIN }]);
    await shown(mem, sleeps);
  });

  test('when the document with the edit is closed, the file on disk counts again', async () => {
    await client.change(main, 4, [{ text: MAIN.replaceAll('spin_', 'mutex_') }]);
    await shown(mem, quiet);
    await client.close(main);
    await shown(mem, sleeps);
  });

  test('what was saved before the document was closed stays as it is', async () => {
    const saved = MAIN.replace('void ring_fill', '/* Fills. */\nvoid ring_fill');
    await client.open(main, MAIN);
    await client.change(main, 2, [{ text: saved }]);
    await shown(mem, (diagnostics) => diagnostics[0]?.relatedInformation?.[0]?.location.range.start.line === 5);
    tree.write('drivers/ring/main.c', saved);
    const seen = client.published.length;
    await client.close(main);
    await client.until('the tree on disk', () => (client.indexStates.at(-1)?.state === 'ready' ? true : undefined));
    assert.ok(client.published.slice(seen).every((one) => one.uri !== mem || sleeps(one.diagnostics)));
    tree.write('drivers/ring/main.c', MAIN);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: main, type: 2 }] });
    await shown(mem, (diagnostics) => diagnostics[0]?.relatedInformation?.[0]?.location.range.start.line === 4);
  });

  test('files that change on disk count once the client says so', async () => {
    tree.write('drivers/ring/main.c', MAIN.replaceAll('spin_', 'mutex_'));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: main, type: 2 }] });
    await shown(mem, quiet);
    tree.write('drivers/ring/other.c', MAIN.replaceAll('ring_fill', 'ring_other'));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: tree.uri('drivers/ring/other.c'), type: 1 }],
    });
    const [finding] = await shown(mem, sleeps);
    assert.match(String(finding!.message), /held in ring_other\(\)/);
    assert.equal(
      (await client.until('state', () => client.indexStates.findLast(({ state }) => state === 'ready'))).message,
      'index of 3 files',
    );
  });

  test('another server reads it from the cache, by the setting alone', async () => {
    const last = client;
    client = await start({ initializationOptions: { ...OWN_CLIENT, index: { enable: true } } });
    try {
      await client.open(mem, MEM);
      await shown(mem, sleeps);
      assert.ok(readdirSync(join(cacheHome, 'gfp-lens', 'trees')).length > 0);
    } finally {
      await client.stop();
      client = last;
    }
  });

  test('two windows on one tree and one cache: each answers for its own unsaved text, and both for what is saved', async () => {
    const other = new KernelLikeTree();
    const cache = mkdtempSync(join(tmpdir(), 'gfp-lens-cache-'));
    other.write('drivers/ring/mem.c', MEM);
    other.write('drivers/ring/main.c', MAIN);
    const [callee, caller] = [other.uri('drivers/ring/mem.c'), other.uri('drivers/ring/main.c')];
    const unlocked = MAIN.replace('spin_lock(&r->lock);', '').replace('spin_unlock(&r->lock);', '');
    const windows = await Promise.all([1, 2].map(() => start({ root: other.root, cacheHome: cache })));
    const [left, right] = windows as [Client, Client];
    const until = (window: Client, wanted: (diagnostics: readonly Diagnostic[]) => boolean) =>
      window.until('diagnostics', () => {
        const last = window.published.findLast((one) => one.uri === callee);
        return last !== undefined && wanted(last.diagnostics) ? last : undefined;
      });
    try {
      for (const window of windows) await window.open(callee, MEM);
      const answers = await Promise.all(
        windows.map((window) => window.connection.sendRequest<IndexResult>('gfpLens/index', { uri: callee })),
      );
      assert.deepEqual(
        answers.map(({ state, files }) => [state, files]),
        [
          ['ready', 2],
          ['ready', 2],
        ],
      );
      await Promise.all(windows.map((window) => until(window, sleeps)));
      // One of them takes the lock away, and does not save.
      await left.open(caller, unlocked);
      await until(left, quiet);
      await right.change(callee, 2, [{ text: `${MEM}\n` }]);
      assert.ok(sleeps(await right.pushed(callee, 2)));
      // It saves: the other one hears of it from its client, and indexes again what the first may have written.
      other.write('drivers/ring/main.c', unlocked);
      await right.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: caller, type: 2 }] });
      await until(right, quiet);
      assert.equal((await left.connection.sendRequest<IndexResult>('gfpLens/index', { uri: callee })).state, 'ready');
      await until(left, quiet);
    } finally {
      for (const window of windows) await window.stop();
      other.dispose();
      rmSync(cache, { recursive: true, force: true });
    }
  });

  test('a folder that is no kernel tree has none', async () => {
    const result = await index('file:///nowhere/at/all.c');
    assert.deepEqual([result.state, result.message], ['failed', 'this is no kernel tree']);
  });

  test('reading can be stopped, and started again', async () => {
    // More than can be read before the answer to the first progress is there.
    for (let file = 0; file < 60; file++) tree.write(`drivers/many/file${file}.c`, MEM.repeat(200).replaceAll('ring_grow', `grow_${file}`));
    const source = new CancellationTokenSource();
    client.connection.onProgress(new ProgressType<{ kind: string }>(), 'token', () => source.cancel());
    const asked = client.connection.sendRequest<IndexResult>('gfpLens/index', { uri: mem, workDoneToken: 'token' }, source.token);
    await asked.catch(() => undefined);
    await client.until('word of it', () => client.indexStates.find(({ state }) => state === 'stopped'));
    assert.deepEqual(await index(mem), { files: 63, state: 'ready', message: 'index of 63 files' });
    await shown(mem, sleeps);
  });
});

describe('in which contexts functions may run', () => {
  const tree = new KernelLikeTree();
  const mem = tree.write('drivers/ring/mem.c', MEM.replace('GFP_KERNEL', 'GFP_ATOMIC'));
  tree.write(
    'drivers/ring/main.c',
    'static void ring_timer(struct timer_list *t)\n{\n\tring_grow(ring_of(t));\n}\nvoid ring_start(struct ring *r)\n{\n\ttimer_setup(&r->timer, ring_timer, 0);\n}\n',
  );
  const capabilities = { ...PUSH, textDocument: { ...PUSH.textDocument, codeLens: {}, inlayHint: {} } };
  after(() => tree.dispose());

  const lensesIn = async (client: Client): Promise<string[]> => {
    const lenses: { command?: { title: string } }[] = await client.connection.sendRequest('textDocument/codeLens', {
      textDocument: { uri: mem },
    });
    return lenses.map(({ command }) => command!.title);
  };
  const hintsIn = async (client: Client): Promise<[number, string][]> => {
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints: { position: { line: number }; label: string }[] = await client.connection.sendRequest('textDocument/inlayHint', {
      textDocument: { uri: mem },
      range,
    });
    return hints.map(({ position, label }) => [position.line, label]);
  };
  async function* opened(settings: object, text: string): AsyncGenerator<Client> {
    const client = await Client.start({ capabilities, root: tree.root, initializationOptions: settings });
    try {
      await client.open(mem, text);
      await client.pushed(mem, 1);
      yield client;
    } finally {
      await client.stop();
    }
  }

  test('the index says it above the functions and behind their names, each when asked for', async () => {
    const text = MEM.replace('GFP_KERNEL', 'GFP_ATOMIC');
    for await (const client of opened({ contextLens: true, contextHints: true }, text)) {
      await client.connection.sendRequest('gfpLens/index', { uri: mem });
      assert.deepEqual(await lensesIn(client), ['may run in softirq context: called from ring_timer()']);
      assert.deepEqual(await hintsIn(client), [[2, 'may run in softirq context']]);
      await client.change(mem, 2, [{ text: `/* more */\n${text}` }]);
      assert.deepEqual(await hintsIn(client), [[3, 'may run in softirq context']]);
    }
    for await (const client of opened({}, text)) {
      await client.connection.sendRequest('gfpLens/index', { uri: mem });
      assert.deepEqual([await lensesIn(client), await hintsIn(client)], [[], []]);
    }
  });

  test('without an index the file alone says it', async () => {
    const text = `${MEM}void ring_fill(struct ring *r)\n{\n\tspin_lock_bh(&r->lock);\n\tring_grow(r);\n\tspin_unlock_bh(&r->lock);\n}\n`;
    for await (const client of opened({ contextLens: true }, text)) {
      await client.until('the settled document', () => client.published.find(({ diagnostics }) => diagnostics.length > 0));
      const [title] = await lensesIn(client);
      assert.match(
        title!,
        /^may run where (softirqs are off|spinlock &r->lock is held)( and 1 other context)?: called from ring_fill\(\)$/,
      );
    }
  });
});

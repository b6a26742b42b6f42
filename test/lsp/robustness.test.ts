import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { CancellationTokenSource, LSPErrorCodes, type ResponseError } from 'vscode-languageserver-protocol/node';
import { at, Client, KernelLikeTree, PULL, PUSH, serverBundle } from './client';
import { SLEEPS } from './sources';

const tree = new KernelLikeTree();
after(() => tree.dispose());

describe('malformed messages', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({ capabilities: PULL, root: tree.root });
  });
  after(() => client.stop());

  test('requests with missing or senseless parameters are answered empty', async () => {
    const uri = tree.uri('drivers/a.c');
    await client.open(uri, SLEEPS);
    const { connection } = client;
    const anywhere = { start: { line: 1e9, character: -5 }, end: { line: -1, character: 1e9 } };
    assert.equal(await connection.sendRequest('textDocument/hover', {}), null);
    assert.equal(
      await connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 1e9, character: 0 } }),
      null,
    );
    assert.equal(await connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: {} }), null);
    assert.equal(
      await connection.sendRequest('textDocument/hover', { textDocument: { uri: 17 }, position: { line: 0, character: 0 } }),
      null,
    );
    assert.deepEqual(
      await connection.sendRequest('textDocument/codeAction', { textDocument: { uri: 'x' }, range: anywhere, context: {} }),
      [],
    );
    assert.deepEqual(await connection.sendRequest('textDocument/codeAction', { textDocument: { uri } }), []);
    assert.deepEqual(await connection.sendRequest('textDocument/diagnostic', {}), { kind: 'full', items: [] });
    assert.equal(await connection.sendRequest('gfpLens/decodeMask', {}), null);
    assert.equal(await connection.sendRequest('gfpLens/rulePage', {}), null);
  });

  test('senseless notifications do no harm', async () => {
    const uri = tree.uri('drivers/b.c');
    const { connection } = client;
    await connection.sendNotification('textDocument/didOpen', {});
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: 'file:///never-opened.c', version: 2 },
      contentChanges: [{ text: 'x' }],
    });
    await connection.sendNotification('textDocument/didClose', { textDocument: { uri: 'file:///never-opened.c' } });
    await connection.sendNotification('workspace/didChangeConfiguration', {});
    await connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: '%%%', type: 9 }] });
    await client.open(uri, SLEEPS);
    await client.change(uri, 2, [{ range: { start: { line: 1e6, character: 1 }, end: { line: 2e6, character: 7 } }, text: '/* end */\n' }]);
    assert.equal((await client.pull(uri)).items.length, 1);
  });

  test('methods that clangd owns are not claimed', async () => {
    const { capabilities } = client.initialized;
    for (const name of [
      'definitionProvider',
      'completionProvider',
      'renameProvider',
      'semanticTokensProvider',
      'referencesProvider',
    ] as const)
      assert.equal(capabilities[name], undefined, name);
  });

  test('binary and huge texts are answered empty', async () => {
    const binary = tree.uri('drivers/binary.c');
    await client.open(binary, `${SLEEPS}\0`);
    assert.deepEqual((await client.pull(binary)).items, []);
    const huge = tree.uri('drivers/huge.c');
    await client.open(huge, SLEEPS + '/* padding */\n'.repeat((33 << 20) / 14));
    assert.deepEqual((await client.pull(huge)).items, []);
    await client.close(huge);
  });

  test('broken C is no reason to stop', async () => {
    const uri = tree.uri('drivers/broken.c');
    for (const [index, text] of [
      '',
      '{{{{((((',
      'kmalloc(',
      '#if\n#else\n#endif\n#endif',
      SLEEPS.slice(0, 180),
      '\u0001\u0002',
    ].entries()) {
      if (index === 0) await client.open(uri, text, 1);
      else await client.change(uri, index + 1, [{ text }]);
      assert.equal((await client.pull(uri)).kind, 'full');
    }
    await client.change(uri, 50, [{ text: SLEEPS }]);
    assert.equal((await client.pull(uri)).items.length, 1);
  });
});

test('a cancelled request is answered as cancelled, the next one as usual', async () => {
  const client = await Client.start({ capabilities: PULL, root: tree.root });
  try {
    const uri = tree.uri('drivers/cancel.c');
    await client.open(uri, SLEEPS);
    const source = new CancellationTokenSource();
    const hover = client.connection.sendRequest(
      'textDocument/hover',
      { textDocument: { uri }, position: at(SLEEPS, 'GFP_KERNEL') },
      source.token,
    );
    source.cancel();
    await assert.rejects(hover, (error: ResponseError) => error.code === LSPErrorCodes.RequestCancelled);
    assert.notEqual(
      await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: at(SLEEPS, 'GFP_KERNEL') }),
      null,
    );
  } finally {
    await client.stop();
  }
});

test('a question about a text that is not there any more is refused as modified', async () => {
  const client = await Client.start({ capabilities: PULL, root: tree.root });
  try {
    const uri = tree.uri('drivers/modified.c');
    await client.open(uri, SLEEPS);
    const hover = client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: at(SLEEPS, 'GFP_KERNEL') });
    await client.change(uri, 2, [{ text: `\n${SLEEPS}` }]);
    // Either the answer came before the change, or the request was refused: never an answer from the other text.
    const answer = await hover.catch((error: ResponseError) => error.code);
    if (typeof answer === 'number') assert.equal(answer, LSPErrorCodes.ContentModified);
    else assert.deepEqual((answer as { range: { start: unknown } }).range.start, at(SLEEPS, 'GFP_KERNEL'));
  } finally {
    await client.stop();
  }
});

describe('the end', () => {
  test('shutdown and exit end with 0', async () => {
    const client = await Client.start({ capabilities: PUSH });
    assert.equal(await client.stop(), 0);
  });

  test('exit without shutdown ends with 1', async () => {
    const client = await Client.start({ capabilities: PUSH });
    const exit = once(client.process, 'exit');
    await client.connection.sendNotification('exit');
    assert.equal((await exit)[0], 1);
  });

  test('a client that goes away takes the server with it', async () => {
    const client = await Client.start({ capabilities: PUSH });
    const exit = once(client.process, 'exit');
    client.process.stdin!.end();
    assert.equal((await exit)[0], 1);
  });

  test('without a transport there is one clear line and exit code 2', async () => {
    const child: ChildProcess = spawn(process.execPath, [await serverBundle()], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr!.on('data', (data: Buffer) => (stderr += data.toString()));
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 2);
    assert.match(stderr, /^gfp-lens: .*--stdio.*\n$/);
  });
});

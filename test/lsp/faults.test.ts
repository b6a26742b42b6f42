import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { at, Client, type ClientOptions, KernelLikeTree, makefile, PULL, PUSH, serverBundle } from './client';
import { SLEEPS } from './sources';

const tree = new KernelLikeTree();
after(() => tree.dispose());

/** A server whose bytes the test writes itself. */
class RawServer {
  output = '';
  private constructor(readonly process: ChildProcess) {
    process.stdout!.on('data', (data: Buffer) => (this.output += data.toString()));
    process.stdin!.on('error', () => undefined);
  }

  static async start(): Promise<RawServer> {
    return new RawServer(spawn(process.execPath, [await serverBundle(), '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  send(message: object): void {
    this.write(JSON.stringify(message));
  }

  write(body: string, header = `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`): void {
    this.process.stdin!.write(header + body);
  }

  /** Resolves when the pattern was answered; fails when the server ends before. */
  async answered(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output)) {
      if (this.process.exitCode !== null) throw new Error(`the server ended: ${this.output}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }
}

const INITIALIZE = { jsonrpc: '2.0', id: 0, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } };

describe('a client that does things out of order', () => {
  test('questions before initialize are refused, and initialize works afterwards', async () => {
    const server = await RawServer.start();
    server.send({
      jsonrpc: '2.0',
      id: 'early',
      method: 'textDocument/hover',
      params: { textDocument: { uri: 'file:///a.c' }, position: { line: 0, character: 0 } },
    });
    server.send({
      jsonrpc: '2.0',
      method: 'textDocument/didChange',
      params: { textDocument: { uri: 'file:///a.c', version: 1 }, contentChanges: [{ text: '' }] },
    });
    await server.answered(/"id":"early"/);
    server.send(INITIALIZE);
    await server.answered(/"capabilities"/);
    server.process.kill();
  });

  test('a document that is opened twice, changed before it is open, or changed backwards counts with its last text', async () => {
    const client = await Client.start({ capabilities: PULL, root: tree.root });
    try {
      const uri = tree.uri('drivers/order.c');
      await client.change(uri, 1, [{ text: 'int lost;\n' }]);
      await client.open(uri, 'int x;\n', 5);
      await client.open(uri, SLEEPS, 6);
      assert.equal((await client.pull(uri)).items.length, 1);
      await client.change(uri, 2, [{ text: 'int y;\n' }]);
      assert.equal((await client.pull(uri)).items.length, 0);
      await client.close(uri);
      await client.close(uri);
      assert.deepEqual((await client.pull(uri)).items, []);
    } finally {
      await client.stop();
    }
  });

  test('what comes after shutdown is refused, and exit still ends the server', async () => {
    const client = await Client.start({ capabilities: PULL, root: tree.root });
    await client.connection.sendRequest('shutdown');
    await client.connection.sendRequest('textDocument/hover', {}).catch(() => undefined);
    const exit = once(client.process, 'exit');
    await client.connection.sendNotification('exit');
    assert.equal((await exit)[0], 0);
  });

  test('bytes that are no message end the server or are passed over, but do not keep it busy', async () => {
    for (const [header, body] of [
      ['Content-Length: 5\r\n\r\n', '{"a":'],
      ['Content-Length: -1\r\n\r\n', ''],
      ['Content-Length: 99999999999999\r\n\r\n', 'x'],
      ['X\r\n\r\n', ''],
      ['', '\0\0\0\0'],
      ['Content-Length: 2\r\nContent-Type: x; charset=nonsense\r\n\r\n', '{}'],
    ] as const) {
      const server = await RawServer.start();
      server.write(body, header);
      server.process.stdin!.end();
      const [code] = (await once(server.process, 'exit')) as [number];
      assert.equal(code, 1, header);
    }
  });
});

describe('a client that asks for too much', () => {
  test('everything it asked is cancelled: each request is answered, and the next one as usual', async () => {
    const client = await Client.start({ capabilities: PULL, root: tree.root });
    try {
      const uri = tree.uri('drivers/cancel.c');
      await client.open(uri, SLEEPS);
      const position = at(SLEEPS, 'GFP_KERNEL');
      const answers = Array.from({ length: 500 }, (_, index) => {
        const source = new CancellationTokenSource();
        const method = ['textDocument/hover', 'textDocument/codeAction', 'textDocument/diagnostic'][index % 3]!;
        const range = { start: position, end: position };
        const request = client.connection.sendRequest(
          method,
          { textDocument: { uri }, position, range, context: { diagnostics: [] } },
          source.token,
        );
        source.cancel();
        return request.then(
          () => 'answered',
          () => 'cancelled',
        );
      });
      const said = await Promise.all(answers);
      assert.ok(said.filter((one) => one === 'cancelled').length > 400);
      assert.notEqual(await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position }), null);
    } finally {
      await client.stop();
    }
  });

  test('a flood of changes: what is published in the end belongs to the last text, and far fewer texts are analysed than were sent', async () => {
    const client = await Client.start({ capabilities: PUSH, root: tree.root });
    try {
      const uri = tree.uri('drivers/flood.c');
      await client.open(uri, SLEEPS, 1);
      const changes = 5000;
      for (let version = 2; version <= changes; version++)
        void client.change(uri, version, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '\n' }]);
      const diagnostics = await client.pushed(uri, changes);
      assert.equal(diagnostics[0]!.range.start.line, at(SLEEPS, 'GFP_KERNEL').line + changes - 1);
      assert.ok(client.published.length < changes / 4, `${client.published.length} published`);
    } finally {
      await client.stop();
    }
  });

  test('five hundred documents are opened at once and closed again', async () => {
    const client = await Client.start({ capabilities: PUSH, root: tree.root });
    try {
      const uris = Array.from({ length: 500 }, (_, index) => tree.uri(`drivers/many${index}.c`));
      for (const uri of uris) void client.open(uri, SLEEPS);
      assert.equal((await client.pushed(uris.at(-1)!, 1)).length, 1);
      for (const uri of uris) void client.close(uri);
      await client.until('the last one taken back', () =>
        client.published.findLast((one) => one.uri === uris.at(-1) && one.diagnostics.length === 0),
      );
    } finally {
      await client.stop();
    }
  });
});

describe('a client that dies', () => {
  test('without closing the pipe: the server sees that the process is gone, and ends', async () => {
    const editor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const server = await RawServer.start();
    server.send({ ...INITIALIZE, params: { ...INITIALIZE.params, processId: editor.pid } });
    await server.answered(/"capabilities"/);
    const exit = once(server.process, 'exit');
    editor.kill('SIGKILL');
    assert.equal((await exit)[0], 1);
  });

  test('in the middle of a message', async () => {
    const server = await RawServer.start();
    server.send(INITIALIZE);
    await server.answered(/"capabilities"/);
    server.write('{"jsonrpc":"2.0","id":1,"meth', 'Content-Length: 500\r\n\r\n');
    const exit = once(server.process, 'exit');
    server.process.stdin!.destroy();
    server.process.stdout!.destroy();
    assert.equal((await exit)[0], 1);
  });
});

describe('files change under the server', () => {
  test('the tree is moved away, becomes a loop of links, and comes back', async () => {
    const own = new KernelLikeTree();
    const client = await Client.start({ capabilities: PULL, root: own.root });
    try {
      const uri = own.uri('drivers/a.c');
      const told = { changes: [{ uri: own.uri('Makefile'), type: 3 }] };
      await client.open(uri, SLEEPS);
      assert.equal((await client.pull(uri)).items.length, 1);
      renameSync(own.root, `${own.root}.away`);
      symlinkSync(own.root, own.root);
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', told);
      assert.equal((await client.pull(uri)).kind, 'full');
      rmSync(own.root);
      renameSync(`${own.root}.away`, own.root);
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', told);
      assert.equal((await client.pull(uri)).items.length, 1);
    } finally {
      await client.stop();
      own.dispose();
    }
  });

  test('a Makefile that becomes a folder, unreadable, binary or empty', async () => {
    const own = new KernelLikeTree();
    const client = await Client.start({ capabilities: PULL, root: own.root });
    const path = join(own.root, 'Makefile');
    try {
      const uri = own.uri('drivers/a.c');
      await client.open(uri, SLEEPS);
      for (const spoil of [
        () => own.write('Makefile', ''),
        () => own.write('Makefile', new Uint8Array([0, 255, 0, 1])),
        () => chmodSync(path, 0),
        () => {
          rmSync(path);
          own.write('Makefile/x', '');
        },
      ]) {
        spoil();
        await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: own.uri('Makefile'), type: 2 }] });
        // Outside of any tree the file still is kernel code by its includes.
        assert.equal((await client.pull(uri)).items.length, 1);
      }
      rmSync(path, { recursive: true });
      own.write('Makefile', makefile(6, 1, 0));
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: own.uri('Makefile'), type: 1 }] });
      assert.equal((await client.pull(uri)).items.length, 1);
    } finally {
      await client.stop();
      own.dispose();
    }
  });
});

describe('the index where the machine does not help', () => {
  const MEM = '#include <linux/slab.h>\n\nvoid *ring_grow(void)\n{\n\treturn kmalloc(8, GFP_KERNEL);\n}\n';
  const MAIN = 'void ring_fill(struct ring *r)\n{\n\tspin_lock(&r->lock);\n\tring_grow();\n\tspin_unlock(&r->lock);\n}\n';

  /** Reads a tree, follows a file that is saved without its lock, and one that gets it back. */
  async function follows(options: ClientOptions): Promise<void> {
    const own = new KernelLikeTree();
    const mem = own.write('drivers/ring/mem.c', MEM);
    const main = own.write('drivers/ring/main.c', MAIN);
    const client = await Client.start({ capabilities: PUSH, root: own.root, initializationOptions: { rulePageLink: '{id}' }, ...options });
    const shows = (count: number): Promise<true> =>
      client.until(
        `${count} findings`,
        () => client.published.findLast(({ uri }) => uri === mem)?.diagnostics.length === count || undefined,
      );
    const save = async (text: string): Promise<void> => {
      own.write('drivers/ring/main.c', text);
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: main, type: 2 }] });
    };
    try {
      await client.open(mem, MEM);
      const { state } = await client.connection.sendRequest<{ state: string }>('gfpLens/index', { uri: mem });
      assert.equal(state, 'ready');
      await shows(1);
      await save(MAIN.replaceAll('spin_', 'mutex_'));
      await shows(0);
      await save(MAIN);
      await shows(1);
    } finally {
      await client.stop();
      own.dispose();
    }
  }

  const home = mkdtempSync(join(tmpdir(), 'gfp-lens-home-'));
  after(() => rmSync(home, { recursive: true, force: true }));

  test('its cache is a file, or cannot be written', async () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    await follows({ cacheHome: file });
  });

  test('the clock jumps by years back and forth', async () => {
    const clock = join(home, 'clock.js');
    writeFileSync(clock, 'const real = Date.now; let turn = 0; Date.now = () => real() + (turn++ % 2 ? 1 : -1) * 1e11;\n');
    await follows({ env: { NODE_OPTIONS: `--require ${clock}` } });
  });
});

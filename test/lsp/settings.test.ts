import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, Client, KernelLikeTree, makefile, PULL, PUSH } from './client';
import { LOGICAL, SLEEPS } from './sources';

const tree = new KernelLikeTree();
after(() => tree.dispose());

const settle = async (client: Client, uri: string, codes: string[]): Promise<void> => {
  await client.until(`diagnostics ${codes}`, () => {
    const last = client.published.findLast((one) => one.uri === uri);
    return last !== undefined && JSON.stringify(last.diagnostics.map((one) => `${one.code}:${one.severity}`)) === JSON.stringify(codes)
      ? true
      : undefined;
  });
};

test('settings given at the start count', async () => {
  const client = await Client.start({
    capabilities: PUSH,
    initializationOptions: { rules: { 'sleep-in-atomic': 'hint', 'logical-mask': 'off' } },
  });
  try {
    const a = tree.uri('drivers/a.c');
    await client.open(a, SLEEPS);
    assert.deepEqual(
      (await client.pushed(a, 1)).map((one) => one.severity),
      [4],
    );
    const b = tree.uri('drivers/b.c');
    await client.open(b, LOGICAL);
    assert.ok((await client.pushed(b, 1)).every((one) => one.code !== 'logical-mask'));
  } finally {
    await client.stop();
  }
});

test('pushed settings change what is shown, without an edit', async () => {
  const client = await Client.start({ capabilities: PUSH });
  try {
    const uri = tree.uri('drivers/pushed.c');
    await client.open(uri, SLEEPS);
    await settle(client, uri, ['sleep-in-atomic:1']);
    await client.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { gfpLens: { rules: { 'sleep-in-atomic': 'info' } } },
    });
    await settle(client, uri, ['sleep-in-atomic:3']);
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { gfpLens: { enable: 'never' } } });
    await settle(client, uri, []);
  } finally {
    await client.stop();
  }
});

test('a client that can be asked is asked, and again when it says that something changed', async () => {
  let severity = 'warning';
  const client = await Client.start({
    capabilities: { ...PUSH, workspace: { ...PUSH.workspace, configuration: true, didChangeConfiguration: { dynamicRegistration: true } } },
    root: tree.root,
    configuration: () => ({ rules: { 'sleep-in-atomic': severity } }),
  });
  try {
    const uri = tree.uri('drivers/asked.c');
    await client.open(uri, SLEEPS);
    await settle(client, uri, ['sleep-in-atomic:2']);
    assert.ok(client.registrations.includes('workspace/didChangeConfiguration'));
    severity = 'hint';
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await settle(client, uri, ['sleep-in-atomic:4']);
  } finally {
    await client.stop();
  }
});

test('each folder has its own settings', async () => {
  const other = new KernelLikeTree();
  const client = await Client.start({
    capabilities: { ...PUSH, workspace: { ...PUSH.workspace, configuration: true } },
    root: tree.root,
    configuration: ({ scopeUri }) => ({ rules: { 'sleep-in-atomic': scopeUri === undefined ? 'error' : 'info' } }),
  });
  try {
    const inside = tree.uri('drivers/inside.c');
    await client.open(inside, SLEEPS);
    await settle(client, inside, ['sleep-in-atomic:3']);
    const outside = other.uri('drivers/outside.c');
    await client.open(outside, SLEEPS);
    await settle(client, outside, ['sleep-in-atomic:1']);
  } finally {
    await client.stop();
    other.dispose();
  }
});

test('two trees in one window are judged by their own releases', async () => {
  const old = new KernelLikeTree({ version: 4, patchlevel: 9, sublevel: 300 });
  const client = await Client.start({ capabilities: PUSH, root: tree.root });
  try {
    for (const [one, release] of [
      [tree, /kernel 6\\\.1\\\.192/],
      [old, /kernel 4\\\.9\\\.300/],
    ] as const) {
      const uri = one.uri('drivers/one.c');
      await client.open(uri, SLEEPS);
      const hover: { contents: { value: string } } = await client.connection.sendRequest('textDocument/hover', {
        textDocument: { uri },
        position: at(SLEEPS, 'GFP_KERNEL', 1),
      });
      assert.match(hover.contents.value, release);
    }
  } finally {
    await client.stop();
    old.dispose();
  }
});

test('settings of the wrong shape count as not given', async () => {
  const client = await Client.start({
    capabilities: PUSH,
    initializationOptions: { rules: ['x'], enable: 7, kernel: 'six', showPossible: 'yes' },
  });
  try {
    const uri = tree.uri('drivers/shape.c');
    await client.open(uri, SLEEPS);
    assert.equal((await client.pushed(uri, 1)).length, 1);
  } finally {
    await client.stop();
  }
});

test('a new Makefile of the tree is a new kernel; pulling clients are told to ask again', async () => {
  const own = new KernelLikeTree();
  const client = await Client.start({
    capabilities: { ...PULL, workspace: { ...PULL.workspace, didChangeWatchedFiles: { dynamicRegistration: true } } },
    root: own.root,
    initializationOptions: { rulePageLink: '{id}' },
  });
  try {
    const uri = own.uri('drivers/a.c');
    await client.open(uri, SLEEPS);
    const models = (): string[] => client.statuses.map((one) => one.model);
    await client.until('the first model', () => models().find((model) => model.startsWith('6.1.192 ')));
    await client.until('registration', () => client.registrations.find((method) => method === 'workspace/didChangeWatchedFiles'));
    own.write('Makefile', makefile(6, 12, 7));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: own.uri('Makefile'), type: 2 }] });
    await client.until('the new model', () => models().find((model) => model.startsWith('6.12.7 ')));
    await client.until('refresh', () => (client.refreshes > 0 ? true : undefined));
  } finally {
    await client.stop();
    own.dispose();
  }
});

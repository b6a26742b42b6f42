import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FIXABLE, KERNEL_MAKEFILE, runCli, temporaryFolder } from './cli/runCli';
import { at, Client, KernelLikeTree, PULL } from './lsp/client';
import { LOGICAL, SLEEPS } from './lsp/sources';

/** Everything below a folder: names, contents, and when each was changed last. */
function stateOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { mtimeMs, mode } = statSync(join(folder, name));
      const isFile = statSync(join(folder, name)).isFile();
      return `${name} ${mode} ${isFile ? `${mtimeMs} ${readFileSync(join(folder, name), 'latin1')}` : ''}`;
    });
}

describe('who asks the command line a question finds the tree as it was', () => {
  const tree = temporaryFolder({
    Makefile: KERNEL_MAKEFILE,
    Kbuild: '',
    'fs/a.c': FIXABLE,
    'known.json': '{"version":1,"findings":[]}\n',
    '.gfp-lens.json': '{ "rules": { "costly-order": "error" } }\n',
    'a.log': 'a: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL)\nCall Trace:\n get+0x1/0x2\n',
    'a.patch': '--- a/fs/a.c\n+++ b/fs/a.c\n@@ -3,1 +3,1 @@\n-static void *get(void)\n+static void *got(void)\n',
  });
  const questions: readonly (readonly [args: readonly string[], output: RegExp])[] = [
    [['check', '.'], /logical-mask/],
    [['check', '--jobs', '2', '--format', 'json', '.'], /logical-mask/],
    [['check', '--fix-dry-run', '.'], /^\+.*GFP_KERNEL \| __GFP_NOWARN/m],
    [['check', '--baseline', 'known.json', '.'], /logical-mask/],
    [['check', '--patch', 'a.patch'], /^/],
    [['log', 'a.log', '--tree', '.'], /page allocation failure/i],
    [['mask', '0xcc0'], /GFP_KERNEL/],
  ];
  for (const [args, output] of questions) {
    test(args.join(' '), async () => {
      const old = stateOf(tree);
      const { code, stdout, stderr } = await runCli(args, { cwd: tree });
      assert.ok(code === 0 || code === 1, stderr);
      assert.match(stdout, output);
      assert.deepEqual(stateOf(tree), old);
    });
  }

  test('but for --fix, which says what it changed', async () => {
    const old = stateOf(tree);
    const { stdout, stderr } = await runCli(['check', '--fix', '.'], { cwd: tree });
    assert.match(stdout + stderr, /fixed/);
    assert.deepEqual(
      stateOf(tree)
        .filter((one) => !old.includes(one))
        .map((one) => one.split(' ')[0]),
      ['fs/a.c'],
    );
  });
});

describe('who asks the language server finds the tree as it was', () => {
  const tree = new KernelLikeTree();
  let client: Client;
  before(async () => {
    tree.write('drivers/a.c', LOGICAL);
    tree.write('drivers/b.c', SLEEPS);
    client = await Client.start({ capabilities: PULL, root: tree.root });
  });
  after(async () => {
    await client.stop();
    tree.dispose();
  });

  test('open, type, hover, ask for fixes, check the tree, index it, close', async () => {
    const old = stateOf(tree.root);
    const uri = tree.uri('drivers/a.c');
    const asked: string[] = [];
    client.connection.onRequest('workspace/applyEdit', () => {
      asked.push('edit');
      return { applied: false };
    });
    client.connection.onRequest('window/showMessageRequest', () => {
      asked.push('message');
      return null;
    });
    client.connection.onNotification('window/showMessage', () => void asked.push('message'));
    await client.open(uri, LOGICAL);
    const [finding] = (await client.pull(uri)).items;
    assert.equal(finding?.code, 'logical-mask');
    const position = at(LOGICAL, 'GFP_KERNEL ||');
    assert.ok(await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position }));
    const actions = await client.connection.sendRequest<unknown[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: finding.range,
      context: { diagnostics: [finding] },
    });
    assert.ok(actions.length > 0);
    await client.change(uri, 2, [{ text: `${LOGICAL}\nint unsaved;\n` }]);
    await client.connection.sendRequest('gfpLens/index', { uri });
    await client.pull(uri);
    await client.close(uri);
    assert.deepEqual([stateOf(tree.root), asked], [old, []]);
  });
});

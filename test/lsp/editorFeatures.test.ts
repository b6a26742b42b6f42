import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CodeLens, CompletionItem, InlayHint } from 'vscode-languageserver-protocol/node';
import { at, Client, KernelLikeTree, PULL } from './client';
import { SLEEPS } from './sources';

const tree = new KernelLikeTree();
after(() => tree.dispose());

const EDITOR = {
  ...PULL,
  textDocument: { ...PULL.textDocument, completion: {}, inlayHint: {}, codeLens: {} },
};
const WITH_REFRESH = { ...EDITOR, workspace: { ...PULL.workspace, codeLens: { refreshSupport: true } } };
const CALLED =
  '#include <linux/slab.h>\nstatic void *make(void)\n{\n\treturn kmalloc(8, GFP_KERNEL);\n}\n' +
  'void *add(struct t *t)\n{\n\tvoid *p;\n\n\tspin_lock(&t->lock);\n\tp = make();\n\tspin_unlock(&t->lock);\n\treturn p;\n}\n';
const ZEROED = SLEEPS.replace('kmalloc(64, GFP_KERNEL)', 'kzalloc(64, GFP_ATOMIC)');

describe('completion, inlay hints and code lens', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({
      capabilities: EDITOR,
      root: tree.root,
      initializationOptions: { rulePageLink: 'command:x?{id}', inlayHints: true, codeLens: true },
    });
  });
  after(() => client.stop());

  test('are claimed only for clients that have them', async () => {
    assert.deepEqual(client.initialized.capabilities.completionProvider, { triggerCharacters: ['|'] });
    assert.equal(client.initialized.capabilities.inlayHintProvider, true);
    const plain = await Client.start({ capabilities: PULL, root: tree.root });
    const { completionProvider, inlayHintProvider, codeLensProvider } = plain.initialized.capabilities;
    assert.deepEqual([completionProvider, inlayHintProvider, codeLensProvider], [undefined, undefined, undefined]);
    await plain.stop();
  });

  test('under a spinlock GFP_ATOMIC is offered first, as an edit of the word that is there', async () => {
    const uri = tree.uri('drivers/complete.c');
    await client.open(uri, SLEEPS);
    const position = at(SLEEPS, 'GFP_KERNEL', 4);
    const items: CompletionItem[] = await client.connection.sendRequest('textDocument/completion', { textDocument: { uri }, position });
    const first = [...items].sort((a, b) => (a.sortText! < b.sortText! ? -1 : 1))[0]!;
    assert.equal(first.label, 'GFP_ATOMIC');
    assert.deepEqual(first.textEdit, {
      range: { start: at(SLEEPS, 'GFP_KERNEL', 0), end: at(SLEEPS, 'GFP_KERNEL', 10) },
      newText: 'GFP_ATOMIC',
    });
    const elsewhere = { textDocument: { uri }, position: at(SLEEPS, 'spin_lock', 4) };
    assert.deepEqual(await client.connection.sendRequest('textDocument/completion', elsewhere), []);
  });

  test('hints and lenses say what reaches the allocator', async () => {
    const uri = tree.uri('drivers/hints.c');
    await client.open(uri, ZEROED);
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints: InlayHint[] = await client.connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range });
    assert.deepEqual(
      hints.map((hint) => [hint.label, hint.position]),
      [['= GFP_ATOMIC | __GFP_ZERO', at(ZEROED, 'GFP_ATOMIC', 10)]],
    );
    const [lens]: CodeLens[] = await client.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
    assert.equal(lens?.command?.title, '1 allocation · GFP_ATOMIC | __GFP_ZERO');
    assert.deepEqual([lens?.command?.command, lens?.command?.arguments], ['gfpLens.exploreMask', ['GFP_ATOMIC | __GFP_ZERO']]);
  });

  test('a lens counts what only the callers forbid, once that is known', async () => {
    const own = await Client.start({
      capabilities: WITH_REFRESH,
      root: tree.root,
      initializationOptions: { rulePageLink: 'command:x?{id}', codeLens: true },
    });
    let refreshes = 0;
    own.connection.onRequest('workspace/codeLens/refresh', () => {
      refreshes++;
      return null;
    });
    try {
      const uri = tree.uri('drivers/lens.c');
      await own.open(uri, CALLED);
      await own.pull(uri);
      const lens = async (): Promise<string | undefined> => {
        const [first]: CodeLens[] = await own.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
        return first?.command?.title;
      };
      await own.until('the caller, known after a moment', () => (own.refreshes > 0 ? true : undefined));
      await own.pull(uri);
      for (let wait = 0; refreshes === 0 && wait < 200; wait++) await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(refreshes, 1);
      assert.equal(await lens(), '1 allocation · GFP_KERNEL · 1 problem');
    } finally {
      await own.stop();
    }
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CodeAction, TextDocumentEdit } from 'vscode-languageserver-protocol/node';
import { applied, at, Client, KernelLikeTree, PULL, PUSH } from './client';
import { LOGICAL, SLEEPS } from './sources';

const tree = new KernelLikeTree();
after(() => tree.dispose());

function actionsAt(client: Client, uri: string, text: string, needle: string, only?: string[]): Promise<CodeAction[]> {
  const start = at(text, needle);
  return client.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri },
    range: { start, end: start },
    context: { diagnostics: [], ...(only && { only }) },
  });
}

function edits(action: CodeAction): TextDocumentEdit {
  return action.edit!.documentChanges![0] as TextDocumentEdit;
}

describe('code actions', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({ capabilities: PULL, root: tree.root });
  });
  after(() => client.stop());

  test('a quick fix carries its diagnostic and version, and removes it', async () => {
    const uri = tree.uri('drivers/a.c');
    await client.open(uri, LOGICAL, 5);
    const [action] = await actionsAt(client, uri, LOGICAL, '||');
    assert.equal(action!.kind, 'quickfix');
    assert.equal(action!.diagnostics![0]!.code, 'logical-mask');
    const edit = edits(action!);
    assert.deepEqual(edit.textDocument, { uri, version: 5 });
    const before = (await client.pull(uri)).items.length;
    await client.change(uri, 6, [{ text: applied(LOGICAL, edit.edits as never) }]);
    assert.equal((await client.pull(uri)).items.length, before - 1);
  });

  test('queues of unbounded size are no problem, but their kv form is offered with the matching free', async () => {
    const uri = tree.uri('drivers/queues.c');
    const text = `#include <linux/slab.h>
struct rq { int budget; };
struct priv { struct rq *rq; };
static int alloc_queues(struct priv *priv, unsigned int queues)
{
	priv->rq = kcalloc(queues, sizeof(*priv->rq), GFP_KERNEL_ACCOUNT);
	return priv->rq ? 0 : -ENOMEM;
}
static void free_queues(struct priv *priv)
{
	kfree(priv->rq);
}
`;
    await client.open(uri, text, 1);
    assert.deepEqual((await client.pull(uri)).items, []);
    const [offer, ...others] = await actionsAt(client, uri, text, 'kcalloc');
    assert.deepEqual(others, []);
    assert.equal(offer!.kind, 'refactor.rewrite');
    const changed = applied(text, edits(offer!).edits as never);
    assert.ok(changed.includes('= kvcalloc(queues') && changed.includes('kvfree(priv->rq)'), changed);
  });

  test('what another file of the driver frees is changed there in the same edit', async () => {
    tree.write('drivers/net/ring/ring.h', 'struct ring {\n\tu32 *slots;\n};\n');
    tree.write('drivers/net/ring/exit.c', '#include "ring.h"\nvoid ring_exit(struct ring *r)\n{\n\tkfree(r->slots);\n}\n');
    const uri = tree.uri('drivers/net/ring/init.c');
    const text = `#include <linux/slab.h>
#include "ring.h"
int ring_init(struct ring *r)
{
	r->slots = kcalloc(65536, sizeof(u32), GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	return r->slots ? 0 : -ENOMEM;
}
`;
    await client.open(uri, text, 1);
    // The other files are read when nobody has typed for a moment.
    let action: CodeAction | undefined;
    while (action === undefined) {
      action = (await actionsAt(client, uri, text, 'kcalloc')).find(({ title }) => title.includes('2 files'));
      if (action === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const changes = action.edit!.documentChanges as TextDocumentEdit[];
    assert.deepEqual(
      changes.map(({ textDocument, edits }) => [textDocument, edits.map((edit) => ('newText' in edit ? edit.newText : ''))]),
      [
        [{ uri, version: 1 }, ['kvcalloc']],
        [{ uri: tree.uri('drivers/net/ring/exit.c'), version: null }, ['kvfree']],
      ],
    );
    const [label] = Object.values(action.edit!.changeAnnotations!);
    assert.deepEqual([label!.label, label!.needsConfirmation], ['Use kvcalloc() and kvfree() in 2 files', false]);
    assert.match(label!.description!, /^prefer-kvmalloc: /);
  });

  test('elsewhere nothing is offered', async () => {
    const uri = tree.uri('drivers/b.c');
    await client.open(uri, SLEEPS, 1);
    assert.deepEqual(await actionsAt(client, uri, SLEEPS, '#include'), []);
  });

  test('only source.fixAll gives all safe fixes as one action', async () => {
    const uri = tree.uri('drivers/all.c');
    const text = LOGICAL;
    await client.open(uri, text, 1);
    for (const only of [['source.fixAll.gfpLens'], ['source.fixAll'], ['source']]) {
      const actions = await actionsAt(client, uri, text, '#include', only);
      assert.equal(actions.length, 1, only[0]);
      assert.equal(actions[0]!.kind, 'source.fixAll.gfpLens');
    }
    const [all] = await actionsAt(client, uri, text, '#include', ['source.fixAll']);
    const fixed = applied(text, edits(all!).edits as never);
    await client.change(uri, 2, [{ text: fixed }]);
    assert.deepEqual(
      (await client.pull(uri)).items.filter((one) => one.code === 'logical-mask'),
      [],
    );
    assert.deepEqual(await actionsAt(client, uri, fixed, '#include', ['source.fixAll.gfpLens']), []);
  });

  test('kinds that nobody here makes give nothing', async () => {
    const uri = tree.uri('drivers/kinds.c');
    await client.open(uri, LOGICAL, 1);
    assert.deepEqual(await actionsAt(client, uri, LOGICAL, '||', ['refactor']), []);
    assert.deepEqual(await actionsAt(client, uri, LOGICAL, '||', ['source.fixAll.other']), []);
  });
});

test('a client without versioned edits gets plain changes', async () => {
  const client = await Client.start({ capabilities: { ...PUSH, workspace: {} } });
  try {
    const uri = tree.uri('drivers/plain.c');
    await client.open(uri, LOGICAL, 1);
    const [action] = await actionsAt(client, uri, LOGICAL, '||');
    assert.deepEqual(Object.keys(action!.edit!.changes!), [uri]);
    assert.equal(action!.edit!.documentChanges, undefined);
  } finally {
    await client.stop();
  }
});

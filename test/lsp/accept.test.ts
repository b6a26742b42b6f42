import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ClientCapabilities, CodeAction, TextDocumentEdit } from 'vscode-languageserver-protocol/node';
import { applied, at, Client, KernelLikeTree, PULL } from './client';
import { SLEEPS } from './sources';

const CREATES: ClientCapabilities = {
  ...PULL,
  workspace: {
    ...PULL.workspace,
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'], changeAnnotationSupport: {} },
  },
};
const trees: KernelLikeTree[] = [];
after(() => {
  for (const tree of trees) tree.dispose();
});

/** A tree with one finding, and what can be done about it. */
class Session {
  readonly tree = new KernelLikeTree();
  readonly uri = this.tree.uri('drivers/a.c');

  private constructor(readonly client: Client) {}

  static async with(project: string | undefined, work: (session: Session) => Promise<void>, capabilities = CREATES): Promise<void> {
    const tree = new KernelLikeTree();
    trees.push(tree);
    if (project !== undefined) tree.write('.gfp-lens.json', project);
    const client = await Client.start({ capabilities, root: tree.root, initializationOptions: { rulePageLink: 'x:{id}' } });
    const session = Object.assign(new Session(client), { tree, uri: tree.uri('drivers/a.c') });
    try {
      await client.open(session.uri, SLEEPS);
      await work(session);
    } finally {
      await client.stop();
    }
  }

  async action(title: RegExp): Promise<CodeAction | undefined> {
    const start = at(SLEEPS, 'GFP_KERNEL');
    const actions: CodeAction[] = await this.client.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: this.uri },
      range: { start, end: start },
      context: { diagnostics: [] },
    });
    return actions.find((one) => title.test(one.title));
  }

  /** Does what a client does with the action, and tells the server of the files. */
  async apply({ edit }: CodeAction): Promise<void> {
    const uris = new Set<string>();
    for (const change of edit!.documentChanges!) {
      if ('kind' in change) continue;
      const path = fileURLToPath(change.textDocument.uri);
      writeFileSync(path, applied(existsSync(path) ? readFileSync(path, 'utf8') : '', (change as TextDocumentEdit).edits as never));
      uris.add(change.textDocument.uri);
    }
    await this.client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [...uris].map((uri) => ({ uri, type: 2 })),
    });
  }

  async rules(): Promise<unknown[]> {
    return (await this.client.pull(this.uri)).items.map(({ code }) => code);
  }

  read(name: string): string {
    return readFileSync(join(this.tree.root, name), 'utf8');
  }
}

describe('accepting a finding without touching the source', () => {
  test('a first entry makes the baseline and names it in the project file, and the finding is gone', () =>
    Session.with(undefined, async (session) => {
      assert.deepEqual(await session.rules(), ['sleep-in-atomic']);
      const action = (await session.action(/^Add this sleep-in-atomic to the baseline \(gfp-baseline\.json\)$/))!;
      assert.equal(action.kind, 'quickfix');
      assert.equal(action.diagnostics![0]!.code, 'sleep-in-atomic');
      assert.deepEqual(
        action.edit!.documentChanges!.map((change) => ('kind' in change ? change.kind : 'edit')),
        ['create', 'edit', 'create', 'edit'],
      );
      // Our own client saves the files, so that they count.
      assert.equal(action.command!.command, 'gfpLens.saveFiles');
      await session.apply(action);
      assert.deepEqual(JSON.parse(session.read('.gfp-lens.json')), { baseline: 'gfp-baseline.json' });
      const [row] = JSON.parse(session.read('gfp-baseline.json')).findings;
      assert.deepEqual([row.rule, row.file], ['sleep-in-atomic', 'drivers/a.c']);
      assert.deepEqual(await session.rules(), []);
    }));

  test('a baseline that is there is added to, comments of the project file stay', () =>
    Session.with('{\n  // known since 2024\n  "baseline": "known.json"\n}\n', async (session) => {
      session.tree.write('known.json', '{"version":1,"findings":[\n{"fingerprint":"1","rule":"x","file":"y.c"}\n]}\n');
      await session.apply((await session.action(/^Add this sleep-in-atomic to the baseline \(known\.json\)$/))!);
      assert.match(
        session.read('known.json'),
        /^\{"version":1,"findings":\[\n\{"fingerprint":"1".*\},\n\{.*"file":"drivers\/a\.c"\}\n\]\}\n$/,
      );
      assert.match(session.read('.gfp-lens.json'), /known since 2024/);
      assert.deepEqual(await session.rules(), []);
    }));

  test('a rule is turned off for the tree', () =>
    Session.with('{ "kernel": "6.1" }', async (session) => {
      await session.apply((await session.action(/^Turn sleep-in-atomic off for the tree \(\.gfp-lens\.json\)$/))!);
      assert.deepEqual(JSON.parse(session.read('.gfp-lens.json')), { kernel: '6.1', rules: { 'sleep-in-atomic': 'off' } });
      assert.deepEqual(await session.rules(), []);
    }));

  test('a project file with a mistake in it is not written to', () =>
    Session.with('{ "kernal": "6.1" }', async (session) => {
      assert.equal(await session.action(/baseline|Turn/), undefined);
    }));

  test('a client that cannot make files is offered what needs none', () =>
    Session.with(
      '{ "kernel": "6.1" }',
      async (session) => {
        assert.equal(await session.action(/baseline/), undefined);
        assert.ok(await session.action(/^Turn/));
      },
      PULL,
    ));
});

test('a change in several places says in a preview what it is for', () =>
  Session.with(undefined, async ({ client, tree }) => {
    const uri = tree.uri('drivers/queues.c');
    const text = `#include <linux/slab.h>
struct priv { int *queues; };
static int make(struct priv *priv, unsigned int n)
{
	priv->queues = kcalloc(n, sizeof(int), GFP_KERNEL_ACCOUNT);
	return priv->queues ? 0 : -ENOMEM;
}
static void drop(struct priv *priv)
{
	kfree(priv->queues);
}
`;
    await client.open(uri, text);
    const start = at(text, 'kcalloc');
    const actions: CodeAction[] = await client.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: { start, end: start },
      context: { diagnostics: [], only: ['refactor'] },
    });
    const { edit, title } = actions.find((one) => /kvcalloc/.test(one.title))!;
    const annotations = Object.values(edit!.changeAnnotations!);
    assert.deepEqual(
      annotations.map(({ label, needsConfirmation }) => [label, needsConfirmation]),
      [[title, false]],
    );
    assert.match(annotations[0]!.description!, /^prefer-kvmalloc: /);
    const [change] = edit!.documentChanges as TextDocumentEdit[];
    assert.ok(change!.edits.length > 1 && change!.edits.every((one) => 'annotationId' in one));
  }));

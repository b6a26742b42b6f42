import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ClientCapabilities } from 'vscode-languageserver-protocol/node';
import { Client, KernelLikeTree, PULL, PUSH } from './client';
import { SLEEPS } from './sources';

const trees: KernelLikeTree[] = [];
after(() => {
  for (const tree of trees) tree.dispose();
});

function newTree(project: unknown): KernelLikeTree {
  const tree = new KernelLikeTree();
  trees.push(tree);
  if (project !== undefined) writeProject(tree, project);
  return tree;
}

function writeProject(tree: KernelLikeTree, project: unknown): string {
  return tree.write('.gfp-lens.json', typeof project === 'string' ? project : JSON.stringify(project));
}

/** Waits until the newest diagnostics of a document read like this: `code:severity`, or the message where there is no code. */
async function settled(client: Client, uri: string, expected: readonly string[]): Promise<void> {
  const shown = (): readonly string[] | undefined =>
    client.published
      .findLast((one) => one.uri === uri)
      ?.diagnostics.map((one) => (one.code === undefined ? String(one.message) : `${one.code}:${one.severity}`));
  await client.until(`${expected} in ${uri}`, () => (JSON.stringify(shown()) === JSON.stringify(expected) ? true : undefined));
}

async function withClient(capabilities: ClientCapabilities, work: (client: Client) => Promise<void>, options: object = {}): Promise<void> {
  const client = await Client.start({ capabilities, ...options });
  try {
    await work(client);
  } finally {
    await client.stop();
  }
}

const WATCHING: ClientCapabilities = { ...PUSH, workspace: { ...PUSH.workspace, didChangeWatchedFiles: { dynamicRegistration: true } } };

test('severities by folder, and settings of the editor above them', async () => {
  const tree = newTree({ rules: { 'sleep-in-atomic': 'warning' }, folders: { quiet: { 'sleep-in-atomic': 'info' }, tools: 'off' } });
  await withClient(PUSH, async (client) => {
    for (const [path, expected] of Object.entries({ 'a.c': ['sleep-in-atomic:2'], 'quiet/b.c': ['sleep-in-atomic:3'], 'tools/c.c': [] })) {
      await client.open(tree.uri(path), SLEEPS);
      await settled(client, tree.uri(path), expected);
    }
    await client.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { gfpLens: { rules: { 'sleep-in-atomic': 'hint' } } },
    });
    await settled(client, tree.uri('a.c'), ['sleep-in-atomic:4']);
    await settled(client, tree.uri('quiet/b.c'), ['sleep-in-atomic:4']);
  });
});

test('a client that watches files says what changed: a new project file, its baseline, and that it is gone', async () => {
  const tree = newTree(undefined);
  const uri = tree.uri('drivers/a.c');
  await withClient(WATCHING, async (client) => {
    const changed = (...uris: string[]): Promise<void> =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: uris.map((one) => ({ uri: one, type: 2 })) });
    await client.open(uri, SLEEPS);
    await settled(client, uri, ['sleep-in-atomic:1']);
    const project = writeProject(tree, { rules: { 'sleep-in-atomic': 'off' }, baseline: 'known.json' });
    await changed(project);
    await settled(client, uri, []);
    await client.until('a watch of the baseline', () =>
      client.registrations.filter((one) => one === 'workspace/didChangeWatchedFiles').length === 2 ? true : undefined,
    );
    const baseline = tree.write('known.json', 'no baseline');
    await changed(baseline);
    await settled(client, project, ['known.json is not a baseline written by --update-baseline']);
    rmSync(join(tree.root, '.gfp-lens.json'));
    await changed(project);
    await settled(client, uri, ['sleep-in-atomic:1']);
    await settled(client, project, []);
  });
});

test('for a client that watches nothing the server does it itself', async () => {
  const tree = newTree({ rules: { 'sleep-in-atomic': 'warning' } });
  const uri = tree.uri('drivers/a.c');
  await withClient(PUSH, async (client) => {
    await client.open(uri, SLEEPS);
    await settled(client, uri, ['sleep-in-atomic:2']);
    writeProject(tree, { rules: { 'sleep-in-atomic': 'info' } });
    await settled(client, uri, ['sleep-in-atomic:3']);
  });
});

test('mistakes are shown in the project file, also to a client that pulls; the rest of the file counts', async () => {
  const tree = newTree('{\n  "kernel": "six",\n  "rules": { "sleep-in-atomic": "warning" }\n}');
  await withClient(PULL, async (client) => {
    const uri = tree.uri('drivers/a.c');
    await client.open(uri, SLEEPS);
    assert.deepEqual(
      (await client.pull(uri)).items.map((one) => `${one.code}:${one.severity}`),
      ['sleep-in-atomic:2'],
    );
    const project = tree.uri('.gfp-lens.json');
    await settled(client, project, ['"six": is not a kernel release; write it like 6.1 or 6.12.3']);
    const { range } = client.published.findLast((one) => one.uri === project)!.diagnostics[0]!;
    assert.deepEqual(range, { start: { line: 1, character: 12 }, end: { line: 1, character: 17 } });
  });
});

test('a module outside of any tree: its project file names the kernel, and makes its files kernel code', async () => {
  const kernel = newTree(undefined);
  const module = newTree({ tree: kernel.root });
  rmSync(join(module.root, 'Makefile'));
  await withClient(
    PUSH,
    async (client) => {
      const uri = module.uri('src/a.c');
      await client.open(uri, SLEEPS.replace(/#include.*\n/g, ''));
      await settled(client, uri, ['sleep-in-atomic:1']);
      await client.until('the kernel of the module', () =>
        client.statuses.find((status) => status.uri === uri && status.model.startsWith('6.1.192')),
      );
    },
    { initializationOptions: { rulePageLink: 'x:{id}' } },
  );
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Random } from '../fuzz/random';
import { branchesOf, type DiskChange, WorkingTree } from '../support/branchScript';
import { Client, KernelLikeTree, PUSH } from './client';

/** `GFP_SCRIPTS=50` runs as many as a release is tried with. */
const SCRIPTS = Number(process.env.GFP_SCRIPTS ?? 2);
const FIRST = Number(process.env.GFP_FIRST_SCRIPT ?? 1);
const SWITCHES = 3;
const BRANCHES = 3;
/** Nothing is said for so long when all is done: the server waits half a second for more files to change, and a quarter for more typing. */
const QUIET = 1200;
/** What is not the same after so long never will be, ms. */
const PATIENCE = 15_000;

/** An editor with documents of a working tree: it tells the server what editors tell when another branch is checked out. */
class Editor {
  /** What the open documents hold, with what was not saved. */
  readonly texts = new Map<string, { text: string; dirty: boolean; version: number }>();
  private constructor(
    readonly tree: WorkingTree,
    readonly client: Client,
    private readonly cacheHome: string,
  ) {}

  static async start(tree: WorkingTree): Promise<Editor> {
    const cacheHome = mkdtempSync(join(tmpdir(), 'gfp-lens-cache-'));
    const capabilities = {
      ...PUSH,
      textDocument: { ...PUSH.textDocument, codeLens: {} },
      workspace: { ...PUSH.workspace, didChangeWatchedFiles: { dynamicRegistration: true } },
    };
    const initializationOptions = { contextLens: true };
    return new Editor(tree, await Client.start({ capabilities, root: tree.root, cacheHome, initializationOptions }), cacheHome);
  }

  async open(path: string, text = this.tree.text(path)!): Promise<void> {
    this.texts.set(path, { text, dirty: text !== this.tree.text(path), version: 1 });
    await this.client.open(this.tree.uri(path), text);
  }

  async type(path: string, text: string, dirty = true): Promise<void> {
    const version = this.texts.get(path)!.version + 1;
    this.texts.set(path, { text, dirty, version });
    await this.client.change(this.tree.uri(path), version, [{ text }]);
  }

  async close(path: string): Promise<void> {
    this.texts.delete(path);
    await this.client.close(this.tree.uri(path));
  }

  /** Only what the server asked to hear of. */
  async watched(changes: readonly DiskChange[]): Promise<void> {
    const heard = changes.filter(({ path }) => this.client.watches(path));
    if (heard.length === 0) return;
    await this.client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: heard.map(({ path, type }) => ({ uri: this.tree.uri(path), type })),
    });
  }

  /** Documents without changes follow the disk; those of files that are gone are closed. */
  async reload(): Promise<void> {
    for (const [path, { text, dirty }] of [...this.texts]) {
      const onDisk = this.tree.text(path);
      if (dirty || onDisk === text) continue;
      if (onDisk === undefined) await this.close(path);
      else await this.type(path, onDisk, false);
    }
  }

  async index(): Promise<void> {
    const uri = this.tree.uri('Makefile');
    const { state } = await this.client.connection.sendRequest<{ state: string }>('gfpLens/index', { uri });
    assert.equal(state, 'ready');
  }

  /** What the user sees: diagnostics as they were last published, and the lines above functions. */
  async answers(): Promise<unknown> {
    const seen: [string, unknown, unknown][] = [];
    for (const path of [...this.texts.keys()].sort()) {
      const uri = this.tree.uri(path);
      const lenses: { range: unknown; command?: { title: string } }[] = await this.client.connection.sendRequest('textDocument/codeLens', {
        textDocument: { uri },
      });
      const shown = this.client.published.findLast((one) => one.uri === uri)?.diagnostics ?? [];
      seen.push([path, shown, lenses.map(({ range, command }) => [range, command?.title])]);
    }
    return seen;
  }

  async stop(): Promise<void> {
    await this.client.stop();
    rmSync(this.cacheHome, { recursive: true, force: true });
  }
}

/** One editor through several branches, compared with one that was started on each of them. */
class BranchScript {
  private readonly random: Random;
  compared = 0;
  findings = 0;
  last = '';

  constructor(
    seed: number,
    private readonly indexed: boolean,
  ) {
    this.random = new Random(seed);
  }

  async run(): Promise<void> {
    const { random } = this;
    const branches = branchesOf(random, BRANCHES);
    const tree = new WorkingTree(branches[0]!);
    const editor = await Editor.start(tree);
    try {
      for (const path of sources(tree)) if (!random.once(3)) await editor.open(path);
      if (this.indexed) await editor.index();
      await quiet([editor.client]);
      for (let step = 0; step < SWITCHES; step++) {
        for (let edits = random.below(3); edits > 0; edits--) await this.edit(editor);
        const branch = random.pick(branches.filter((one) => tree.changesTo(one).length > 0));
        const changes = shuffled(tree.changesTo(branch), random);
        // The watcher may tell in the middle of it, and documents may follow before it does.
        const half = random.below(changes.length + 1);
        tree.apply(changes.slice(0, half), branch);
        if (random.once(2)) await editor.watched(changes.slice(0, half));
        if (random.once(3)) await editor.reload();
        tree.apply(changes.slice(half), branch);
        if (random.once(2)) await editor.reload();
        await editor.watched(changes);
        await editor.reload();
        this.last = `switch ${step + 1}: ${changes.map(({ path, type }) => `${'?+~-'[type]}${path}`).join(' ')}`;
        await this.compare(editor);
      }
    } finally {
      await editor.stop();
      tree.dispose();
    }
  }

  private async edit(editor: Editor): Promise<void> {
    const { random } = this;
    const path = random.pick(sources(editor.tree));
    const open = editor.texts.get(path);
    const typed = (text: string): string => (random.once(2) ? text.replace('spin_lock(', 'mutex_lock(') : `${text}/* more */\n`);
    if (open === undefined) await editor.open(path);
    else if (random.once(4)) await editor.close(path);
    else await editor.type(path, typed(open.text));
  }

  private async compare(editor: Editor): Promise<void> {
    const fresh = await Editor.start(editor.tree);
    try {
      for (const [path, { text }] of editor.texts) await fresh.open(path, text);
      if (this.indexed) await fresh.index();
      const deadline = Date.now() + PATIENCE;
      let [wanted, got] = [await fresh.answers(), await editor.answers()];
      // What comes late still counts; what is the same must stay so.
      for (let same = 0; same < 2; ) {
        await quiet([fresh.client, editor.client]);
        [wanted, got] = [await fresh.answers(), await editor.answers()];
        same = JSON.stringify(wanted) === JSON.stringify(got) ? same + 1 : 0;
        if (same === 0 && Date.now() > deadline) break;
      }
      assert.deepEqual(got, wanted, this.last);
      this.compared += editor.texts.size;
      this.findings += editor.client.published.length;
    } finally {
      await fresh.stop();
    }
  }
}

function sources(tree: WorkingTree): readonly string[] {
  return tree.paths.filter((path) => path.endsWith('.c'));
}

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const left = [...list];
  return list.map(() => left.splice(random.below(left.length), 1)[0]!);
}

/** Resolves when none of the servers has said anything for a while. */
async function quiet(clients: readonly Client[]): Promise<void> {
  const said = (): string => clients.map(({ published, indexStates }) => `${published.length} ${indexStates.length}`).join();
  for (let before = ''; before !== said(); ) {
    before = said();
    await new Promise((done) => setTimeout(done, QUIET));
  }
}

// They wait most of the time.
describe('another branch is checked out under open documents', { concurrency: 4 }, () => {
  for (const indexed of [false, true]) {
    for (let script = FIRST; script < FIRST + SCRIPTS; script++) {
      test(`script ${script}, ${indexed ? 'with' : 'without'} an index: the answers are those of a fresh editor`, async () => {
        await new BranchScript(script, indexed).run();
      });
    }
  }
});

test('a client that watches no files: a header that changed counts when the document that needs it comes to rest', async () => {
  const tree = new KernelLikeTree();
  const text =
    '#include <linux/slab.h>\n#include "ring.h"\n\nvoid *slots(void)\n{\n\treturn kmalloc(sizeof(struct slots), GFP_KERNEL);\n}\n';
  const uri = tree.write('drivers/ring/slots.c', text);
  const bytes = (count: number): string => tree.write('drivers/ring/ring.h', `struct slots { char bytes[${count}]; };\n`);
  const client = await Client.start({ capabilities: PUSH, root: tree.root });
  const shows = (size: string) => () =>
    client.published.findLast((one) => one.uri === uri)?.diagnostics.some(({ message }) => String(message).includes(size)) || undefined;
  try {
    bytes(9_000_000);
    await client.open(uri, text);
    await client.until('the size', shows('9000000'));
    bytes(8_000_000);
    await client.change(uri, 2, [{ text: `${text}\n` }]);
    await client.until('the new size', shows('8000000'));
  } finally {
    await client.stop();
    tree.dispose();
  }
});

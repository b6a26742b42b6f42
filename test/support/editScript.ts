import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import { Host } from '../../server/src/ide/host';
import { DEFAULT_SETTINGS, type HostSettings } from '../../server/src/ide/settings';
import { ByteDocument } from '../../server/src/lsp/byteDocument';
import { nodeFiles } from '../../server/src/lsp/node/nodeFiles';
import { TreeKernels } from '../../server/src/lsp/treeKernels';
import { Random } from '../fuzz/random';
import { ALLOCATION_WORDS, C_WORDS, DIRECTIVE_WORDS } from '../fuzz/targets/words';

const WORDS = [...ALLOCATION_WORDS, ...C_WORDS, ...DIRECTIVE_WORDS, 'ä', '𝄞', '\r\n', '\n', '\t', ';', '}', '{'];
const RELEASES = ['VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 3\n', 'VERSION = 5\nPATCHLEVEL = 10\nSUBLEVEL = 0\n'];
const HEADERS = ['struct ring { u8 data[64]; spinlock_t lock; };\n', 'struct ring { u8 data[6400000]; spinlock_t lock; };\n'];
const PROJECTS = ['{}', '{ "rules": { "sleep-in-atomic": "off" } }', '{ "kernel": "6.12" }', '{ broken'];
const SETTINGS: readonly Partial<HostSettings>[] = [
  {},
  { showPossible: true },
  { kernelVersion: '6.9' },
  { inlayHints: true, codeLens: true },
];
const NAMES = ['drivers/a.c', 'drivers/b.c', 'fs/c.c', 'include/linux/d.h'];
/** Versions of a document that undo can go back to. */
const UNDO = 8;

/** What the script did, and how often the answers were compared. */
export interface ScriptResult {
  readonly steps: number;
  readonly compared: number;
  /** Findings in the answers that were compared. */
  readonly findings: number;
}

/**
 * Edits documents of a small tree at random as people and editors do, and holds what the editor's state answers against that of a fresh one that was
 * only given the final texts. The same seed does the same. Throws with the seed where the answers differ.
 */
export function runEditScript(seed: number, sources: readonly string[], steps: number): ScriptResult {
  const window = new Window(new Random(seed), sources);
  let step = 0;
  try {
    for (; step < steps; step++) window.step();
    window.compare();
    return { steps, compared: window.compared, findings: window.findings };
  } catch (error) {
    throw new Error(`edit script ${seed}, step ${step} (${window.last}): ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  } finally {
    window.dispose();
  }
}

/** One editor window on a tree of its own on disk. */
class Window {
  compared = 0;
  findings = 0;
  /** What the last step was. */
  last = '';
  private readonly root = mkdtempSync(join(tmpdir(), 'gfp-lens-script-'));
  private readonly kernels = new TreeKernels(nodeFiles(), () => undefined);
  private readonly host = new Host(this.kernels);
  private readonly documents = new Map<string, ByteDocument>();
  private readonly older = new Map<string, string[]>();
  private settings: HostSettings = DEFAULT_SETTINGS;
  private settling: Generator<void, boolean>[] = [];
  private version = 1;

  constructor(
    private readonly random: Random,
    private readonly sources: readonly string[],
  ) {
    this.write('Makefile', RELEASES[0]!);
    this.write('Kbuild', '');
    this.write('include/linux/ring.h', HEADERS[0]!);
    this.open(NAMES[0]!, random.pick(sources));
  }

  step(): void {
    const kind = this.random.below(20);
    if (kind < 10) this.type();
    else if (kind < 12) this.undo();
    else if (kind < 13) this.changeDisk();
    else if (kind < 14) this.changeSettings();
    else if (kind < 16) this.rename();
    else if (kind < 17) this.open(this.random.pick(NAMES), this.random.pick(this.sources));
    else if (kind < 18) this.close();
    else this.ask();
    if (this.random.once(3)) for (const uri of this.documents.keys()) this.settle(uri);
    // What was begun before this step goes on behind it, as in a server that hears of changes in between.
    this.settling = this.settling.filter((work) => !work.next().done);
    if (this.random.once(2)) this.compare();
  }

  /** At once, or in steps that go on behind later steps of the script. */
  private settle(uri: string): void {
    if (this.random.once(2)) this.host.settle(uri);
    else this.settling.push(this.host.settling(uri));
  }

  /** A few letters, a word, a deletion, or a paste, as the protocol tells it: several changes in one message, positions in UTF-16. */
  private type(): void {
    const document = this.any();
    if (document === undefined) return;
    this.last = `typing in ${document.path}`;
    const changes: TextDocumentContentChangeEvent[] = [];
    let next = document;
    for (let left = this.random.size(4); left > 0; left--) {
      const at = this.random.below(next.bytes.length + 1);
      const end = this.random.once(2) ? at : Math.min(next.bytes.length, at + this.random.size(60));
      const text = this.random.once(8)
        ? this.random.pick(this.sources).slice(0, this.random.size(400))
        : this.random.once(3)
          ? ''
          : this.random.pick(WORDS);
      const change = { range: next.rangeAt(at, end), text };
      changes.push(change);
      next = next.edited([change], this.version);
    }
    const edited = document.edited(changes, ++this.version);
    assert.deepEqual(Buffer.from(edited.bytes), Buffer.from(next.bytes), 'changes in one message and one by one');
    this.remember(document);
    this.put(edited);
  }

  private undo(): void {
    const document = this.any();
    const text = document && this.older.get(document.uri)?.pop();
    if (document === undefined || text === undefined) return;
    this.last = `undo in ${document.path}`;
    this.put(document.edited([{ text }], ++this.version));
  }

  /** A branch is switched, a header saved, a project file written; the watcher tells. */
  private changeDisk(): void {
    const { random } = this;
    const [path, texts] = random.pick([
      ['Makefile', RELEASES],
      ['include/linux/ring.h', HEADERS],
      ['.gfp-lens.json', PROJECTS],
    ] as const);
    this.last = `${path} changes`;
    this.write(path, random.pick(texts));
    this.host.apply({ kind: 'kernel' });
  }

  private changeSettings(): void {
    this.last = 'settings change';
    this.settings = { ...DEFAULT_SETTINGS, ...this.random.pick(SETTINGS) };
    this.host.apply({ kind: 'settings', settings: { base: this.settings, folders: [] } });
  }

  private rename(): void {
    const document = this.any();
    if (document === undefined) return;
    this.last = `rename of ${document.path}`;
    const text = Buffer.from(document.bytes).toString('utf8');
    this.drop(document);
    this.open(this.random.pick(NAMES), text);
  }

  private open(name: string, text: string): void {
    const path = join(this.root, name);
    const uri = `file://${path}`;
    if (this.documents.has(uri)) return;
    this.last = `open ${name}`;
    this.put(ByteDocument.open(uri, path, 'c', ++this.version, text, 'utf-16'));
  }

  private close(): void {
    const document = this.any();
    if (document === undefined || this.documents.size < 2) return;
    this.last = `close ${document.path}`;
    this.drop(document);
  }

  /** Questions in between fill caches. */
  private ask(): void {
    const document = this.any();
    if (document === undefined) return;
    this.last = `questions about ${document.path}`;
    const snapshot = this.host.snapshot();
    const at = this.random.below(document.bytes.length + 1);
    snapshot.hover(document.uri, at);
    snapshot.completions(document.uri, at);
    snapshot.fixAll(document.uri);
  }

  /** Holds every answer against that of a state that never saw another text. */
  compare(): void {
    this.compared++;
    const fresh = new Host(new TreeKernels(nodeFiles(), () => undefined));
    fresh.apply({ kind: 'settings', settings: { base: this.settings, folders: [] } });
    for (const document of this.documents.values()) {
      const text = Buffer.from(document.bytes).toString('utf8');
      fresh.apply({ kind: 'text', text: ByteDocument.open(document.uri, document.path, 'c', document.version, text, 'utf-16') });
    }
    for (const { uri, bytes, path } of this.documents.values()) {
      for (const host of [this.host, fresh]) host.settle(uri);
      const places = [this.random.below(bytes.length + 1), this.random.below(bytes.length + 1)];
      this.findings += fresh.snapshot().diagnostics(uri).length;
      assert.deepEqual(answers(this.host, uri, places), answers(fresh, uri, places), path);
    }
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private any(): ByteDocument | undefined {
    return this.documents.size === 0 ? undefined : this.random.pick([...this.documents.values()]);
  }

  private put(document: ByteDocument): void {
    this.documents.set(document.uri, document);
    this.host.apply({ kind: 'text', text: document });
    // As after every keystroke: what is shown then is carried over from what was shown before.
    if (!this.random.once(3))
      for (const { range } of this.host.snapshot().diagnostics(document.uri)) assert.ok(range.end <= document.bytes.length);
  }

  private drop(document: ByteDocument): void {
    this.documents.delete(document.uri);
    this.older.delete(document.uri);
    this.host.apply({ kind: 'close', uri: document.uri });
  }

  private remember({ uri, bytes }: ByteDocument): void {
    this.older.set(uri, [...(this.older.get(uri) ?? []), Buffer.from(bytes).toString('utf8')].slice(-UNDO));
  }

  private write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }
}

function answers(host: Host, uri: string, places: readonly number[]): unknown {
  const snapshot = host.snapshot();
  const all = { start: 0, end: snapshot.text(uri)!.bytes.length };
  return {
    diagnostics: snapshot.diagnostics(uri).map(plain),
    actions: snapshot.codeActions(uri, all).map(plain),
    offers: snapshot.offers(uri, all).map(plain),
    fixAll: plain(snapshot.fixAll(uri)),
    hints: plain(snapshot.inlayHints(uri, all)),
    lenses: plain(snapshot.codeLenses(uri)),
    places: places.map((at) => plain([snapshot.hover(uri, at), snapshot.completions(uri, at), snapshot.maskTextAt(uri, at)])),
  };
}

/** What answers point to within the analysis: whole trees of facts, and numbers that depend on what was read before. */
const INTERNAL: ReadonlySet<string> = new Set(['call', 'function', 'mask', 'finding', 'node']);

/** An answer as its reader sees it. */
function plain(answer: unknown): string {
  return JSON.stringify(answer, (key, value) => (INTERNAL.has(key) ? undefined : value)) ?? '';
}

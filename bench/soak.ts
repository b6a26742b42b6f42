// Edits documents for as long as somebody works on a tree: 10,000 edits over 2,000 files, with hovers, fixes and questions in between, in one language
// server. Prints memory, open files and latency as the session goes on; nothing may grow, and nothing may get slower.
//
//   npx tsx bench/soak.ts [--edits N] [--files N]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { Random } from '../test/fuzz/random';
import { seedsOf } from '../test/fuzz/seeds';

const PROJECT = join(__dirname, '..');
/** Documents that are open at once, as with the tabs of an editor. */
const OPEN = 12;
const REPORTS = 10;

const { values } = parseArgs({ options: { edits: { type: 'string', default: '10000' }, files: { type: 'string', default: '2000' } } });
const random = new Random(1);
const sources = seedsOf('analyse', PROJECT).map((bytes) => Buffer.from(bytes).toString('utf8'));
const root = mkdtempSync(join(tmpdir(), 'gfp-lens-soak-'));

interface Tab {
  readonly uri: string;
  version: number;
  lines: number;
}

class Session {
  private readonly child = spawn(process.execPath, ['--expose-gc', join(PROJECT, 'dist', 'server.js'), '--stdio']);
  private readonly connection: ProtocolConnection = createProtocolConnection(
    new StreamMessageReader(this.child.stdout),
    new StreamMessageWriter(this.child.stdin),
  );
  private readonly tabs: Tab[] = [];
  private latencies: number[] = [];
  edits = 0;

  async start(): Promise<void> {
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.onRequest('workspace/diagnostic/refresh', () => null);
    this.connection.listen();
    const capabilities = {
      textDocument: { diagnostic: {}, codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } } } },
    };
    const workspaceFolders = [{ uri: pathToFileURL(root).toString(), name: 'tree' }];
    await this.connection.sendRequest('initialize', { processId: process.pid, rootUri: null, workspaceFolders, capabilities });
    await this.connection.sendNotification('initialized', {});
  }

  async step(path: string): Promise<void> {
    if (this.tabs.length < OPEN || random.once(5)) await this.open(path);
    const tab = random.pick(this.tabs);
    const line = random.below(tab.lines);
    const range = { start: { line, character: 0 }, end: { line, character: random.once(3) ? 200 : 0 } };
    const text = random.pick(['', '\tp = kmalloc(8, GFP_KERNEL);\n', '\tspin_lock(&r->lock);\n', `int name${this.edits};\n`, '}\n', '\n']);
    const textDocument = { uri: tab.uri };
    const begin = performance.now();
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: tab.uri, version: ++tab.version },
      contentChanges: [{ range, text }],
    });
    await this.connection.sendRequest('textDocument/diagnostic', { textDocument });
    this.latencies.push(performance.now() - begin);
    tab.lines += text.includes('\n') ? 1 : 0;
    this.edits++;
    const position = { line: random.below(tab.lines), character: random.below(40) };
    if (random.once(3)) await this.connection.sendRequest('textDocument/hover', { textDocument, position }).catch(() => null);
    if (random.once(5))
      await this.connection.sendRequest('textDocument/codeAction', {
        textDocument,
        range: { start: { line: 0, character: 0 }, end: { line: tab.lines, character: 0 } },
        context: { diagnostics: [], ...(random.once(2) && { only: ['source.fixAll'] }) },
      });
    if (random.once(4)) await this.connection.sendRequest('textDocument/completion', { textDocument, position }).catch(() => null);
    if (random.once(200))
      await this.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: pathToFileURL(join(root, 'Makefile')).toString(), type: 2 }],
      });
    // Some of the time nobody types, and the server looks at documents as a whole.
    if (random.once(50)) await new Promise((done) => setTimeout(done, 300));
  }

  private async open(path: string): Promise<void> {
    const uri = pathToFileURL(join(root, path)).toString();
    if (this.tabs.some((tab) => tab.uri === uri)) return;
    const text = readFileSync(join(root, path), 'utf8');
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text } });
    this.tabs.push({ uri, version: 1, lines: text.split('\n').length });
    if (this.tabs.length > OPEN)
      await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: this.tabs.shift()!.uri } });
  }

  /** One line about the time since the last report. */
  report(): string {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    const memory = Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
    const handles = readdirSync(`/proc/${this.child.pid}/fd`).length;
    const sorted = this.latencies.sort((a, b) => a - b);
    const at = (part: number): string => `${(sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1)} ms`;
    this.latencies = [];
    return `${String(this.edits).padStart(6)} edits  ${memory.toFixed(0).padStart(4)} MB  ${handles} open files  median ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}`;
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    this.connection.dispose();
  }
}

function writeTree(files: number): readonly string[] {
  writeFileSync(join(root, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n');
  writeFileSync(join(root, 'Kbuild'), '');
  return Array.from({ length: files }, (_, index) => {
    const path = `drivers/d${index % 40}/f${index}.c`;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${random.pick(sources)}\nint own_name_of_file_${index};\n`);
    return path;
  });
}

async function main(): Promise<void> {
  const paths = writeTree(Number(values.files));
  const session = new Session();
  await session.start();
  const edits = Number(values.edits);
  while (session.edits < edits) {
    await session.step(random.pick(paths));
    if (session.edits % Math.ceil(edits / REPORTS) === 0) console.log(session.report());
  }
  await session.stop();
}

main().finally(() => rmSync(root, { recursive: true, force: true }));

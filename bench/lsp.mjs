#!/usr/bin/env node
// Measures the built language server (dist/server.js) over stdio on drivers/net/ethernet/broadcom/bnxt/bnxt.c of a kernel tree:
// the time from process start to the first diagnostics, and from each of 200 single-character edits to its diagnostics, right after opening, later, and
// where an edit finds the server busy with what it does when nobody types.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import protocol from 'vscode-languageserver-protocol/node';

const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = protocol;
const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const server = join(repository, 'dist', 'server.js');
const tree = join(process.env.GFP_KERNELS ?? join(homedir(), '.cache', 'kernels'), 'linux-source-6.1');
const file = join(tree, 'drivers/net/ethernet/broadcom/bnxt/bnxt.c');
const EDITS = 200;
const STARTS = 7;
/** Long enough for the server to have looked at the whole of a file, ms. */
const SETTLED = 4000;
/** So long after a change the server begins to, and a bit, ms. */
const IDLE = 300;
const INTERRUPTIONS = 40;

for (const needed of [server, file]) {
  if (existsSync(needed)) continue;
  process.stderr.write(`bench/lsp: ${needed} is missing\n`);
  process.exit(2);
}
const text = readFileSync(file, 'utf8');
const uri = pathToFileURL(file).toString();

/** A server with bnxt.c open; `first` is the time from process start to its diagnostics, ms. */
async function open() {
  const started = performance.now();
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const waiting = new Map();
  connection.onNotification('textDocument/publishDiagnostics', ({ version, diagnostics }) => waiting.get(version)?.(diagnostics));
  connection.listen();
  const diagnosticsOf = (version) => new Promise((done) => waiting.set(version, done));
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(tree).toString(),
    workspaceFolders: [{ uri: pathToFileURL(tree).toString(), name: 'linux' }],
    capabilities: { textDocument: { publishDiagnostics: { versionSupport: true, relatedInformation: true } } },
  });
  connection.sendNotification('initialized', {});
  const arrived = diagnosticsOf(1);
  connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text } });
  const diagnostics = await arrived;
  return { first: performance.now() - started, diagnostics, child, connection, diagnosticsOf };
}

async function close({ connection, child }) {
  const ended = new Promise((done) => child.once('exit', done));
  await connection.sendRequest('shutdown');
  connection.sendNotification('exit');
  await ended;
  connection.dispose();
}

/** Lines inside of functions, all over the file. */
const bodies = text.split('\n').flatMap((line, index) => (/^\t\w.*;$/.test(line) ? [index] : []));

/** Somebody who types and deletes single characters all over the file, one session long. */
class Typist {
  version = 1;

  constructor(session) {
    this.session = session;
  }

  /** One character typed or deleted: the time to the diagnostics of that text, ms. */
  async key(share, typing) {
    const { connection, diagnosticsOf } = this.session;
    const version = ++this.version;
    const place = { line: bodies[Math.floor(share * bodies.length)], character: 1 };
    const arrived = diagnosticsOf(version);
    const started = performance.now();
    connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: place, end: typing ? place : { ...place, character: 2 } }, text: typing ? 'x' : '' }],
    });
    await arrived;
    return performance.now() - started;
  }

  /** `pause`: how long a character stands before it is deleted, ms. */
  async type(edits, pause = 0) {
    const times = [];
    for (let edit = 0; edit < edits; edit += 2) {
      times.push(await this.key(edit / edits, true));
      if (pause > 0) await sleep(pause);
      times.push(await this.key(edit / edits, false));
    }
    return times;
  }
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
}

const firsts = [];
for (let i = 0; i < STARTS; i++) {
  const session = await open();
  firsts.push(session.first);
  await close(session);
}
const session = await open();
const typist = new Typist(session);
const fresh = await typist.type(EDITS);
await sleep(SETTLED);
const settled = await typist.type(EDITS);
const interrupting = (await typist.type(INTERRUPTIONS, IDLE)).filter((_, edit) => edit % 2 === 1);
await close(session);

const rows = [['first diagnostics after process start, median', quantile(firsts, 0.5), 300]];
for (const [when, times] of [
  ['in a file just opened', fresh],
  ['in a file looked at as a whole', settled],
  ['while it is looked at', interrupting],
]) {
  rows.push([`keystroke to diagnostics ${when}, p50`, quantile(times, 0.5), undefined]);
  rows.push([`keystroke to diagnostics ${when}, p95`, quantile(times, 0.95), 20]);
  rows.push([`keystroke to diagnostics ${when}, max`, Math.max(...times), undefined]);
}
console.log(
  `bnxt.c: ${lineCount(text)} lines, ${Math.round(text.length / 1024)} KB, ${session.diagnostics.length} diagnostics, ${EDITS} edits each`,
);
for (const [what, value, target] of rows) {
  console.log(`${what.padEnd(64)} ${value.toFixed(1).padStart(7)} ms${target === undefined ? '' : `   target ${target} ms`}`);
}

function lineCount(source) {
  return source.split('\n').length;
}

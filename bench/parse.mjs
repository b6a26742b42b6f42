#!/usr/bin/env node
// Measures the parser on a kernel tree: MB/s, CPU seconds over all .c files, peak memory, one large file warm, damage.
// Usage: node bench/parse.mjs [tree] [--damage] [--lex]
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const kernels = process.env.GFP_KERNELS ?? join(homedir(), '.cache/kernels');
const tree = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? join(kernels, 'linux-source-6.1');
const listDamage = process.argv.includes('--damage');
const LARGE_FILE = 'drivers/net/ethernet/broadcom/bnxt/bnxt.c';
/** Functions with one of these words are the ones the product is about. */
const WORDS = /\b\w*(alloc|dup|GFP_|gfp|lock|free)\w*\b/;

const { parseFile, Interner, lex } = await loadParser();
const files = listSources(tree);
measureLargeFile();
measureTree();

async function loadParser() {
  const folder = mkdtempSync(join(tmpdir(), 'gfp-lens-bench-'));
  const outfile = join(folder, 'parser.cjs');
  const contents = `export { parseFile } from './server/src/syntax/parseFile'; export { lex } from './server/src/syntax/lexer'; export { Interner } from './server/src/base/interner';`;
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    outfile,
    logLevel: 'warning',
  });
  const parser = await import(outfile);
  if (!process.env.GFP_BENCH_KEEP) rmSync(folder, { recursive: true });
  return parser.default;
}

function listSources(folder) {
  const found = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith('.c')) found.push(join(entry.parentPath ?? entry.path, entry.name));
  }
  return found.sort();
}

function measureLargeFile() {
  const bytes = readFileSync(join(tree, LARGE_FILE));
  const interner = new Interner();
  const times = [];
  for (let run = 0; run < 40; run++) {
    const start = performance.now();
    parseFile(LARGE_FILE, bytes, { interner });
    times.push(performance.now() - start);
  }
  const warm = times.slice(20).sort((a, b) => a - b);
  console.log(
    `${LARGE_FILE}: ${(bytes.length / 1e3).toFixed(0)} KB, first ${times[0].toFixed(1)} ms, warm median ${warm[warm.length >> 1].toFixed(2)} ms`,
  );
}

function measureTree() {
  const interner = new Interner();
  let total = 0;
  let parsed = 0;
  let lexed = 0;
  let peak = 0;
  const counts = { functions: 0, damaged: 0, relevant: 0, relevantDamaged: 0 };
  for (const path of files) {
    const bytes = readFileSync(path);
    total += bytes.length;
    if (process.argv.includes('--lex')) {
      const start = cpuMicroseconds();
      lex(bytes, interner);
      lexed += cpuMicroseconds() - start;
    }
    const start = cpuMicroseconds();
    const file = parseFile(path, bytes, { interner });
    parsed += cpuMicroseconds() - start;
    countDamage(path, file, counts);
    if (process.memoryUsage.rss() > peak) peak = process.memoryUsage.rss();
  }
  const seconds = parsed / 1e6;
  console.log(
    `${files.length} files, ${(total / 1e6).toFixed(1)} MB, ${seconds.toFixed(2)} CPU s (collector and compiler threads included), ${(total / 1e6 / seconds).toFixed(1)} MB/s, peak ${(peak / 1e6).toFixed(0)} MB`,
  );
  if (lexed > 0) console.log(`lexer alone: ${(total / lexed).toFixed(1)} MB/s`);
  console.log(
    `functions ${counts.functions}, damaged ${counts.damaged} (${percent(counts.damaged, counts.functions)}); with allocation, lock or gfp words ${counts.relevant}, damaged ${counts.relevantDamaged} (${percent(counts.relevantDamaged, counts.relevant)})`,
  );
}

function cpuMicroseconds() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function countDamage(path, file, counts) {
  const { tree: nodes, tokens, damage } = file;
  for (const { node, view, name } of file.functions) {
    const start = tokens.start[nodes.first[node]];
    const end = tokens.end[nodes.end[node] - 1];
    const hit = damage.find((entry) => entry.range.start >= start && entry.range.start < end);
    counts.functions++;
    if (hit !== undefined) counts.damaged++;
    if (!WORDS.test(Buffer.from(file.bytes.subarray(start, end)).toString('latin1'))) continue;
    counts.relevant++;
    if (hit === undefined) continue;
    counts.relevantDamaged++;
    if (listDamage) console.log(`${path}:${file.lines.lineOf(hit.range.start) + 1}: ${hit.reason} in ${name}, view ${view}`);
  }
  if (!listDamage) return;
  for (const entry of damage) {
    if (entry.function === '') console.log(`${path}:${file.lines.lineOf(entry.range.start) + 1}: ${entry.reason} at file level`);
  }
}

function percent(part, whole) {
  return `${((100 * part) / Math.max(1, whole)).toFixed(3)} %`;
}

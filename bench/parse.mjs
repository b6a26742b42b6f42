// The parser alone on a kernel tree: throughput and CPU time over all .c files, peak memory, a large file warm, and how many functions carry damage.
// Usage: node bench/parse.mjs [TREE] [--damage (list it)] [--lex (the lexer by itself, too)]
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('..', import.meta.url));
const kernels = process.env.GFP_KERNELS ?? join(homedir(), '.cache', 'kernels');
const given = process.argv.slice(2);
const tree = given.find((argument) => !argument.startsWith('--')) ?? join(kernels, 'linux-source-6.1');
const LARGE_FILE = 'drivers/net/ethernet/broadcom/bnxt/bnxt.c';
const WARM_RUNS = 40;
/** Functions with one of these words are the ones the product is about. */
const WORDS = /alloc|dup|GFP_|gfp|lock|free/;

/** Sums up the time of many short pieces of work. */
class Stopwatch {
  seconds = 0;
  cpuSeconds = 0;

  run(work) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const result = work();
    this.seconds += (performance.now() - start) / 1e3;
    const { user, system } = process.cpuUsage(cpu);
    this.cpuSeconds += (user + system) / 1e6;
    return result;
  }
}

const { parseFile, lex, Interner } = await loadParser();
const files = readdirSync(tree, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.c'))
  .sort();
const rows = [...largeFile(), ...wholeTree()];
for (const { what, value, budget } of rows) console.log(`${what}: ${value}${budget === undefined ? '' : ` (budget ${budget})`}`);
if (process.env.BENCH_RESULT !== undefined) writeFileSync(process.env.BENCH_RESULT, JSON.stringify(rows));

/** The parser as it is shipped: bundled, so that const enums are inlined. */
async function loadParser() {
  const folder = mkdtempSync(join(tmpdir(), 'gfp-lens-bench-'));
  const outfile = join(folder, 'parser.cjs');
  const contents = `export { parseFile } from './server/src/syntax/parseFile';
export { lex } from './server/src/syntax/lexer';
export { Interner } from './server/src/base/interner';`;
  const stdin = { contents, resolveDir: project, loader: 'ts' };
  await build({ stdin, bundle: true, platform: 'node', format: 'cjs', target: 'node20', outfile, logLevel: 'warning' });
  const parser = createRequire(import.meta.url)(outfile);
  rmSync(folder, { recursive: true });
  return parser;
}

function largeFile() {
  const bytes = readFileSync(join(tree, LARGE_FILE));
  const interner = new Interner();
  const times = Array.from({ length: WARM_RUNS }, () => {
    const start = performance.now();
    parseFile(LARGE_FILE, bytes, { interner });
    return performance.now() - start;
  });
  const warm = times.slice(WARM_RUNS / 2).sort((a, b) => a - b);
  return [
    { what: `bnxt.c (${Math.round(bytes.length / 1000)} KB), first`, value: `${times[0].toFixed(1)} ms` },
    { what: 'bnxt.c, warm (median)', value: `${warm[warm.length >> 1].toFixed(2)} ms`, budget: '8 ms' },
  ];
}

function wholeTree() {
  const interner = new Interner();
  const counts = { bytes: 0, functions: 0, damaged: 0, relevant: 0, relevantDamaged: 0 };
  const parsing = new Stopwatch();
  const lexing = new Stopwatch();
  let peak = 0;
  for (const path of files) {
    const bytes = readFileSync(join(tree, path));
    counts.bytes += bytes.length;
    if (given.includes('--lex')) lexing.run(() => lex(bytes, interner));
    const file = parsing.run(() => parseFile(path, bytes, { interner }));
    countDamage(path, file, counts);
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const megabytes = counts.bytes / 1e6;
  return [
    {
      what: `${files.length} files, ${Math.round(megabytes)} MB`,
      value: `${(megabytes / parsing.seconds).toFixed(1)} MB/s`,
      budget: '60 MB/s',
    },
    { what: 'CPU time (collector and compiler threads included)', value: `${parsing.cpuSeconds.toFixed(2)} s` },
    ...(lexing.seconds > 0 ? [{ what: 'lexer alone', value: `${(megabytes / lexing.seconds).toFixed(1)} MB/s` }] : []),
    { what: 'peak memory', value: `${Math.round(peak / 2 ** 20)} MiB` },
    { what: 'functions with damage', value: share(counts.damaged, counts.functions) },
    { what: 'of those with allocations, locks, gfp', value: share(counts.relevantDamaged, counts.relevant), budget: '0.2 %' },
  ];
}

function countDamage(path, file, counts) {
  const { tree: nodes, tokens, damage } = file;
  const list = (entry, where) => {
    if (given.includes('--damage')) console.log(`${path}:${file.lines.lineOf(entry.range.start) + 1}: ${entry.reason} ${where}`);
  };
  for (const { node, view, name } of file.functions) {
    const start = tokens.start[nodes.first[node]];
    const end = tokens.end[nodes.end[node] - 1];
    const hit = damage.find((entry) => entry.range.start >= start && entry.range.start < end);
    counts.functions++;
    if (hit !== undefined) counts.damaged++;
    if (!WORDS.test(Buffer.from(file.bytes.buffer, file.bytes.byteOffset + start, end - start).toString('latin1'))) continue;
    counts.relevant++;
    if (hit === undefined) continue;
    counts.relevantDamaged++;
    list(hit, `in ${name}, view ${view}`);
  }
  for (const entry of damage) if (entry.function === '') list(entry, 'at file level');
}

function share(part, whole) {
  return `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(3)} %)`;
}

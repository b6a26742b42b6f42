#!/usr/bin/env node
// Feeds one part of the program broken input, guided by the code that it reaches: `npm run fuzz -- TARGET... [--seconds N] [--inputs N] [--seed N]`.
//   --ledger    adds the run to test/fuzz/ledger.json
//   --coverage  says which blocks of the files that the target comes by it did not enter
//   --replay    the positions behind the target are files: each is run once more, and what comes of it is said
//
// First inputs: those of test/fuzz/seeds.ts, what earlier runs kept in .fuzz/TARGET/corpus, and pieces of the kernel sources in $GFP_KERNELS where they are.
// What breaks a promise lies in .fuzz/TARGET/findings afterwards (docs/fuzzing.md says what to do with it).
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { BLOCKS, instrument } from './fuzz/instrument.mjs';
import { kernelPieces } from './fuzz/kernelPieces.mjs';
import { addToLedger } from './fuzz/ledger.mjs';
import { bundled } from './new/bundle.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
/** An input that takes so much processor time hangs, seconds. */
const HANG = 15;
const LARGEST = 1 << 20;
/** Runs of an input that is looked at again: the first ones are slow because the engine compiles. */
const REPLAYS = 40;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    inputs: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    'no-kernel': { type: 'boolean', default: false },
    ledger: { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
  },
});
const { TARGETS } = await bundled("export { TARGETS } from './test/fuzz/targets';");
const names = TARGETS.map(({ name }) => name);
const unknown = (values.replay ? positionals.slice(0, 1) : positionals).find((name) => !names.includes(name));
if (positionals.length === 0 || unknown !== undefined) {
  console.error(
    unknown === undefined
      ? 'usage: npm run fuzz -- TARGET... [--seconds N] [--inputs N] [--seed N] [--no-kernel] [--ledger] [--coverage], or TARGET --replay FILE...'
      : `there is no target ${unknown}`,
  );
  console.error(`targets: ${names.join(', ')}`);
  process.exit(2);
}
let failed = false;
const counters = instrument(path.join(project, 'server', 'src'));
const folder = await bundle(values.replay ? [] : [counters.plugin]);
try {
  if (values.replay) await replay(positionals[0], positionals.slice(1));
  else for (const target of positionals) failed = (await run(target)) || failed;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

/** The program, with counters where it is to be guided, in a fresh folder within the project, so that it finds its packages. */
async function bundle(plugins) {
  mkdirSync(path.join(project, 'dist'), { recursive: true });
  const out = mkdtempSync(path.join(project, 'dist', 'fuzz-'));
  await build({
    absWorkingDir: project,
    entryPoints: ['test/fuzz/worker.ts'],
    outfile: path.join(out, 'worker.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    banner: { js: `const __hits = (globalThis.__hits = new Uint8Array(${BLOCKS}));` },
    plugins,
  });
  return out;
}

/** @returns {Promise<boolean>} whether something was found */
async function run(target) {
  const own = path.join(project, '.fuzz', target);
  for (const name of ['corpus', 'findings']) mkdirSync(path.join(own, name), { recursive: true });
  const known = new Map(readdirSync(path.join(own, 'corpus')).map((name) => [name, readFileSync(path.join(own, 'corpus', name))]));
  // Short ones first: a long one that goes nowhere else is not needed then.
  const corpus = [...known.values()].sort((a, b) => a.length - b.length);
  if (!values['no-kernel']) corpus.push(...kernelPieces(target));
  const sum = { seconds: 0, inputs: 0, bytes: 0, covered: 0, first: 0, found: 0, blocks: [] };
  const kept = new Set();
  const output = {
    found: (kind, input, message) => {
      sum.found++;
      const name = `${kind}-${hashOf(input).slice(0, 10)}`;
      writeFileSync(path.join(own, 'findings', name), input);
      writeFileSync(path.join(own, 'findings', `${name}.txt`), `${message}\n`);
      console.log(`${target}: ${name} (${input.length} bytes): ${message.split('\n').slice(0, 4).join(' | ')}`);
    },
    kept: (input) => {
      const name = hashOf(input).slice(0, 16);
      kept.add(name);
      if (!known.has(name)) writeFileSync(path.join(own, 'corpus', name), input);
    },
  };
  const words = counters.words;
  for (let [left, seed] = [Number(values.seconds), Number(values.seed)]; left > 1; seed++) {
    const begin = process.cpuUsage();
    const end = await watch(
      { target, seed, seconds: left, inputs: Number(values.inputs), blocks: counters.blocks.length, project, corpus, words },
      output,
    );
    const took = secondsSince(begin);
    sum.seconds += took;
    left = end.done === undefined ? left - took : 0;
    sum.inputs += end.done?.inputs ?? end.inputs;
    sum.bytes += end.done?.bytes ?? 0;
    if (end.done === undefined) continue;
    Object.assign(sum, { covered: end.done.covered, first: end.done.coveredFirst, blocks: end.done.blocks });
    for (const name of known.keys()) if (!kept.has(name)) rmSync(path.join(own, 'corpus', name));
  }
  console.log(
    `${target}: ${sum.inputs} inputs, ${(sum.bytes / 1e6).toFixed(0)} MB, ${sum.covered} blocks (${sum.first} by the first inputs), corpus ${kept.size}, ${sum.seconds.toFixed(0)} s CPU, ${sum.found} findings`,
  );
  if (values.ledger) addToLedger(target, sum);
  if (values.coverage) tellBlind(sum.blocks);
  return sum.found > 0;
}

/** The blocks that were not entered, in files of which some were. */
function tellBlind(entered) {
  const reached = new Set(entered);
  const files = new Map();
  for (const [block, { file, line }] of counters.blocks.entries()) {
    const one = files.get(file) ?? { all: 0, missed: [] };
    one.all++;
    if (!reached.has(block)) one.missed.push(line);
    files.set(file, one);
  }
  for (const [file, { all, missed }] of [...files].sort())
    if (missed.length > 0 && missed.length < all)
      console.log(`${file}: ${all - missed.length} of ${all}, not in lines ${[...new Set(missed)].join(' ')}`);
}

async function replay(target, files) {
  for (const file of files) {
    const input = readFileSync(file);
    let told = 'no finding';
    const { done } = await watch(
      {
        target,
        seed: Number(values.seed),
        seconds: HANG,
        inputs: REPLAYS,
        blocks: 0,
        project,
        corpus: [],
        words: new Map(),
        replayed: input,
      },
      { found: (kind, _, message) => (told = `${kind}: ${message}`), kept: () => undefined },
    );
    console.log(`${file}: ${input.length} bytes, ${done?.best?.toFixed(1) ?? '?'} ms, ${told}`);
  }
}

function hashOf(input) {
  return createHash('sha1').update(input).digest('hex');
}

function secondsSince(begin) {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

/** One worker until its time is over, or until an input kills or stops it. */
function watch(setup, output) {
  const current = new SharedArrayBuffer(8 + LARGEST);
  const head = new Int32Array(current, 0, 2);
  const inputNow = () => Buffer.from(new Uint8Array(current, 8, head[1])).subarray();
  const worker = new Worker(path.join(folder, 'worker.js'), {
    workerData: { ...setup, current },
    resourceLimits: { maxOldGenerationSizeMb: 1500 },
    stdout: false,
  });
  return new Promise((resolve) => {
    let [last, since, ended] = [0, process.cpuUsage(), false];
    const end = (result) => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      void worker.terminate();
      resolve({ inputs: head[0], ...result });
    };
    const timer = setInterval(() => {
      if (head[0] !== last) [last, since] = [head[0], process.cpuUsage()];
      else if (secondsSince(since) > HANG && head[0] > 0) {
        output.found('hang', inputNow(), `no answer after ${HANG} s of processor time`);
        end({});
      }
    }, 1000);
    worker.on('message', ({ finding, kept, done }) => {
      if (finding) output.found(finding.kind, finding.input, finding.message);
      if (kept) output.kept(kept);
      if (done) end({ done });
    });
    worker.on('error', (error) => {
      output.found('dies', inputNow(), error.stack ?? String(error));
      end({});
    });
    worker.on('exit', (code) => {
      if (ended) return;
      output.found('exits', inputNow(), `the program ended itself with code ${code}`);
      end({});
    });
  });
}

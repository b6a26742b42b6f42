#!/usr/bin/env node
// Feeds one part of the program broken input, guided by the code that it reaches: `npm run fuzz -- TARGET [--seconds N] [--inputs N] [--seed N]`.
//
// First inputs: those of test/fuzz/seeds.ts, what earlier runs kept in .fuzz/TARGET/corpus, and pieces of the kernel sources in $GFP_KERNELS where they are.
// What breaks a promise lies in .fuzz/TARGET/findings afterwards: make a test of it, mend it, and put a made-up text that shows it into the corpus.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { BLOCKS, instrument } from './fuzz/instrument.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
/** An input that takes so much processor time hangs, seconds. */
const HANG = 15;
const LARGEST = 1 << 20;
const KERNEL_PIECES = 300;
const LARGEST_PIECE = 6000;
const SOURCES = { folders: ['drivers/net/ethernet', 'fs', 'mm', 'net/core'], file: /\.c$/ };
const HEADERS = { folders: ['include/linux'], file: /\.h$/ };
/** Real files that are good first inputs of a target. */
const KERNEL_FILES = {
  lexer: SOURCES,
  parser: SOURCES,
  analyse: SOURCES,
  sizes: SOURCES,
  link: SOURCES,
  preprocessor: HEADERS,
  tree: { folders: ['include/linux', 'mm'], file: /^(gfp|gfp_types|slab|page_alloc|internal|util|vmalloc)\.[ch]$/ },
  config: { folders: ['arch/x86/configs', 'arch/arm64/configs', 'arch/arm/configs'], file: /defconfig$/ },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    inputs: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    'no-kernel': { type: 'boolean', default: false },
  },
});
const folder = await bundle();
let failed = false;
try {
  if (positionals.length === 0) throw new Error('usage: npm run fuzz -- TARGET... [--seconds N] [--inputs N] [--seed N] [--no-kernel]');
  for (const target of positionals) failed = (await run(target)) || failed;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

/** The program with counters, in a fresh folder within the project, so that it finds its packages. */
async function bundle() {
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
    keepNames: true,
    banner: { js: `globalThis.__hits = new Uint8Array(${BLOCKS});` },
    plugins: [instrument(path.join(project, 'server', 'src'))],
  });
  return out;
}

/** @returns {Promise<boolean>} whether something was found */
async function run(target) {
  const own = path.join(project, '.fuzz', target);
  for (const name of ['corpus', 'findings']) mkdirSync(path.join(own, name), { recursive: true });
  const corpus = filesOf(path.join(own, 'corpus'));
  if (!values['no-kernel']) corpus.push(...kernelPieces(target));
  let [left, seed, inputs, bytes, covered, spent, found] = [Number(values.seconds), Number(values.seed), 0, 0, 0, 0, 0];
  const keep = (kind, input, message) => {
    found++;
    const name = `${kind}-${createHash('sha1').update(input).digest('hex').slice(0, 10)}`;
    writeFileSync(path.join(own, 'findings', name), input);
    writeFileSync(path.join(own, 'findings', `${name}.txt`), `${message}\n`);
    console.log(`${target}: ${name} (${input.length} bytes): ${message.split('\n').slice(0, 4).join(' | ')}`);
  };
  while (left > 1) {
    const begin = process.cpuUsage();
    const end = await watch(
      { target, seed: seed++, seconds: left, inputs: Number(values.inputs), project, corpus, blocks: BLOCKS },
      own,
      keep,
    );
    const took = secondsSince(begin);
    spent += took;
    left = end.done === undefined ? left - took : 0;
    inputs += end.done?.inputs ?? end.inputs;
    bytes += end.done?.bytes ?? 0;
    covered = Math.max(covered, end.done?.covered ?? 0);
  }
  console.log(
    `${target}: ${inputs} inputs, ${(bytes / 1e6).toFixed(0)} MB, ${covered} blocks, ${spent.toFixed(0)} s CPU, ${found} findings`,
  );
  return found > 0;
}

function secondsSince(begin) {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

/** One worker until its time is over, or until an input kills or stops it. */
function watch(setup, own, keep) {
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
        keep('hang', inputNow(), `no answer after ${HANG} s of processor time`);
        end({});
      }
    }, 1000);
    worker.on('message', ({ finding, kept, done }) => {
      if (finding) keep(finding.kind, finding.input, finding.message);
      if (kept) writeFileSync(path.join(own, 'corpus', createHash('sha1').update(kept).digest('hex').slice(0, 16)), kept);
      if (done) end({ done });
    });
    worker.on('error', (error) => {
      keep('dies', inputNow(), error.stack ?? String(error));
      end({});
    });
    worker.on('exit', (code) => {
      if (ended) return;
      keep('exits', inputNow(), `the program ended itself with code ${code}`);
      end({});
    });
  });
}

function filesOf(where) {
  return readdirSync(where)
    .sort()
    .map((name) => readFileSync(path.join(where, name)));
}

/** Functions and other pieces of real sources, the same ones in each run. They are not copied anywhere. */
function kernelPieces(target) {
  const wanted = KERNEL_FILES[target];
  const kernels = process.env.GFP_KERNELS ?? path.join(homedir(), '.cache', 'kernels');
  if (wanted === undefined || !existsSync(kernels)) return [];
  const root = readdirSync(kernels)
    .sort()
    .map((name) => path.join(kernels, name))
    .find((name) => existsSync(path.join(name, 'Kconfig')));
  if (root === undefined) return [];
  const files = wanted.folders.flatMap((name) =>
    readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' })
      .filter((file) => wanted.file.test(file))
      .map((file) => path.join(root, name, file)),
  );
  const step = Math.max(1, Math.floor(files.length / KERNEL_PIECES));
  return files
    .filter((_, index) => index % step === 0)
    .slice(0, KERNEL_PIECES)
    .map((file, index) => {
      const pieces = readFileSync(file, 'latin1').split(/(?<=^\}\n)/m);
      const from = (index * 7) % pieces.length;
      return Buffer.from(
        pieces
          .slice(from, from + 3)
          .join('')
          .slice(0, LARGEST_PIECE),
        'latin1',
      );
    });
}

#!/usr/bin/env node
// Mutation testing: changes one operator, number or condition at a time and sees whether the tests of the folder notice.
// `node scripts/mutate.mjs [FOLDER...] [--sample N] [--seed N] [--file TEXT] [--jobs N]`, folders of server/src: mask, kernel, log, rules. The same seed takes
// the same sample; `--sample all` takes every mutant; `--file` only those of files whose path holds the text; `--untested` runs none and
// lists those that no test comes by.
//
// Mutants that mean the same as the code are listed in mutate/equivalents.mjs, with the reason, and do not count.
//
// All mutants are built into the tests at once, each behind a switch. A run of each test file without a mutant says which ones it comes by: only those files
// are asked about it, and what no test comes by has survived.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { withoutEquivalents } from './mutate/equivalents.mjs';
import { withMutants } from './mutate/mutants.mjs';
import { RUNTIME } from './mutate/runtime.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
/** A mutant that takes this many times as long as the tests without one loops. */
const PATIENCE = 8;
const LEAST_LIMIT_MS = 20_000;
/** Which tests are asked about a folder. */
const TESTS = {
  mask: ['test/unit/mask'],
  kernel: ['test/unit/kernel', 'test/unit/mask'],
  log: ['test/log', 'test/unit/log'],
  rules: ['test/rules', 'test/unit/rules', 'test/unit/rules-driver', 'test/unit/program/link'],
};

/** They take minutes, and ask for robustness rather than for results. */
const SLOW = /(damage|robustness)\.test\.ts$/;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    file: { type: 'string', default: '' },
    jobs: { type: 'string', default: '1' },
    untested: { type: 'boolean', default: false },
  },
});
mkdirSync(path.join(project, 'dist'), { recursive: true });
const out = mkdtempSync(path.join(project, 'dist', 'mutate-'));
try {
  for (const folder of positionals.length > 0 ? positionals : Object.keys(TESTS)) await judge(folder);
} finally {
  rmSync(out, { recursive: true, force: true });
}

async function judge(folder) {
  const { texts, mutants } = mutate(folder);
  const tests = await prepare(folder, texts);
  const candidates = withoutEquivalents(mutants, folder).filter(({ file }) => file.includes(values.file));
  if (values.untested) {
    const left = candidates.filter(({ id }) => !tests.some(({ reached }) => reached.has(id)));
    for (const mutant of left) tell(mutant, tests);
    return report(folder, candidates, left, mutants.length);
  }
  const sample = values.sample === 'all' ? candidates : choose(candidates, Number(values.sample), Number(values.seed));
  const survivors = [];
  const waiting = [...sample];
  const work = async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      if (await isNoticed(mutant, tests)) continue;
      survivors.push(mutant);
      tell(mutant, tests);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  report(folder, sample, survivors, mutants.length);
}

function mutate(folder) {
  const texts = new Map();
  const mutants = [];
  for (const file of filesBelow(`server/src/${folder}`).filter((name) => name.endsWith('.ts'))) {
    const mutated = withMutants(file, readFileSync(path.join(project, file), 'utf8'), mutants.length);
    texts.set(file, mutated.text);
    mutants.push(...mutated.mutants);
  }
  return { texts, mutants };
}

/** Builds each test file, runs it once, and notes what it comes by. Those that come by the fewest mutants are asked first: they know best. */
async function prepare(folder, texts) {
  const names = TESTS[folder].flatMap((name) => filesBelow(name).filter((file) => file.endsWith('.test.ts') && !SLOW.test(file)));
  const tests = [];
  for (const name of names) {
    const program = path.join(out, `${name.replaceAll('/', '-')}.js`);
    await bundle(name, texts, program);
    const notes = `${program}.reached`;
    const start = Date.now();
    if (await fails(program, { GFP_REACHED: notes }, 600_000)) throw new Error(`${name} fails without a mutant`);
    const limit = Math.max(LEAST_LIMIT_MS, PATIENCE * (Date.now() - start));
    tests.push({ name, program, limit, reached: new Set(JSON.parse(readFileSync(notes, 'utf8'))) });
  }
  return tests.sort((a, b) => a.limit - b.limit || a.reached.size - b.reached.size);
}

async function isNoticed({ id }, tests) {
  for (const { program, reached, limit } of tests)
    if (reached.has(id) && (await fails(program, { GFP_MUTANT: String(id) }, limit))) return true;
  return false;
}

function tell({ id, file, line, after }, tests) {
  const seen = tests.some(({ reached }) => reached.has(id));
  console.log(`${seen ? 'survived' : 'untested'} ${file}:${line}: ${after}`);
}

function report(folder, sample, survivors, total) {
  for (const file of new Set(sample.map((mutant) => mutant.file))) {
    const [all, left] = [sample, survivors].map((list) => list.filter((mutant) => mutant.file === file).length);
    if (left > 0) console.log(`${file}: ${all - left} of ${all}`);
  }
  const killed = sample.length - survivors.length;
  console.log(`${folder}: ${killed} of ${sample.length} killed (${((100 * killed) / sample.length).toFixed(0)} %), of ${total} mutants`);
}

function filesBelow(folder) {
  return readdirSync(path.join(project, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .sort();
}

/** A few of them, spread over all files. */
function choose(all, count, seed) {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(Math.floor(next() * left.length), 1)[0]);
}

/** Whether a test fails or does not end. */
function fails(program, env, limit) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program], {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const end = (failed) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(failed);
    };
    const timer = setTimeout(() => end(true), limit);
    let rest = '';
    child.stdout.on('data', (data) => {
      rest = (rest + data).slice(-2000);
      // One that fails is enough.
      if (/^\s*not ok /m.test(rest) || /✖ /.test(rest)) end(true);
    });
    child.on('exit', (code) => end(code !== 0));
  });
}

function bundle(test, texts, outfile) {
  const plugin = {
    name: 'mutants',
    setup(builder) {
      builder.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        const own = path.relative(project, file);
        if (texts.has(own)) return { contents: texts.get(own), loader: 'ts' };
        if (!own.startsWith('test/')) return undefined;
        // The tests look for their files beside themselves.
        const folder = JSON.stringify(path.dirname(file));
        const text = readFileSync(file, 'utf8').replaceAll('import.meta.dirname', folder);
        return { contents: `const __dirname = ${folder};\n${text}`, loader: 'ts' };
      });
    },
  };
  return build({
    entryPoints: [path.join(project, test)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'error',
    banner: { js: RUNTIME },
    plugins: [plugin],
  });
}

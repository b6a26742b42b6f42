#!/usr/bin/env node
// Mutation testing: changes one operator, number or condition at a time and sees whether the tests of the folder notice.
// `node scripts/mutate.mjs [FOLDER...] [--sample N] [--seed N] [--file TEXT] [--jobs N] [--ledger]`, folders of server/src: mask, kernel, log, rules. The same seed takes
// the same sample; `--sample all` takes every mutant; `--file` only those of files whose path holds the text; `--untested` runs none and
// lists those that no test comes by; `--ledger` notes the rate in mutate/ledger.json, from which docs.mjs makes the table of docs/security.md.
//
// Mutants that mean the same as the code are listed in mutate/equivalents.mjs, with the reason, and do not count.
//
// All mutants are built into one program with all tests at once, each behind a switch. A run without a mutant says which test comes by which ones: only those
// tests are asked about it, the quickest first, and what no test comes by has survived.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { withoutEquivalents } from './mutate/equivalents.mjs';
import { noteRate } from './mutate/ledger.mjs';
import { withMutants } from './mutate/mutants.mjs';
import { RUNTIME } from './mutate/runtime.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
/** A mutant that takes this many times as long as its tests without one loops. */
const PATIENCE = 8;
const LEAST_SECONDS = 10;
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
    ledger: { type: 'boolean', default: false },
  },
});
const unknown = positionals.find((folder) => !(folder in TESTS));
if (unknown !== undefined) {
  console.error(`no tests are named for ${unknown}; there are ${Object.keys(TESTS).join(', ')}`);
  process.exit(2);
}
if (values.ledger && (values.file !== '' || values.untested)) {
  console.error('--ledger notes the rate of a whole folder: without --file and --untested');
  process.exit(2);
}
mkdirSync(path.join(project, 'dist'), { recursive: true });
const out = mkdtempSync(path.join(project, 'dist', 'mutate-'));
try {
  for (const folder of positionals.length > 0 ? positionals : Object.keys(TESTS)) await judge(folder);
} finally {
  rmSync(out, { recursive: true, force: true });
}

async function judge(folder) {
  const { texts, mutants } = mutate(folder);
  const program = await prepare(folder, texts);
  const candidates = withoutEquivalents(mutants, folder).filter(({ file }) => file.includes(values.file));
  if (values.untested) {
    const left = candidates.filter(({ id }) => program.testsOf(id).length === 0);
    for (const mutant of left) tell('untested', mutant);
    return report(folder, candidates, left, mutants.length);
  }
  const sample = values.sample === 'all' ? candidates : choose(candidates, Number(values.sample), Number(values.seed));
  const survivors = [];
  const waiting = [...sample];
  const work = async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const tests = program.testsOf(mutant.id);
      if (tests.length > 0 && (await program.notices(mutant.id, tests))) continue;
      survivors.push(mutant);
      tell(tests.length > 0 ? 'survived' : 'untested', mutant);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  report(folder, sample, survivors, mutants.length);
  if (values.ledger)
    noteRate(folder, {
      mutants: candidates.length,
      tried: sample.length,
      killed: sample.length - survivors.length,
      seed: Number(values.seed),
    });
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

/** Builds the tests, runs them once, and notes what each of them comes by. */
async function prepare(folder, texts) {
  const names = TESTS[folder].flatMap((name) => filesBelow(name).filter((file) => file.endsWith('.test.ts') && !SLOW.test(file)));
  const file = path.join(out, `${folder}.js`);
  await bundle(names, texts, file);
  const notes = `${file}.notes`;
  if (await fails(file, { GFP_NOTES: notes }, 3600, 'inherit')) throw new Error('a test fails without a mutant');
  const [loaded, ...tests] = JSON.parse(readFileSync(notes, 'utf8')).map((row) => ({ ...row, reached: new Set(row.reached) }));
  const quickest = tests.map((_, index) => index).sort((a, b) => tests[a].milliseconds - tests[b].milliseconds);
  return {
    /** Tests that come by a mutant. Of what runs when modules are loaded nobody knows whose it is: any test may notice. */
    testsOf: (id) => (loaded.reached.has(id) ? quickest : quickest.filter((index) => tests[index].reached.has(id))),
    /** Whether one of these tests fails, or does not end, with a mutant. */
    notices: (id, wanted) => {
      const usual = wanted.reduce((sum, index) => sum + tests[index].milliseconds, 0) / 1000;
      const environment = { GFP_MUTANT: String(id), GFP_TESTS: wanted.join() };
      return fails(file, environment, Math.ceil(Math.max(LEAST_SECONDS, PATIENCE * usual)), 'ignore');
    },
  };
}

function tell(what, { file, line, after }) {
  console.log(`${what} ${file}:${line}: ${after}`);
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

/** Whether a test fails, or needs more processor time than this: what else the machine does makes no mutant loop. */
function fails(program, environment, seconds, stderr) {
  return new Promise((resolve, reject) => {
    // Another build may have emptied the folder: that would look as if every mutant was noticed.
    if (!existsSync(program)) return reject(new Error(`${program} is gone`));
    const child = spawn('/bin/sh', ['-c', `ulimit -t ${seconds}; exec "$0" "$@"`, process.execPath, program], {
      cwd: project,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', stderr],
    });
    child.on('exit', (code) => resolve(code !== 0));
  });
}

function bundle(tests, texts, outfile) {
  const plugin = {
    name: 'mutants',
    setup(builder) {
      builder.onResolve({ filter: /^node:test$/ }, () => ({ path: path.join(project, 'scripts', 'mutate', 'testRunner.mjs') }));
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
    stdin: { contents: tests.map((name) => `import './${name}';`).join('\n'), resolveDir: project, loader: 'ts' },
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

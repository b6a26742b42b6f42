#!/usr/bin/env node
// Mutation testing: changes one operator, number or condition at a time and sees whether the tests of the folder notice.
// `node scripts/mutate.mjs [FOLDER...] [--sample N] [--seed N]`, folders of server/src: mask, kernel, log, rules. The same seed takes the same sample.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { mutantsOf } from './mutate/mutants.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
/** A mutant that runs this long loops. */
const LIMIT_MS = 120_000;
/** Which tests are asked about a folder. */
const TESTS = {
  mask: ['test/unit/mask'],
  kernel: ['test/unit/kernel', 'test/unit/mask'],
  log: ['test/log', 'test/unit/log'],
  rules: ['test/rules', 'test/unit/rules', 'test/unit/rules-driver'],
};

/** They take minutes, and ask for robustness rather than for results. */
const SLOW = /(damage|robustness)\.test\.ts$/;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string', default: '40' }, seed: { type: 'string', default: '1' } },
});
mkdirSync(path.join(project, 'dist'), { recursive: true });
const out = mkdtempSync(path.join(project, 'dist', 'mutate-'));
try {
  for (const folder of positionals.length > 0 ? positionals : Object.keys(TESTS)) await run(folder);
} finally {
  rmSync(out, { recursive: true, force: true });
}

async function run(folder) {
  const tests = TESTS[folder].flatMap((name) => filesBelow(name).filter((file) => file.endsWith('.test.ts') && !SLOW.test(file)));
  const sources = filesBelow(`server/src/${folder}`).filter((file) => file.endsWith('.ts'));
  const all = sources.flatMap((file) => mutantsOf(file, readFileSync(path.join(project, file), 'utf8')));
  const sample = choose(all, Number(values.sample), Number(values.seed));
  if (await notices(tests, undefined)) throw new Error(`the tests of ${folder} fail without a mutant`);
  const survivors = [];
  for (const mutant of sample) if (!(await notices(tests, mutant))) survivors.push(mutant);
  for (const { file, line, before, after } of survivors) console.log(`survived  ${file}:${line}: ${before}  ->  ${after}`);
  const killed = sample.length - survivors.length;
  console.log(
    `${folder}: ${killed} of ${sample.length} killed (${((100 * killed) / sample.length).toFixed(0)} %), of ${all.length} mutants`,
  );
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

/** Whether a test fails, does not end, or the program cannot be built. */
async function notices(tests, mutant) {
  const outfile = path.join(out, 'tests.js');
  try {
    await bundle(tests, mutant, outfile);
  } catch {
    return true;
  }
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [outfile], { cwd: project, stdio: ['ignore', 'pipe', 'ignore'] });
    const end = (noticed) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(noticed);
    };
    const timer = setTimeout(() => end(true), LIMIT_MS);
    let rest = '';
    child.stdout.on('data', (data) => {
      rest = (rest + data).slice(-2000);
      // One that fails is enough.
      if (/^\s*not ok /m.test(rest) || /✖ /.test(rest)) end(true);
    });
    child.on('exit', (code) => end(code !== 0));
  });
}

function bundle(tests, mutant, outfile) {
  const plugin = {
    name: 'mutant',
    setup(builder) {
      builder.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        const own = path.relative(project, file);
        if (own === mutant?.file) return { contents: mutant.text(), loader: 'ts' };
        if (!own.startsWith('test/')) return undefined;
        return { contents: `const __dirname = ${JSON.stringify(path.dirname(file))};\n${readFileSync(file, 'utf8')}`, loader: 'ts' };
      });
    },
  };
  const contents = tests.map((file) => `import './${file}';`).join('\n');
  return build({
    stdin: { contents, resolveDir: project, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'silent',
    plugins: [plugin],
  });
}

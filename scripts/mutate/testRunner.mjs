// Stands in for node:test within the bundle of the mutation runs: all tests of a folder in one process, of which only some are run, the first failure ends it.
// Environment: GFP_NOTES, a file that gets for each test its name, its milliseconds and the mutants it comes by; GFP_TESTS, the numbers of the tests to run.
import { writeFileSync } from 'node:fs';

const tests = [];
let suite = { name: '', above: undefined, before: [], after: [], started: false };

/** @param {string} name @param {object | Function} [options] @param {Function} [body] */
export function describe(name, options, body) {
  const outer = suite;
  suite = { name, above: outer, before: [], after: [], started: false };
  (typeof options === 'function' ? options : body)();
  suite = outer;
}

export function test(name, options, body) {
  const run = typeof options === 'function' ? options : body;
  if (options?.skip !== true) tests.push({ name, suite, run });
}

export function it(...given) {
  test(...given);
}
export const before = (hook) => suite.before.push(hook);
export const after = (hook) => suite.after.push(hook);

process.on('unhandledRejection', () => process.exit(1));
setImmediate(main);

async function main() {
  const wanted = process.env.GFP_TESTS?.split(',').map(Number) ?? tests.map((_, index) => index);
  const notes = process.env.GFP_NOTES;
  const rows = [{ name: 'when it is loaded', milliseconds: 0, reached: globalThis.__mutants.taken() }];
  for (const index of wanted) {
    const begin = process.cpuUsage();
    const { name, suite: own, run } = tests[index];
    try {
      await start(own);
      await run();
    } catch (error) {
      if (notes !== undefined) console.error(`${name}: ${error?.stack ?? error}`);
      process.exit(1);
    }
    const { user, system } = process.cpuUsage(begin);
    if (notes !== undefined) rows.push({ name, milliseconds: (user + system) / 1000, reached: globalThis.__mutants.taken() });
  }
  if (notes !== undefined) writeFileSync(notes, JSON.stringify(rows));
  // Hooks that clean up still run; what is left open does not keep the process.
  for (const hook of new Set(tests.flatMap((one) => hooksAbove(one.suite)))) await hook();
  process.exit(0);
}

async function start(one) {
  if (one === undefined || one.started) return;
  await start(one.above);
  one.started = true;
  for (const hook of one.before) await hook();
}

function hooksAbove(one) {
  return one === undefined ? [] : [...(one.started ? one.after : []), ...hooksAbove(one.above)];
}

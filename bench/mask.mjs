#!/usr/bin/env node
// Measures `gfp-lens mask --stdin`: answers per second of one process over a million questions without the path. Usage: node bench/mask.mjs [questions]
// With $BENCH_RESULT set it writes its measurements there.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BUDGET = 200_000;
const cli = join(new URL('..', import.meta.url).pathname, 'dist', 'cli.js');
const questions = Number(process.argv[2] ?? 1_000_000);
if (!existsSync(cli)) throw new Error('dist/cli.js does not exist: run `npm run build` first');

const start = await timeOf([]);
const kinds = { 'masks of one kernel': oneKernel, 'masks, orders, sizes and kernels mixed': mixed };
const rows = [];
for (const [what, question] of Object.entries(kinds)) {
  const seconds = (await timeOf(chunksOf(question))) - start;
  rows.push({ what: `${what}, answers/s`, value: Math.round(questions / seconds), budget: BUDGET });
}
console.table(rows);
if (process.env.BENCH_RESULT) writeFileSync(process.env.BENCH_RESULT, JSON.stringify(rows));

function oneKernel(random) {
  return { mask: `0x${Math.floor(random() * 0x2000000).toString(16)}`, kernel: '6.1' };
}

function mixed(random) {
  const masks = [0xcc0, 0x820, 0xc40, 0x400cc0, 0x100cca, 0x2cc0, 0x40dc0];
  const kernels = ['6.1', '6.12', '5.15', '4.19'];
  const mask = masks[Math.floor(random() * masks.length)] | (random() < 0.5 ? 1 << Math.floor(random() * 24) : 0);
  return {
    mask: `0x${mask.toString(16)}`,
    order: Math.floor(random() * 11),
    ...(random() < 0.3 && { size: Math.floor(random() * 9000) }),
    kernel: kernels[Math.floor(random() * kernels.length)],
  };
}

/** All questions as text, prepared before the clock runs. */
function chunksOf(question) {
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const chunks = [];
  for (let done = 0; done < questions; done += 1000)
    chunks.push(Array.from({ length: Math.min(1000, questions - done) }, () => `${JSON.stringify(question(random))}\n`).join(''));
  return chunks;
}

/** Seconds from the start of the process to its end. */
function timeOf(chunks) {
  return new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const child = spawn(process.execPath, [cli, 'mask', '--stdin'], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(Number(process.hrtime.bigint() - begin) / 1e9);
      else reject(new Error(`gfp-lens ended with exit code ${code}`));
    });
    (async () => {
      for (const chunk of chunks) if (!child.stdin.write(chunk)) await new Promise((drained) => child.stdin.once('drain', drained));
      child.stdin.end();
    })();
  });
}

#!/usr/bin/env node
// Measures what the project promises about speed: builds, then runs every bench/*.mjs and bench/*.ts that exports measurements, one after the other, and prints one table.
// `npm run bench -- NAME...` runs only those benches. Kernel trees are looked for in $GFP_KERNELS, else ~/.cache/kernels.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const kernels = process.env.GFP_KERNELS ?? join(homedir(), '.cache', 'kernels');
const wanted = process.argv.slice(2);

const names = readdirSync(join(project, 'bench')).filter((file) => /^[a-z]\w*\.(mjs|ts)$/.test(file));
const benchOf = (file) => file.replace(/\.\w+$/, '');
const unknown = wanted.find((name) => !names.map(benchOf).includes(name));
if (unknown !== undefined) {
  console.error(`there is no bench ${unknown}; there are ${names.map(benchOf).sort().join(', ')}`);
  process.exit(2);
}
if (spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: project, stdio: 'inherit' }).status !== 0) process.exit(1);

const benches = names.filter((file) => wanted.length === 0 || wanted.includes(benchOf(file))).sort();

const folder = mkdtempSync(join(tmpdir(), 'gfp-lens-bench-'));
const rows = [];
for (const file of benches) {
  const result = join(folder, `${file}.json`);
  const env = { ...process.env, GFP_KERNELS: kernels, BENCH_RESULT: result };
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', join('bench', file)], { cwd: project, stdio: 'inherit', env });
  rows.push(...measurements(file, status, result));
}
rmSync(folder, { recursive: true });
print(rows);

/** A bench writes a JSON list of {what, value, budget?} to $BENCH_RESULT; without one its printed output is all there is. */
function measurements(file, status, result) {
  const bench = benchOf(file);
  if (status !== 0) {
    process.exitCode = 1;
    return [{ bench, what: 'failed', value: `exit code ${status}` }];
  }
  try {
    return JSON.parse(readFileSync(result, 'utf8')).map((row) => ({ bench, ...row }));
  } catch {
    return [{ bench, what: 'see above', value: '' }];
  }
}

function print(table) {
  const columns = ['bench', 'what', 'value', 'budget'];
  const cells = [columns, ...table.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  for (const row of cells)
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    );
}

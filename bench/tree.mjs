// The whole of a kernel tree through the built command line: wall time, CPU time, peak memory, page cache as it is (the second run has it warm).
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const JOBS = 2;
const project = fileURLToPath(new URL('..', import.meta.url));
const tree = join(process.env.GFP_KERNELS, 'linux-source-6.1');
if (!existsSync(tree)) {
  console.error(`bench/tree: ${tree} is missing (set GFP_KERNELS)`);
  process.exit(1);
}

/** CPU seconds of a live process, from /proc; undefined where there is none. */
function cpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

function run() {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, [join(project, 'dist/cli.js'), 'check', tree, '--jobs', String(JOBS), '--format', 'json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pieces = [];
    let cpu = 0;
    const timer = setInterval(() => {
      cpu = cpuSeconds(child.pid) ?? cpu;
    }, 50);
    child.stdout.on('data', (piece) => pieces.push(piece));
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      if (code !== 0 && code !== 1) reject(new Error(`exit code ${code}`));
      else resolve({ seconds: (performance.now() - start) / 1000, cpu, report: JSON.parse(Buffer.concat(pieces).toString()) });
    });
  });
}

const first = await run();
const { seconds, cpu, report } = await run();
const { stats } = report;
const rows = [
  { what: `whole tree, ${JOBS} jobs, first run`, value: `${first.seconds.toFixed(1)} s` },
  { what: `whole tree, ${JOBS} jobs`, value: `${seconds.toFixed(1)} s`, budget: '20 s' },
  { what: 'CPU time', value: `${cpu.toFixed(1)} s` },
  { what: 'peak memory', value: `${Math.round(stats.peakMemory / 2 ** 20)} MiB`, budget: '1024 MiB' },
  { what: 'files read / parsed', value: `${report.files} / ${stats.analysed}` },
  { what: 'source read', value: `${Math.round(stats.bytes / 1e6)} MB` },
  { what: 'functions / calls', value: `${stats.functions} / ${stats.calls}` },
  ...Object.entries(stats.rules).map(([rule, count]) => ({ what: `findings: ${rule}`, value: count })),
  ...Object.entries(report.gaps).map(([reason, count]) => ({ what: `gaps: ${reason}`, value: count })),
];
writeFileSync(process.env.BENCH_RESULT, JSON.stringify(rows));

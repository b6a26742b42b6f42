import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';

const project = path.join(import.meta.dirname, '../..');
const kernels = process.env.GFP_KERNELS ?? path.join(homedir(), '.cache/kernels');

/** What the built command line says of a kernel tree, or of a folder of it. */
export interface Report {
  readonly kernel: string;
  readonly files: number;
  readonly findings: readonly { file: string; function: string | null; rule: string; certainty: string; callee: string | null }[];
  readonly gaps: Readonly<Record<string, number>>;
}

/** Runs `gfp-lens check` on a folder (`.`: all) of the sources of a release, hints included. */
export function checkTree(release: string, folder: string, options: readonly string[]): Report {
  const tree = path.join(kernels, `linux-source-${release}`);
  const args = ['dist/cli.js', 'check', '--tree', tree, '--format', 'json', '--min-severity', 'hint', ...options, path.join(tree, folder)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8', maxBuffer: 1 << 30 });
  assert.ok(status === 0 || status === 1, `exit ${status}: ${stderr}`);
  return JSON.parse(stdout) as Report;
}

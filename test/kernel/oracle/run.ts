import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Compiles a C program, runs it once with the input, and gives the lines it printed. */
export function compiledAnswers(program: string, input: string): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'gfp-lens-oracle-'));
  try {
    writeFileSync(path.join(folder, 'oracle.c'), program);
    const compiler = spawnSync('gcc', ['-w', '-O1', '-o', 'oracle', 'oracle.c'], { cwd: folder, encoding: 'utf8' });
    assert.equal(compiler.status, 0, compiler.stderr);
    const { stdout } = spawnSync(path.join(folder, 'oracle'), { input, encoding: 'utf8', maxBuffer: 1 << 28 });
    return stdout.trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

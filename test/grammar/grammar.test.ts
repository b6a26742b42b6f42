import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/**
 * Every sample here is tokenised by VS Code's own TextMate engine and held against the `.snap` file beside it.
 * `UPDATE=1` rewrites the snapshots; the difference is for a person to review. c.tmLanguage.json stands in for VS Code's C grammar.
 */
const folder = import.meta.dirname;
const update = process.env.UPDATE === '1';

for (const sample of readdirSync(folder).filter((name) => /\.(c|dmesg)$/.test(name))) {
  test(`colours of ${sample}`, () => {
    const file = path.join(folder, sample);
    // The tool writes a snapshot that is missing, and passes.
    assert.ok(update || existsSync(`${file}.snap`), `${sample}.snap is missing: run with UPDATE=1 and review it`);
    const tool = path.join(folder, '../../node_modules/vscode-tmgrammar-test/dist/snapshot.js');
    const args = [tool, '--config', path.join(folder, 'languages.json'), ...(update ? ['--updateSnapshot'] : []), file];
    try {
      execFileSync(process.execPath, args, { encoding: 'utf8' });
    } catch (error) {
      assert.fail((error as { stdout: string }).stdout);
    }
  });
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { unifiedDiff } from '../../../server/src/report/unifiedDiff';

const folder = mkdtempSync(join(tmpdir(), 'gfp-lens-diff-'));
after(() => rmSync(folder, { recursive: true }));

/** What git makes of the old text and the patch. */
function patched(before: string, patch: string): string {
  writeFileSync(join(folder, 'a.c'), before);
  execFileSync('git', ['apply', '-p1', '--unidiff-zero', '--whitespace=nowarn', '-'], {
    cwd: folder,
    input: patch,
    env: { ...process.env, GIT_CEILING_DIRECTORIES: folder },
  });
  return readFileSync(join(folder, 'a.c'), 'utf8');
}

describe('a unified diff', () => {
  test('of equal texts is empty', () => {
    assert.equal(unifiedDiff('a.c', 'x\n', 'x\n'), '');
  });

  test('has three lines of context', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
    assert.equal(
      unifiedDiff('a.c', before, before.replace('5', 'five')),
      '--- a/a.c\n+++ b/a.c\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
    );
  });

  test('is what git applies, whatever lines change', () => {
    const line = fc.constantFrom('a', 'b', 'c', '', 'int x;');
    const text = fc
      .array(line, { minLength: 1, maxLength: 30 })
      .chain((lines) => fc.constantFrom(`${lines.join('\n')}\n`, lines.join('\n')));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after && before !== '' && after !== '');
        assert.equal(patched(before, unifiedDiff('a.c', before, after)), after);
      }),
      { numRuns: 60 },
    );
  });
});

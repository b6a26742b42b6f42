import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { patchBaseOnDisk } from '../../../server/src/cli/changes';
import { PatchError } from '../../../server/src/patch/patchError';
import { applyToTree } from '../../../server/src/patch/patchedTree';
import { readPatches } from '../../../server/src/patch/patchText';

const root = mkdtempSync(join(tmpdir(), 'gfp-lens-patch-'));
mkdirSync(join(root, 'fs'));
writeFileSync(join(root, 'fs', 'a.c'), 'int one;\nint two;\n');
after(() => rmSync(root, { recursive: true, force: true }));

const hunk = (place: string): string => `--- a/fs/a.c\n+++ b/fs/a.c\n@@ ${place} @@\n int one;\n-int two;\n+int second;\n`;

for (const place of ['-1,2 +1,2', '-4000000000,2 +4000000000,2', '-18446744073709551616,2 +1,2', `-${'9'.repeat(400)},2 +1,2`]) {
  test(`a hunk that says it stands at ${place.slice(0, 40)} is put where its lines are`, () => {
    const { after: texts } = applyToTree(readPatches(hunk(place), 'a.patch'), patchBaseOnDisk(root), 'a.patch');
    assert.equal(texts.get('fs/a.c'), 'int one;\nint second;\n');
  });
}

test('where a hunk fits nowhere, the line it names is told as it is written', () => {
  const patch = hunk('-4000000000,2 +4000000000,2').replace('int one', 'int none');
  assert.throws(
    () => applyToTree(readPatches(patch, 'a.patch'), patchBaseOnDisk(root), 'a.patch'),
    /hunk 1 of 1 \(line 4000000000\) does not match/,
  );
});

test('a copy of which the new name is lost is told, not thrown', () => {
  const patch = 'diff --git x\ncopy from fs/a.c\ndiff --git a/fs/a.c b/fs/a.c\nold mode 100644\nnew mode 100755\n';
  assert.throws(
    () => applyToTree(readPatches(patch, 'a.patch'), patchBaseOnDisk(root), 'a.patch'),
    (error: Error) => error instanceof PatchError && /a\.patch does not fit/.test(error.message),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineEdits } from '../../../server/src/ide/lineEdits';
import { applyEdits } from '../../../server/src/program/edits';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test('the edits turn the one text into the other', () => {
  const text = fc.array(fc.constantFrom('a\n', 'b\n', '}\n', '\n', 'é\n', 'end'), { maxLength: 40 }).map((lines) => lines.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edits = lineEdits(encode(before), encode(after));
      assert.equal(decode(applyEdits(encode(before), edits)), after);
      for (const [index, edit] of edits.entries()) if (index > 0) assert.ok(edits[index - 1]!.range.end <= edit.range.start);
    }),
  );
});

test('equal texts need none', () => {
  assert.deepEqual(lineEdits(encode('a\nb\n'), encode('a\nb\n')), []);
});

test('only what differs is touched', () => {
  const lines = Array.from({ length: 500 }, (_, i) => `line ${i}\n`);
  const after = lines.map((line, i) => (i === 3 || i === 490 ? `new ${line}` : line)).filter((_, i) => i !== 250);
  const edits = lineEdits(encode(lines.join('')), encode(after.join('')));
  assert.deepEqual(
    edits.map((edit) => edit.newText),
    ['new line 3\n', '', 'new line 490\n'],
  );
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { applyEdits, applySafeFixes } from '../../../server/src/program/edits';
import type { Finding, TextEdit } from '../../../server/src/rules/rule';
import { finding } from '../../support/finding';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

function edit(start: number, end: number, newText: string): TextEdit {
  return { range: { start, end }, newText };
}

function withFix(edits: readonly TextEdit[], safety: 'safe' | 'unsafe' = 'safe'): Finding {
  return finding({ fixes: [{ title: 'Fix', safety, edits }] });
}

describe('edits', () => {
  test('are applied from any order', () => {
    assert.equal(decode(applyEdits(encode('abcdef'), [edit(4, 5, 'E!'), edit(0, 1, ''), edit(2, 2, '--')])), 'b--cdE!f');
  });

  test('equal the same replacements made from the back', () => {
    const cuts = fc.uniqueArray(fc.nat(40), { maxLength: 8 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(
        fc.string({ minLength: 41, maxLength: 60, unit: 'grapheme-ascii' }),
        cuts,
        fc.string({ maxLength: 3, unit: 'grapheme-ascii' }),
        (text, places, word) => {
          const edits = places.flatMap((start, i) => (i % 2 === 0 && i + 1 < places.length ? [edit(start, places[i + 1]!, word)] : []));
          let expected = text;
          for (const { range, newText } of [...edits].reverse())
            expected = expected.slice(0, range.start) + newText + expected.slice(range.end);
          assert.equal(decode(applyEdits(encode(text), edits)), expected);
        },
      ),
    );
  });

  test('keep bytes that are not UTF-8', () => {
    const bytes = Uint8Array.of(0xff, 0x61, 0xfe);
    assert.deepEqual([...applyEdits(bytes, [edit(1, 2, 'ä')])], [0xff, 0xc3, 0xa4, 0xfe]);
  });
});

describe('safe fixes', () => {
  test('unsafe ones are left alone', () => {
    assert.equal(applySafeFixes(encode('abc'), [withFix([edit(0, 1, 'x')], 'unsafe')]), undefined);
  });

  test('one that meets an earlier one waits for the next round', () => {
    assert.equal(
      decode(applySafeFixes(encode('abcdef'), [withFix([edit(0, 3, 'x')]), withFix([edit(2, 4, 'y')]), withFix([edit(5, 6, 'z')])])),
      'xdez',
    );
  });

  test('an edit that two fixes share is made once', () => {
    const shared = edit(3, 6, 'kvfree');
    assert.equal(
      decode(applySafeFixes(encode('a, fre, b'), [withFix([edit(0, 1, 'A'), shared]), withFix([shared, edit(8, 9, 'B')])])),
      'A, kvfree, B',
    );
  });

  test('a fix that reaches into another file is left alone', () => {
    assert.equal(applySafeFixes(encode('abc'), [withFix([{ ...edit(0, 1, 'x'), path: 'b.c' }])]), undefined);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineIndex } from '../../../server/src/base/lineIndex';

const encoder = new TextEncoder();
const indexOf = (text: string): LineIndex => new LineIndex(encoder.encode(text));

test('lines and columns of a small text', () => {
  const index = indexOf('ab\n\ncd');
  assert.equal(index.lineCount, 3);
  assert.deepEqual(index.position(0), { line: 0, column: 0 });
  assert.deepEqual(index.position(2), { line: 0, column: 2 });
  assert.deepEqual(index.position(3), { line: 1, column: 0 });
  assert.deepEqual(index.position(6), { line: 2, column: 2 });
  assert.deepEqual([index.lineStart(2), index.lineEnd(0), index.lineEnd(2), index.lineStart(9)], [4, 2, 6, 6]);
});

test('columns count UTF-16 units, offsets bytes', () => {
  const index = indexOf('é€😀x');
  assert.deepEqual(index.position(9), { line: 0, column: 4 });
  assert.equal(index.offset({ line: 0, column: 4 }), 9);
  assert.equal(index.offset({ line: 0, column: 2 }), 5);
});

test('positions outside the text are moved into it', () => {
  const index = indexOf('ab\ncd\n');
  assert.equal(index.offset({ line: 0, column: 99 }), 2);
  assert.equal(index.offset({ line: 99, column: 0 }), 6);
  assert.deepEqual(index.position(99), { line: 2, column: 0 });
});

test('offset and position are inverse to each other at character boundaries', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', 'é', '€', '😀', '\t'), { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const index = indexOf(text);
      let line = 0;
      let column = 0;
      let offset = 0;
      for (const char of text) {
        assert.deepEqual(index.position(offset), { line, column });
        assert.equal(index.offset({ line, column }), offset);
        offset += encoder.encode(char).length;
        column += char.length;
        if (char === '\n') {
          line++;
          column = 0;
        }
      }
      assert.equal(index.lineCount, line + 1);
    }),
  );
});

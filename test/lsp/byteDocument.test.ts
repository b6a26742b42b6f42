import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ByteDocument, type PositionEncoding } from '../../server/src/lsp/byteDocument';

const decoder = new TextDecoder('utf-8');

function open(text: string, encoding: PositionEncoding = 'utf-16'): ByteDocument {
  return ByteDocument.open('file:///a.c', '/a.c', 'c', 1, text, encoding);
}

// Lone surrogates have no UTF-8 form, and a lone CR ends no line here; everything else has to agree.
const piece = fc.constantFrom('a', 'gfp', ' ', '\n', '\n\n', '\r\n', 'é', '≤', '😀', '\t', '}');
const textOf = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''));
const position = fc.record({ line: fc.nat(12), character: fc.nat(20) });

test('edits give the same text as the protocol library, and the same as a document opened with it', () => {
  const change = fc.record({ a: position, b: position, text: textOf });
  fc.assert(
    fc.property(textOf, fc.array(change, { maxLength: 6 }), (start, changes) => {
      const reference = TextDocument.create('file:///a.c', 'c', 1, start);
      let document = open(start);
      for (const { a, b, text } of changes) {
        // Start from positions that exist and split no character, as editors do.
        const [from, to] = [document.positionAt(document.offsetAt(a)), document.positionAt(document.offsetAt(b))].sort(
          (x, y) => x.line - y.line || x.character - y.character,
        );
        const event = { range: { start: from!, end: to! }, text };
        TextDocument.update(reference, [event], 2);
        document = document.edited([event], 2);
      }
      const fresh = open(reference.getText());
      assert.equal(decoder.decode(document.bytes), reference.getText());
      assert.equal(document.lineCount, fresh.lineCount);
      for (let offset = 0; offset <= document.bytes.length; offset++)
        assert.deepEqual(document.positionAt(offset), fresh.positionAt(offset));
    }),
  );
});

test('positions and offsets of every character agree with the protocol library', () => {
  fc.assert(
    fc.property(textOf, (text) => {
      const reference = TextDocument.create('file:///a.c', 'c', 1, text);
      const document = open(text);
      let bytes = 0;
      let units = 0;
      for (const char of text) {
        if (char !== '\n' || text[units - 1] !== '\r') {
          assert.deepEqual(document.positionAt(bytes), reference.positionAt(units));
          assert.equal(document.offsetAt(reference.positionAt(units)), bytes);
        }
        bytes += new TextEncoder().encode(char).length;
        units += char.length;
      }
    }),
  );
});

test('a whole-text change replaces everything and takes the version', () => {
  const document = open('old\ntext').edited([{ text: 'new' }], 7);
  assert.equal(decoder.decode(document.bytes), 'new');
  assert.equal(document.version, 7);
  assert.equal(document.lineCount, 1);
});

test('UTF-32 positions count characters', () => {
  const document = open('é😀x\ny', 'utf-32');
  assert.deepEqual(document.positionAt(6), { line: 0, character: 2 });
  assert.equal(document.offsetAt({ line: 0, character: 2 }), 6);
  assert.equal(document.offsetAt({ line: 0, character: 9 }), 7);
});

test('UTF-8 positions count bytes', () => {
  const document = open('é😀x\ny', 'utf-8');
  assert.deepEqual(document.positionAt(6), { line: 0, character: 6 });
  assert.equal(document.offsetAt({ line: 0, character: 6 }), 6);
  assert.equal(document.offsetAt({ line: 1, character: 0 }), 8);
});

test('positions out of range mean the nearest place', () => {
  const document = open('abc\r\nde');
  assert.equal(document.offsetAt({ line: 0, character: 99 }), 3);
  assert.equal(document.offsetAt({ line: 99, character: 0 }), 7);
  assert.equal(document.offsetAt({ line: -1, character: 5 }), 0);
  assert.equal(document.offsetAt({ line: 1, character: -3 }), 5);
  assert.deepEqual(document.positionAt(99), { line: 1, character: 2 });
});

test('an edit leaves the document it came from as it was', () => {
  const before = open('one\ntwo\n');
  const after = before.edited([{ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: '' }], 2);
  assert.equal(decoder.decode(before.bytes), 'one\ntwo\n');
  assert.equal(decoder.decode(after.bytes), 'two\n');
  assert.equal(before.version, 1);
});

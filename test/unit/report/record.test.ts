import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LineIndex } from '../../../server/src/base/lineIndex';
import { loadModel, newestRelease } from '../../../server/src/kernel/index';
import { recordOf, type SourceText } from '../../../server/src/report/record';
import { finding } from '../../support/finding';

const model = loadModel({ release: newestRelease() });

function textOf(text: string): SourceText {
  const bytes = new TextEncoder().encode(text);
  return { bytes, lines: new LineIndex(bytes) };
}

describe('the plain record of a finding', () => {
  test('counts lines and UTF-16 columns from 1, the end behind the last one', () => {
    const source = textOf('int a;\r\n\t"ä€🙂" bad(\n x);\n');
    const start = new TextEncoder().encode('int a;\r\n\t"ä€🙂" ').length;
    const record = recordOf(finding({ range: { start, end: start + 8 } }), source, model);
    assert.deepEqual([record.line, record.column, record.endLine, record.endColumn], [2, 9, 3, 4]);
    assert.equal(record.excerpt, '\t"ä€🙂" bad(');
  });

  test('names a mask only when all of it is known', () => {
    const bits = model.flags.bits('GFP_NOFS')!;
    const source = textOf('x');
    assert.equal(recordOf(finding({ mask: { set: bits, clear: ~bits } }), source, model).mask, 'GFP_NOFS');
    assert.equal(recordOf(finding({ mask: { set: bits, clear: 0 } }), source, model).mask, null);
    assert.equal(recordOf(finding({}), source, model).mask, null);
  });

  test('leaves out places in files it does not know, and fixes that need them', () => {
    const other = { path: 'b.h', range: { start: 4, end: 5 } };
    const one = finding({
      trace: [
        { range: { start: 0, end: 1 }, message: 'here' },
        { ...other, message: 'there' },
      ],
      fixes: [
        {
          title: 'Both',
          safety: 'safe',
          edits: [
            { range: { start: 0, end: 1 }, newText: 'y' },
            { ...other, newText: 'z' },
          ],
        },
      ],
    });
    const source = textOf('x\n');
    const alone = recordOf(one, source, model);
    assert.deepEqual([alone.trace.map((step) => step.message), alone.fixes], [['here'], []]);
    const both = recordOf(one, source, model, () => textOf('ab\ncd\n'));
    assert.deepEqual(both.trace[1], { file: 'b.h', line: 2, column: 2, message: 'there' });
    assert.deepEqual(
      both.fixes[0]!.edits.map((edit) => [edit.file, edit.line, edit.newText]),
      [
        ['a.c', 1, 'y'],
        ['b.h', 2, 'z'],
      ],
    );
  });

  test('cuts the excerpt of an endless line', () => {
    assert.ok(recordOf(finding({}), textOf(`x${'0, '.repeat(100_000)}`), model).excerpt.length < 1000);
  });
});

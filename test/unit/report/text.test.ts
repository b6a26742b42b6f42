import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingText, PLAIN } from '../../../server/src/report/text';
import { reported } from './reported';

const options = { palette: PLAIN, shownPath: (file: string) => `../linux/${file}` };

describe('a finding as text', () => {
  test('begins as gcc does', () => {
    assert.equal(findingText(reported({}), options), '../linux/mm/a.c:7:9: warning: this is wrong [some-rule]\n');
  });

  test('shows the source line and marks the range, tabs expanded', () => {
    const lines = findingText(reported({ column: 11, endColumn: 21, excerpt: '\tp = f(3,\tGFP_KERNEL);' }), options).split('\n');
    assert.equal(lines[1], '    7 |         p = f(3,        GFP_KERNEL);');
    assert.equal(lines[2], '      |                         ^~~~~~~~~~');
  });

  test('marks to the end of the line when the range goes on', () => {
    const lines = findingText(reported({ column: 2, endColumn: 3, endLine: 9, excerpt: '\tfoo(a,' }), options).split('\n');
    assert.equal(lines[2], '      |         ^~~~~~');
  });

  test('lists evidence and fixes as notes', () => {
    const finding = reported({
      trace: [{ file: 'mm/b.c', line: 3, column: 2, message: 'taken here' }],
      fixes: [
        { title: 'Use GFP_ATOMIC', safety: 'safe', edits: [] },
        { title: 'Use GFP_NOWAIT', safety: 'unsafe', edits: [] },
      ],
    });
    assert.deepEqual(findingText(finding, options).trimEnd().split('\n').slice(1), [
      '../linux/mm/b.c:3:2: note: taken here',
      '../linux/mm/a.c:7:9: note: fix: Use GFP_ATOMIC (--fix)',
      '../linux/mm/a.c:7:9: note: fix: Use GFP_NOWAIT (needs a look: not applied by --fix)',
    ]);
  });

  test('says when it is only possible', () => {
    assert.match(
      findingText(reported({ certainty: 'possible', severity: 'hint' }), options),
      /: hint: possible: this is wrong \[some-rule\]/,
    );
  });

  test('control bytes of a source line do not reach the terminal', () => {
    const text = findingText(reported({ column: 1, endColumn: 2, excerpt: 'a\x1b[31mb\x07' }), options);
    assert.ok(
      [...text].every((char) => char >= ' ' || char === '\n'),
      JSON.stringify(text),
    );
  });
});

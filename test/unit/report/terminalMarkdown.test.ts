import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentence } from '../../../server/src/report/rulePage';
import { terminalMarkdown } from '../../../server/src/report/terminalMarkdown';

const style = { heading: (text: string) => text.toUpperCase(), code: (text: string) => `'${text}'`, strong: (text: string) => `*${text}*` };

test('headings, code blocks, lists and inline marks', () => {
  const page =
    '# Title\n\nUse `GFP_NOFS` or **ask**, see [the page](https://example.org/x).\n\n```c bad\nint `x`;\n\n\treturn;\n```\n- one item\n  goes on\n- two\n';
  assert.equal(
    terminalMarkdown(page, style, 80),
    [
      'TITLE',
      '',
      "Use 'GFP_NOFS' or *ask*, see the page <https://example.org/x>.",
      '',
      "    'int `x`;'",
      '',
      "    '\treturn;'",
      '- one item goes on',
      '- two',
      '',
    ].join('\n'),
  );
});

test('wraps paragraphs, and list items under their text', () => {
  assert.equal(terminalMarkdown('aaa bbb ccc\nddd eee\n\n- aaa bbb ccc ddd', style, 11), 'aaa bbb ccc\nddd eee\n\n- aaa bbb\n  ccc ddd\n');
});

test('a summary becomes a sentence, names keep their spelling', () => {
  assert.equal(sentence('a mask that may sleep'), 'A mask that may sleep.');
  assert.equal(sentence('__GFP_NOFAIL without reclaim'), '__GFP_NOFAIL without reclaim.');
  assert.equal(sentence('kmalloc() instead?'), 'kmalloc() instead?');
});

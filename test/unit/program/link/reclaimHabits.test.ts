import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkTree, treeMismatch, verdictLines } from '../../../support/linkedTree';

const allocating = (name: string, mask: string, remark = '') =>
  `void *${name}(struct log *log)\n{\n\treturn kmalloc(log->size, ${mask});${remark}\n}\n`;

/** A file with three functions that use GFP_NOFS and one that uses `mask`. */
const journal = (mask: string, name = 'log_write', remark = '') =>
  ['log_begin', 'log_commit', 'log_replay'].map((one) => allocating(one, 'GFP_NOFS')).join('\n') + allocating(name, mask, remark);

describe('masks that differ from those around them', () => {
  test('the reason gives the figures, the step one that does without', () => {
    assert.deepEqual(verdictLines(linkTree({ 'fs/logfs/log.c': journal('GFP_KERNEL') })), [
      'fs/logfs/log.c:17 no-fs possible: 3 of 4 masks in this file do without __GFP_FS',
      '  fs/logfs/log.c:3 log_begin() allocates without __GFP_FS here',
    ]);
  });

  test('the rule reports it as possible', () => {
    assert.equal(treeMismatch({ 'fs/logfs/log.c': journal('GFP_KERNEL', 'log_write', ' // want? reclaim-recursion') }), '');
  });

  for (const [what, text] of [
    ['two masks are no habit', journal('GFP_KERNEL').replace('GFP_NOFS', 'GFP_KERNEL')],
    ['mounting is before any I/O', journal('GFP_KERNEL', 'log_fill_super')],
    ['the mask does without as well', journal('GFP_NOIO')],
  ] as const)
    test(`silent: ${what}`, () => assert.equal(treeMismatch({ 'fs/logfs/log.c': text }), ''));

  test('calls of one function of the tree are compared over all files', () => {
    const call = (name: string, mask: string) => `void ${name}(struct log *log)\n{\n\tlog->item = log_new(log, ${mask});\n}\n`;
    const wrapper = 'void *log_new(struct log *log, gfp_t gfp)\n{\n\treturn kmalloc(log->size, gfp);\n}\n';
    const lines = verdictLines(
      linkTree({
        'fs/logfs/a.c': wrapper + call('one', 'GFP_NOIO') + call('two', 'GFP_NOIO'),
        'fs/logfs/b.c': call('three', 'GFP_NOIO'),
        'fs/logfs/c.c': call('four', 'GFP_KERNEL'),
      }),
    );
    assert.deepEqual(lines.slice(0, 1), ['fs/logfs/c.c:3 no-io possible: 3 of 4 calls of log_new() do without __GFP_IO']);
  });

  test('a folder in which nearly all do without, and only there', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => allocating(`log_item${at}`, 'GFP_NOFS')).join('\n');
    const lines = (count: number, path: string) =>
      verdictLines(linkTree({ 'fs/logfs/items.c': many(count), [path]: allocating('log_note', 'GFP_KERNEL') })).slice(0, 1);
    assert.deepEqual(lines(15, 'fs/logfs/note.c'), ['fs/logfs/note.c:3 no-fs possible: 15 of 16 masks in this folder do without __GFP_FS']);
    assert.deepEqual(lines(14, 'fs/logfs/note.c'), []);
    assert.deepEqual(lines(15, 'fs/other/note.c'), []);
  });
});

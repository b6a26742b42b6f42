import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Hover } from '../../../server/src/ide/hover';
import { codeSpan, escapeMarkdown, hoverMarkdown, hoverPlainText } from '../../../server/src/report/hoverMarkdown';

const hover: Hover = {
  range: { start: 0, end: 7 },
  subject: 'call',
  name: 'kzalloc()',
  summary: ['Zeroed memory.'],
  value: [{ code: 'GFP_KERNEL|__GFP_ZERO' }],
  here: [{ label: 'Here', value: ['must not sleep: ', { code: '&dev->lock' }, ' held since line 3'] }],
  findings: [{ rule: 'sleep-in-atomic', severity: 'error', message: 'kzalloc() may sleep' }],
  behaviour: [{ label: 'Sleeps', value: ['may sleep'] }],
  details: [{ label: 'Flags', value: [{ code: '__GFP_IO' }] }],
  kernel: '6.1.192 (tree)',
};

test('name and value first, then the rule pages and the kernel, the place, the mask, the details', () => {
  const text = hoverMarkdown(hover, (rule) => `file:///docs/rules/${rule}.md`);
  assert.equal(
    text,
    [
      '**`kzalloc()`** = `GFP_KERNEL|__GFP_ZERO`',
      'Zeroed memory\\.',
      '[sleep\\-in\\-atomic](<file:///docs/rules/sleep-in-atomic.md>) · *kernel 6\\.1\\.192 \\(tree\\)*',
      '- **Here:** must not sleep\\: `&dev->lock` held since line 3\n- **Sleeps:** may sleep',
      '---\n\n- **Flags:** `__GFP_IO`',
    ].join('\n\n'),
  );
});

test('plain text has no markup', () => {
  assert.equal(
    hoverPlainText(hover),
    [
      'kzalloc() = GFP_KERNEL|__GFP_ZERO',
      'Zeroed memory.',
      'Error: kzalloc() may sleep [sleep-in-atomic]',
      'Here: must not sleep: &dev->lock held since line 3',
      'Sleeps: may sleep',
      'Flags: __GFP_IO',
      'kernel 6.1.192 (tree)',
    ].join('\n'),
  );
});

test('without a page the rule is named, not linked', () => {
  assert.match(
    hoverMarkdown(hover, () => undefined),
    /`sleep-in-atomic` · \*kernel/,
  );
});

test('source text cannot leave its code span', () => {
  for (const source of ['a`b', '``', '`', 'x``](command:evil)', '`<img src=x>`', 'a\n\n# b', '[x](command:y)']) {
    const span = codeSpan(source);
    const fence = /^`+/.exec(span)![0];
    const inside = span.slice(fence.length, -fence.length);
    assert.ok(span.endsWith(fence));
    const runs: readonly string[] = inside.match(/`+/g) ?? [];
    assert.ok(!runs.includes(fence), span);
    assert.ok(!span.includes('\n'), span);
  }
});

test('text from the source can bring neither links nor HTML', () => {
  const evil = 'kmalloc([x](command:evil)) <img src=x onerror=y> **b** `c` &lt; $(alert)';
  const text = hoverMarkdown({ ...hover, summary: [evil] }, () => undefined);
  assert.ok(!text.includes('](command'), text);
  assert.ok(!text.includes('<img'), text);
  assert.ok(text.includes('\\*\\*b\\*\\*'), text);
  assert.ok(text.includes('\\$\\(alert\\)'), text);
});

test('every Markdown character of a text is escaped', () => {
  fc.assert(
    fc.property(fc.string(), (message) => {
      const escaped = escapeMarkdown(message);
      assert.doesNotMatch(escaped.replace(/\\./g, ''), /[`*_[\]<>|$~]/);
    }),
  );
});

test('characters that reorder or hide text become visible', () => {
  assert.equal(codeSpan('a\u202eb\u0000c'), '`a\ufffdb\ufffdc`');
  assert.equal(hoverPlainText({ ...hover, name: 'x\u2066y' }).split(' ')[0], 'x\ufffdy');
});

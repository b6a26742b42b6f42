import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkTree } from './checkTree';

/**
 * The definite findings over whole kernel trees, against committed lists: a change of parser, facts or rules shows here as lines that come
 * or go, to be read in the source before the list is renewed with UPDATE=1. The first line of a list names the exact kernel. Left out is
 * object-macro: where a kernel has the macros, each allocation could use one.
 */
for (const release of ['6.1', '6.12']) {
  test(`the definite findings of linux ${release} are those that were read`, () => {
    const report = checkTree(release, '.', ['--jobs', '2']);
    const lines = report.findings
      .filter(({ certainty, rule }) => certainty === 'definite' && rule !== 'object-macro')
      .map(({ file, function: name, rule, callee }) => [rule, file, name ?? '-', callee ?? '-'].join(' '))
      .sort();
    const list = path.join(import.meta.dirname, `findings-${release}.txt`);
    const text = [`# linux ${report.kernel}`, ...lines, ''].join('\n');
    if (process.env.UPDATE === '1') writeFileSync(list, text);
    assert.equal(text, readFileSync(list, 'utf8'), 'read the lines that differ in the source, then renew the list with UPDATE=1');
    assert.ok((report.gaps['damaged syntax'] ?? 0) <= report.files * 0.002, JSON.stringify(report.gaps));
  });
}

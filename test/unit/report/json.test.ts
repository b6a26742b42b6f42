import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CheckReport } from '../../../server/src/report/checkReport';
import { jsonReport } from '../../../server/src/report/json';
import { statsText, summaryLine } from '../../../server/src/report/summary';
import { reported } from './reported';

const stats = {
  analysed: 2,
  bytes: 2_000_000,
  functions: 4,
  calls: 5,
  jobs: 1,
  milliseconds: 500,
  peakMemory: 1 << 26,
  rules: { 'some-rule': 2 },
};
const report: CheckReport = {
  tool: { name: 'gfp-lens', version: '1.2.3' },
  kernel: '6.1.192',
  root: '/src/linux',
  files: 3,
  findings: [],
  gaps: { 'damaged syntax': 2 },
  stats,
};

describe('the JSON report', () => {
  test('is one object with exactly the fields of the contract', () => {
    const parsed = JSON.parse([...jsonReport({ ...report, findings: [reported({ excerpt: 'x' }), reported({ line: 9 })] })].join(''));
    assert.deepEqual(Object.keys(parsed), ['tool', 'kernel', 'root', 'files', 'findings', 'gaps', 'stats']);
    assert.deepEqual(parsed.tool, { name: 'gfp-lens', version: '1.2.3' });
    assert.equal(parsed.findings.length, 2);
    assert.deepEqual(Object.keys(parsed.findings[0]).sort(), [
      'callee',
      'certainty',
      'column',
      'endColumn',
      'endLine',
      'file',
      'fingerprint',
      'fixes',
      'function',
      'line',
      'mask',
      'message',
      'rule',
      'severity',
      'trace',
    ]);
  });

  test('is valid without findings', () => {
    assert.deepEqual(JSON.parse([...jsonReport(report)].join('')).findings, []);
  });

  test('comes in one piece per finding', () => {
    const many = Array.from({ length: 100 }, () => reported({}));
    assert.ok([...jsonReport({ ...report, findings: many })].every((piece) => piece.length < 1000));
  });
});

describe('the summary', () => {
  test('counts by severity and file', () => {
    const findings = [reported({}), reported({ file: 'b.c' }), reported({ severity: 'error' }), reported({ severity: 'hint' })];
    assert.equal(summaryLine({ ...report, findings }), '1 error, 2 warnings, 1 hint in 2 files (3 files read, kernel 6.1.192)');
    assert.equal(summaryLine(report), 'nothing found (3 files read, kernel 6.1.192)');
  });

  test('the statistics name rates, rules and gaps', () => {
    const text = statsText(report);
    assert.match(text, /time +0\.50 s \(4 MB\/s, 1 job\)/);
    assert.match(text, /rule: some-rule +2/);
    // The counts by rule have all of them: the difference is told.
    assert.match(text, /not shown +2 \(below --min-severity, /);
    assert.doesNotMatch(statsText({ ...report, findings: [reported({}), reported({})] }), /not shown/);
    assert.match(text, /gap: damaged syntax +2/);
  });
});

import type { ReportedFinding } from '../../../server/src/report/record';

/** A finding with ordinary values, for tests of renderers. */
export function reported(parts: Partial<ReportedFinding>): ReportedFinding {
  return {
    file: 'mm/a.c',
    line: 7,
    column: 9,
    endLine: 7,
    endColumn: 19,
    rule: 'some-rule',
    severity: 'warning',
    certainty: 'definite',
    message: 'this is wrong',
    function: 'f',
    callee: 'kmalloc',
    mask: 'GFP_KERNEL',
    trace: [],
    fixes: [],
    fingerprint: '0011223344556677',
    excerpt: '',
    ...parts,
  };
}

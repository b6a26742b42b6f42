import type { Finding } from '../../server/src/rules/rule';

/** A finding with ordinary values, for tests of what is done with findings. */
export function finding(parts: Partial<Finding>): Finding {
  return {
    rule: 'r',
    path: 'a.c',
    severity: 'warning',
    certainty: 'definite',
    message: 'm',
    fingerprint: 'f',
    range: { start: 0, end: 1 },
    ...parts,
  };
}

import type { Finding } from '../rules/rule';
import { type AnalysisContext, analyseSource } from './analyseSource';
import { applySafeFixes } from './edits';

export interface FixedSource {
  readonly bytes: Uint8Array;
  /** Findings that the rounds removed. */
  readonly fixed: number;
  /** All findings of the resulting text. */
  readonly findings: readonly Finding[];
}

/** More rounds than any chain of fixes needs; a pair that undoes each other must not run for ever. */
const MAX_ROUNDS = 8;

/**
 * Applies the safe fixes of the findings that `wanted` accepts until none is left. A round that would leave code the
 * parser cannot read, or more findings than before, is not taken.
 */
export function fixSource(path: string, bytes: Uint8Array, context: AnalysisContext, wanted: (finding: Finding) => boolean): FixedSource {
  let text = bytes;
  let current = analyseSource(path, text, context, { alone: true });
  const before = current.findings.length;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = applySafeFixes(text, current.findings.filter(wanted));
    if (next === undefined) break;
    const after = analyseSource(path, next, context, { alone: true });
    if (after.facts.file.damage.length > current.facts.file.damage.length || after.findings.length > current.findings.length) break;
    text = next;
    current = after;
  }
  return { bytes: text, fixed: Math.max(0, before - current.findings.length), findings: current.findings };
}

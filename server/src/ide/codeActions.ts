import { type TextRange, touches } from '../base/range';
import type { AnalysisContext, SourceAnalysis } from '../program/analyseSource';
import { fixSource } from '../program/fixSource';
import type { Finding, Fix, TextEdit } from '../rules/rule';
import { lineEdits } from './lineEdits';

/** A change the user can choose. */
export interface CodeAction {
  readonly title: string;
  /** `offer`: the fix of a possible finding, which is not shown as a problem. */
  readonly kind: 'quickfix' | 'offer' | 'fix-all';
  /** Undefined for fix-all. */
  readonly finding: Finding | undefined;
  readonly safety: Fix['safety'];
  /** The one an editor applies when asked to just fix it. */
  readonly preferred: boolean;
  readonly edits: readonly TextEdit[];
}

export function codeActionsAt(
  findings: readonly Finding[],
  range: TextRange,
  kind: 'quickfix' | 'offer' = 'quickfix',
): readonly CodeAction[] {
  const actions: CodeAction[] = [];
  for (const finding of findings) {
    if (!overlaps(finding.range, range)) continue;
    let preferred = true;
    for (const fix of finding.fixes ?? []) {
      const first = kind === 'quickfix' && preferred && fix.safety === 'safe';
      if (first) preferred = false;
      actions.push({ title: titleOf(fix), kind, finding, safety: fix.safety, preferred: first, edits: fix.edits });
    }
  }
  return actions;
}

/** The findings that touch a range. */
export function findingsAt(findings: readonly Finding[], range: TextRange): readonly Finding[] {
  return findings.filter((finding) => overlaps(finding.range, range));
}

/** All safe fixes, repeated until none is left, as edits of the text that was analysed. */
export function safeFixAll(path: string, analysis: SourceAnalysis, context: AnalysisContext): CodeAction | undefined {
  const { bytes } = analysis.facts.file;
  const isFixable = (finding: Finding): boolean => finding.certainty === 'definite';
  if (!analysis.findings.some((finding) => isFixable(finding) && finding.fixes?.some((fix) => fix.safety === 'safe'))) return undefined;
  const edits = lineEdits(bytes, fixSource(path, bytes, context, isFixable).bytes);
  if (edits.length === 0) return undefined;
  return { title: 'Fix all safe GFP problems', kind: 'fix-all', finding: undefined, safety: 'safe', preferred: false, edits };
}

function titleOf(fix: Fix): string {
  return fix.safety === 'safe' ? fix.title : `${fix.title} (unsafe: review it)`;
}

function overlaps(a: TextRange, b: TextRange): boolean {
  return touches(a, b.start) || touches(a, b.end) || (b.start <= a.start && a.end <= b.end);
}

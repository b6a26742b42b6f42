import type { Rule, RuleFinding } from './rule';
import type { Suppression } from './suppression';

/** A suppression and which of its rules it silenced in this run. */
export interface SuppressionUse {
  readonly suppression: Suppression;
  readonly used: ReadonlySet<string>;
}

/** Has no check of its own: the driver calls {@link unusedSuppressions} when all other rules have spoken. */
export const unusedSuppression: Rule = {
  id: 'unused-suppression',
  summary: 'a suppression that suppresses nothing or gives no reason',
  severity: 'warning',
  doc: `
## What it finds
A comment \`/* gfp-lens: allow(rule-id) reason */\` (or \`//\`, or \`allow-file\` for the whole file) that no finding needs, that names a
rule which does not exist, that gives no reason, or that cannot be read.

## Why
A suppression that outlives its cause hides the next real mistake on that line. One without a reason cannot be judged by the next reader.

## Example
\`\`\`c bad
static int add(int a, int b)
{
	/* gfp-lens: allow(sleep-in-atomic) the caller dropped the lock */
	return a + b;
}
\`\`\`

## Instead
\`\`\`c good
static int add(int a, int b)
{
	return a + b;
}
\`\`\`

## When it stays silent
- for a rule that is switched off or not part of this run: whether the comment is needed is not known then;
- when the finding it silences is only a possible one;
- for the words \`gfp-lens:\` inside a string.

## References
A comment alone on its line covers the statement behind it; a comment beside code covers the statements on its line.
`,
};

/** Findings about suppressions; `judged` tells the rules that were part of the run, `known` all that exist. */
export function unusedSuppressions(
  uses: readonly SuppressionUse[],
  known: (rule: string) => boolean,
  judged: (rule: string) => boolean,
): readonly RuleFinding[] {
  return uses.flatMap((use) => {
    const message = complaint(use, known, judged);
    return message === undefined ? [] : [finding(use, message)];
  });
}

function complaint(
  { suppression, used }: SuppressionUse,
  known: (rule: string) => boolean,
  judged: (rule: string) => boolean,
): string | undefined {
  if (suppression.malformed) return 'this suppression cannot be read and has no effect; the form is: gfp-lens: allow(rule-id) reason';
  const unknown = suppression.rules.find((rule) => !known(rule));
  if (unknown !== undefined) return `there is no rule "${unknown}"; this suppression of it has no effect`;
  const idle = suppression.rules.filter((rule) => judged(rule) && !used.has(rule));
  if (idle.length > 0) return `nothing to suppress here for ${idle.join(', ')}`;
  if (suppression.reason === '') return `this suppression of ${suppression.rules.join(', ')} gives no reason`;
  return undefined;
}

function finding({ suppression, used }: SuppressionUse, message: string): RuleFinding {
  const { range } = suppression;
  const idle = !suppression.malformed && used.size === 0 && suppression.reason !== '';
  const fixes = idle ? [{ title: 'Remove the suppression', safety: 'unsafe' as const, edits: [{ range, newText: '' }] }] : [];
  return { range, message, certainty: 'definite', unnecessary: idle, fixes };
}

import type { Rule } from '../rules/rule';

/**
 * The manual page of a rule as Markdown, with its title and default severity. The line of an example that tells its test which
 * kernel it is for becomes an ordinary comment.
 */
export function rulePage(rule: Rule): string {
  const doc = rule.doc.trim().replace(/^\/\/# kernel (\S+)$/gm, '/* linux $1 */');
  return `# ${rule.id}\n\n${sentence(rule.summary)} Default severity: **${rule.severity}**.\n\n${doc}\n`;
}

/** A summary as a sentence; flag names keep their spelling. */
export function sentence(summary: string): string {
  const first = /^[a-z]+(?![\w(])/.test(summary) ? summary[0]!.toUpperCase() + summary.slice(1) : summary;
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

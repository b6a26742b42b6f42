import type { Hover, HoverFinding, HoverLine } from '../ide/hover';
import type { Text } from '../ide/text';
import { visible } from './visible';

/** Where the manual page of a rule is, as a URI; undefined when there is none to link to. */
export type RulePageLink = (rule: string) => string | undefined;

const SEVERITY_WORD = { error: 'Error', warning: 'Warning', info: 'Note', hint: 'Hint' } as const;

/**
 * A hover as Markdown for a narrow window: the name and value first, the links, then what holds here and what the mask does, one
 * short bullet each. Text that comes from the analysed source is escaped: it can bring neither links nor HTML.
 *
 * @param explore where the mask can be looked at closer, as a URI.
 */
export function hoverMarkdown(hover: Hover, link: RulePageLink, explore?: string): string {
  const blocks = [
    heading(hover),
    hover.summary === undefined ? '' : inline(hover.summary),
    // Editors show the first lines of a hover and scroll the rest: links below would be out of reach.
    [
      ...rulePages(hover.findings, link),
      ...(explore === undefined ? [] : [`[explore](<${explore}>)`]),
      `*kernel ${escapeMarkdown(hover.kernel)}*`,
    ].join(' · '),
    bullets([...hover.here, ...hover.behaviour]),
    hover.details.length === 0 ? '' : `---\n\n${bullets(hover.details)}`,
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** The same for clients that show hovers as plain text. */
export function hoverPlainText(hover: Hover): string {
  const lines = [
    hover.value === undefined ? visible(hover.name) : `${visible(hover.name)} = ${plain(hover.value)}`,
    ...(hover.summary === undefined ? [] : [plain(hover.summary)]),
    ...hover.findings.map((finding) => `${SEVERITY_WORD[finding.severity]}: ${visible(finding.message)} [${finding.rule}]`),
    ...[...hover.here, ...hover.behaviour, ...hover.details].map((line) => `${line.label}: ${plain(line.value)}`),
    `kernel ${hover.kernel}`,
  ];
  return lines.join('\n');
}

/** Plain words with all Markdown and HTML punctuation escaped and invisible characters made visible. */
export function escapeMarkdown(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]()#+\-.!|<>&~$:]/g, (char) => (char === '<' ? '&lt;' : char === '&' ? '&amp;' : `\\${char}`));
}

/** A code span around any text: its fence is longer than every run of back quotes inside. */
export function codeSpan(source: string): string {
  const text = visible(source).replace(/\s+/g, ' ').trim();
  if (text === '') return '';
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

function heading(hover: Hover): string {
  const name = `**${codeSpan(hover.name)}**`;
  return hover.value === undefined ? name : `${name} = ${inline(hover.value)}`;
}

/** Links to the manual pages of the findings here. Their messages are left to the diagnostics, which editors show beside the hover. */
function rulePages(findings: readonly HoverFinding[], link: RulePageLink): string[] {
  return [...new Set(findings.map((finding) => finding.rule))].map((rule) => {
    const page = link(rule);
    return page === undefined ? codeSpan(rule) : `[${escapeMarkdown(rule)}](<${page.replace(/[<>\s]/g, encodeURIComponent)}>)`;
  });
}

function bullets(lines: readonly HoverLine[]): string {
  return lines.map((line) => `- **${escapeMarkdown(line.label)}:** ${inline(line.value)}`).join('\n');
}

function inline(text: Text): string {
  return text.map((span) => (typeof span === 'string' ? escapeMarkdown(span) : codeSpan(span.code))).join('');
}

function plain(text: Text): string {
  return text.map((span) => visible(typeof span === 'string' ? span : span.code)).join('');
}

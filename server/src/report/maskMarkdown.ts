import { summarise } from '../kernel/explain/summary';
import { codeSpan, escapeMarkdown } from './hoverMarkdown';
import { type MaskPageContent, mismatchSentences, rangeText, readingReasons } from './maskPage';
import { maskRows } from './maskRows';

/** More readings than these say nothing new. */
const MOST_RELEASES = 6;

/**
 * The page of a mask for an editor, with the content of the terminal's page. The path and what lies below it can be folded: `details` is the one HTML
 * element that Markdown views show. All text is escaped.
 */
export function maskMarkdown(content: MaskPageContent): string {
  const blocks = [
    heading(content),
    summarise(content).map(escapeMarkdown).join(' '),
    list('Number and names disagree', mismatchSentences(content).map(escapeMarkdown)),
    problems(content),
    table(
      ['', ''],
      maskRows(content).map(([label, text]) => [escapeMarkdown(label), cellText(label, text)]),
    ),
    releases(content),
    readings(content),
    folded('What the allocator does', pathLines(content)),
    folded('In allocators built on pages', nestedLines(content)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** A Markdown table; the cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

function heading(content: MaskPageContent): string {
  const name = content.names ?? (content.canonical === '' ? 'none' : content.canonical);
  const note = content.note === undefined ? '' : ` (${escapeMarkdown(content.note)})`;
  return `# ${codeSpan(name.replaceAll('|', ' | '))}\n\n${codeSpan(content.hex)} on Linux ${escapeMarkdown(content.kernel)}${note}`;
}

/** Flags and numbers are code, sentences are not. */
function cellText(label: string, text: string): string {
  if (label === 'flags' || label === 'alloc flags') return text === 'none' ? text : text.split(' ').map(codeSpan).join(' ');
  return escapeMarkdown(text);
}

function problems({ problems: found }: MaskPageContent): string {
  return list(
    'Problems',
    found.map(({ severity, message, rule }) => `**${severity}:** ${escapeMarkdown(message)} (${codeSpan(rule)})`),
  );
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `**${title}**\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function pathLines({ path = [] }: MaskPageContent): readonly string[] {
  return path.map(({ step, outcome, why, source }, index) => {
    const reason = why === undefined ? '' : ` (${escapeMarkdown(why)})`;
    return `${index + 1}. **${escapeMarkdown(step)}**: ${escapeMarkdown(outcome)}${reason}  \n   ${codeSpan(source)}`;
  });
}

function nestedLines({ nested = [] }: MaskPageContent): readonly string[] {
  return nested.map(
    ({ allocator, hex, note }) =>
      `- **${escapeMarkdown(allocator)}**: ${hex === null ? 'no pages' : codeSpan(hex)}, ${escapeMarkdown(note)}`,
  );
}

function folded(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<details open>\n<summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function releases({ releases: ranges = [] }: MaskPageContent): string {
  const rows = ranges
    .slice(0, MOST_RELEASES)
    .map((range) => [
      escapeMarkdown(rangeText(range)),
      codeSpan(range.reading.replaceAll('|', ' | ')),
      readingReasons(range).map(escapeMarkdown).join(', '),
    ]);
  return rows.length === 0 ? '' : `**Which kernel it may come from, the likeliest first**\n\n${table(['Linux', 'reading', ''], rows)}`;
}

function readings({ readings: found = [] }: MaskPageContent): string {
  const rows = found.map((reading) => [codeSpan(reading.config), codeSpan(reading.hex ?? (reading.flags ?? []).join(' | '))]);
  return rows.length === 0 ? '' : `**The configuration decides how to read it**\n\n${table(['configuration', 'reading'], rows)}`;
}

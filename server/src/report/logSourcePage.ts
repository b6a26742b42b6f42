import type { LogSourceRecord } from './logSourceRecord';
import { hanging } from './logText';
import type { Palette } from './maskPage';

/** Lines of a diff that are shown; longer ones are a matter for `check --fix-dry-run`. */
const MOST_DIFF_LINES = 24;

/** Where the log leads in a tree: the call, how it compares with the log, what the rules say of it, lines of at most `width` columns. */
export function sourceSection(source: LogSourceRecord, palette: Palette, width = 80): readonly string[] {
  return [
    palette.bold('In the source'),
    ...hanging('  ', `${source.file}:${source.line}${source.call === null ? ': no allocation is seen in this function' : ''}`, width),
    ...(source.call === null ? [] : hanging('    ', source.call, width)),
    ...agreement(source).flatMap((text) => hanging('  ', text, width)),
    ...source.findings.flatMap(({ severity, message, rule }) => hanging('  ', `${severity}: ${message} [${rule}]`, width)),
    ...fix(source, palette, width),
  ];
}

/** How the call compares with the log, in sentences. */
export function agreement({
  call,
  mask,
  maskAgrees,
  onlyInLog,
  onlyInSource,
  others,
  release,
  releaseAgrees,
}: LogSourceRecord): readonly string[] {
  const sentences: string[] = [];
  if (call !== null && maskAgrees === true) sentences.push('Its mask agrees with the log.');
  if (call !== null && maskAgrees === null && mask !== null)
    sentences.push(`Its mask (${mask}) is decided elsewhere: it may agree with the log.`);
  if (maskAgrees === false) {
    const log = onlyInLog.length === 0 ? [] : [`the log has ${onlyInLog.join('|')}, which the source has not`];
    const code = onlyInSource.length === 0 ? [] : [`the source has ${onlyInSource.join('|')}, which the log has not`];
    sentences.push(
      `Its mask differs: ${[...log, ...code].join('; ')}. The kernel that failed had other code here, or another call is meant.`,
    );
  }
  if (others > 0) sentences.push(`${others} other ${others === 1 ? 'allocation' : 'allocations'} of the function would fit as well.`);
  if (releaseAgrees === false) sentences.push(`The tree is Linux ${release}, not the release of the log.`);
  return sentences;
}

function fix({ fix: found }: LogSourceRecord, palette: Palette, width: number): readonly string[] {
  if (found === null) return [];
  const lines = found.diff.trimEnd().split('\n').slice(2);
  const shown = lines.slice(0, MOST_DIFF_LINES).map((line) => `    ${paint(line.replace(/\t/g, '        '), palette)}`);
  const more = lines.length > MOST_DIFF_LINES ? [palette.dim(`    and ${lines.length - MOST_DIFF_LINES} more lines`)] : [];
  return [...hanging('  ', `fix: ${found.title}`, width), ...shown, ...more];
}

function paint(line: string, palette: Palette): string {
  if (line.startsWith('+')) return palette.green(line);
  return line.startsWith('-') ? palette.red(line) : line;
}

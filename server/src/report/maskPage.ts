import type { MaskExplanation } from '../kernel/explain/explanation';
import { summarise } from '../kernel/explain/summary';
import type { NameMismatch, ReleaseRange } from '../mask/releases';
import { ILLEGAL_ZONES, maskRows } from './maskRows';

/** Colours of a terminal, or none: each function returns its text, decorated. */
export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

/** No decoration at all: pipes, files, terminals without colour. */
export const PLAIN: Palette = { bold: same, dim: same, red: same, yellow: same, green: same };

function same(text: string): string {
  return text;
}

const WIDTH = 80;
const LABEL_WIDTH = 14;

/** What the page shows: an explanation, and what only a text question has. */
export interface MaskPageContent extends MaskExplanation {
  readonly mismatch?: NameMismatch | undefined;
  readonly releases?: readonly ReleaseRange[] | undefined;
}

/** More readings than these say nothing new. */
const MOST_RELEASES = 6;

/** The page of `gfp-lens mask`: name, plain words, table, path, problems; lines of at most 80 columns. Ends with a newline. */
export function maskPage(explanation: MaskPageContent, palette: Palette): string {
  const sections = [
    heading(explanation, palette),
    summarise(explanation).flatMap((sentence) => wrap(sentence, WIDTH - 2).map((line) => `  ${line}`)),
    releases(explanation, palette),
    mismatch(explanation, palette),
    problems(explanation, palette),
    table(explanation, palette),
    path(explanation, palette),
    nested(explanation, palette),
    readings(explanation, palette),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(explanation: MaskPageContent, palette: Palette): string[] {
  const name = explanation.names ?? (explanation.canonical === '' ? 'none' : explanation.canonical);
  const note = explanation.note === undefined ? [] : wrap(explanation.note, WIDTH).map(palette.dim);
  return [...wrap(name, WIDTH, '|').map(palette.bold), palette.dim(`${explanation.hex} on Linux ${explanation.kernel}`), ...note];
}

/** Which kernels a number may come from. */
function releases({ releases: ranges }: MaskPageContent, palette: Palette): string[] {
  if (ranges === undefined) return [];
  const width = Math.max(...ranges.map((range) => rangeText(range).length));
  const shown = ranges.slice(0, MOST_RELEASES);
  const more = ranges.length - shown.length;
  return [
    palette.bold('Which kernel it may come from, the likeliest first'),
    ...shown.flatMap((range) => {
      const lead = `  ${rangeText(range).padEnd(width)}  `;
      const [first = '', ...rest] = wrap(range.reading, WIDTH - lead.length, '|');
      const indent = ' '.repeat(lead.length);
      return [
        lead + first,
        ...rest.map((line) => indent + line),
        ...readingReasons(range).flatMap((reason) => wrap(reason, WIDTH - lead.length).map((line) => indent + palette.dim(line))),
      ];
    }),
    ...(more === 0 ? [] : [palette.dim(`  and ${more} less likely reading${more === 1 ? '' : 's'}`)]),
  ];
}

export function rangeText({ from, to }: { readonly from: string; readonly to: string }): string {
  return from === to ? from : `${from} - ${to}`;
}

export function readingReasons({ config, unknownBits }: ReleaseRange): string[] {
  return [...(config === '' ? [] : [`with ${config}`]), ...(unknownBits === '0x0' ? [] : [`${unknownBits} has no flag there`])];
}

function mismatch(content: MaskPageContent, palette: Palette): string[] {
  const sentences = mismatchSentences(content);
  if (sentences.length === 0) return [];
  return [palette.yellow('Number and names disagree'), ...sentences.flatMap((text) => wrap(text, WIDTH - 2).map((line) => `  ${line}`))];
}

/** That the names of a log line are not those of its number, and where they are; empty where they agree. */
export function mismatchSentences({ mismatch: found, kernel }: MaskPageContent): readonly string[] {
  if (found === undefined) return [];
  const fits = found.fits.map((fit) => (fit.config === '' ? rangeText(fit) : `${rangeText(fit)} with ${fit.config}`));
  return [
    `Linux ${kernel} prints this number as ${found.here === '' ? 'nothing' : found.here}, not as ${found.printed}.`,
    fits.length === 0 ? 'No kernel from 4.4 on prints it so.' : `Number and names fit together in Linux ${fits.join('; ')}.`,
  ];
}

function table(explanation: MaskExplanation, palette: Palette): string[] {
  return maskRows(explanation).flatMap(([label, text]) => labelled(label, painted(text, palette), palette));
}

function painted(text: string, palette: Palette): string {
  return text === 'yes' ? palette.green(text) : text.replace(ILLEGAL_ZONES, palette.red);
}

function path(explanation: MaskExplanation, palette: Palette): string[] {
  const steps = explanation.path ?? [];
  if (steps.length === 0) return [];
  const indent = ' '.repeat(`  ${steps.length}. `.length);
  return [
    palette.bold('What the allocator does'),
    ...steps.flatMap(({ step, outcome, why, source }, index) => {
      const lead = `  ${index + 1}. `.padEnd(indent.length);
      const reason = why === undefined ? '' : ` (${why})`;
      const [first = '', ...rest] = wrap(`${step}: ${outcome}${reason}`, WIDTH - indent.length);
      return [
        lead + first,
        ...rest.map((line) => indent + line),
        ...wrap(source, WIDTH - indent.length).map((line) => indent + palette.dim(line)),
      ];
    }),
  ];
}

function nested({ nested: requests = [] }: MaskExplanation, palette: Palette): string[] {
  if (requests.length === 0) return [];
  return [
    palette.bold('In allocators built on pages'),
    ...requests.flatMap(({ allocator, hex, note }) => labelled(allocator, `${hex ?? 'no pages'}: ${note}`, palette)),
  ];
}

function readings(explanation: MaskExplanation, palette: Palette): string[] {
  if (explanation.readings === undefined) return [];
  return [
    palette.bold('The configuration decides how to read it'),
    ...explanation.readings.flatMap((reading) => [
      `  ${reading.config}`,
      ...wrap(reading.hex ?? (reading.flags ?? []).join(' '), WIDTH - 4).map((line) => `    ${line}`),
    ]),
  ];
}

function problems(explanation: MaskExplanation, palette: Palette): string[] {
  if (explanation.problems.length === 0) return [];
  const paint = { error: palette.red, warning: palette.yellow, info: palette.dim };
  return [
    palette.bold('Problems'),
    ...explanation.problems.flatMap(({ rule, severity, message }) => {
      const [first = '', ...rest] = wrap(`${message} [${rule}]`, WIDTH - severity.length - 4);
      return [`  ${paint[severity](severity)}: ${first}`, ...rest.map((line) => ' '.repeat(severity.length + 4) + line)];
    }),
  ];
}

function labelled(label: string, text: string, palette: Palette): string[] {
  const [first = '', ...rest] = wrap(text, WIDTH - LABEL_WIDTH - 2);
  return [`  ${palette.dim(label.padEnd(LABEL_WIDTH))}${first}`, ...rest.map((line) => ' '.repeat(LABEL_WIDTH + 2) + line)];
}

/** Breaks a text after `separator` so that no line is longer than `width`, unless a single word is. Colour codes count as nothing. */
function wrap(text: string, width: number, separator = ' '): string[] {
  const lines: string[] = [];
  let line = '';
  text.split(separator).forEach((word, index, words) => {
    const piece = index + 1 < words.length && separator !== ' ' ? word + separator : word;
    const joined = line === '' ? piece : separator === ' ' ? `${line} ${piece}` : line + piece;
    if (line !== '' && visibleLength(joined) > width) {
      lines.push(line);
      line = piece;
    } else {
      line = joined;
    }
  });
  return [...lines, line];
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is measured away.
  return text.replace(/\u001b\[[0-9;]*m/g, '').length;
}

import type { MaskExplanation } from '../kernel/explain/explanation';
import { summarise } from '../kernel/explain/summary';
import { codeSpan, escapeMarkdown } from './hoverMarkdown';
import { table } from './maskMarkdown';
import { type MaskRow, maskRows } from './maskRows';

/** One side of a comparison: an explanation, or why there is none. */
export interface ComparedMask {
  readonly title: string;
  readonly answer: MaskExplanation | { readonly error: string };
}

/** What two masks, or one mask in two kernels, do differently; nothing that is the same is shown. */
export function masksComparison(first: ComparedMask, second: ComparedMask): string {
  const [left, right] = [aspectsOf(first), aspectsOf(second)];
  const rows = labelsOf([left, right]).flatMap((label) => {
    const [a, b] = [left.get(label) ?? NOTHING, right.get(label) ?? NOTHING];
    return a === b ? [] : [[escapeMarkdown(label), escapeMarkdown(a), escapeMarkdown(b)]];
  });
  const title = `# ${codeSpan(first.title)} and ${codeSpan(second.title)}`;
  if (rows.length === 0) return `${title}\n\nThe allocator treats both alike.\n`;
  return `${title}\n\n${table(['', codeSpan(first.title), codeSpan(second.title)], rows)}\n`;
}

/** A mask in all releases. Titles of the sides are releases, oldest first. */
export function releasesComparison(text: string, sides: readonly ComparedMask[]): string {
  const aspects = sides.map(aspectsOf);
  const labels = labelsOf(aspects);
  const changing = labels.flatMap((label) => {
    const ranges = rangesOf(sides, (index) => aspects[index]!.get(label) ?? NOTHING);
    return ranges.length < 2 ? [] : [section(label, ranges)];
  });
  const [first, last] = [sides[0]?.title ?? '', sides.at(-1)?.title ?? ''];
  const title = `# ${codeSpan(text)} from Linux ${escapeMarkdown(first)} to ${escapeMarkdown(last)}`;
  if (changing.length === 0) return `${title}\n\nThe allocator treats it alike in all of them.\n`;
  return `${title}\n\nOnly what changed is shown.\n\n${changing.join('\n\n')}\n`;
}

const NOTHING = 'nothing';
const NO_ANSWER = 'in this kernel';
/** Its numbers differ wherever those of the masks do, which says nothing. */
const IN_SCOPES = 'in scopes';

interface Range {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

function section(label: string, ranges: readonly Range[]): string {
  const rows = ranges.map(({ from, to, text }) => [escapeMarkdown(from === to ? from : `${from} - ${to}`), escapeMarkdown(text)]);
  return `## ${label[0]!.toUpperCase()}${label.slice(1)}\n\n${table(['Linux', ''], rows)}`;
}

/** Neighbours with the same text are one range. Sides without an answer say so under one label only and are left out of all others. */
function rangesOf(sides: readonly ComparedMask[], textAt: (index: number) => string): readonly Range[] {
  const ranges: Range[] = [];
  sides.forEach(({ title }, index) => {
    const text = textAt(index);
    const last = ranges.at(-1);
    if (last?.text === text) ranges[ranges.length - 1] = { ...last, to: title };
    else ranges.push({ from: title, to: title, text });
  });
  return ranges;
}

/** Everything that can differ, by a label for people. */
function aspectsOf({ answer }: ComparedMask): ReadonlyMap<string, string> {
  if ('error' in answer) return new Map([[NO_ANSWER, answer.error]]);
  const rows: MaskRow[] = [
    [NO_ANSWER, 'can be used'],
    ['number', answer.hex],
    ['printed as', answer.canonical === '' ? 'none' : answer.canonical],
    ...maskRows(answer).filter(([label]) => label !== IN_SCOPES),
    ['changed by the scopes', changingScopes(answer)],
    ['in short', summarise(answer).join(' ')],
    ['problems', answer.problems.map((problem) => problem.message).join('; ') || 'none'],
    ...(answer.path ?? []).map(({ step, outcome, why }): MaskRow => [`step: ${step}`, why === undefined ? outcome : `${outcome} (${why})`]),
    ...(answer.nested ?? []).map(({ allocator, hex, note }): MaskRow => [`in ${allocator}`, hex === null ? `no pages: ${note}` : note]),
  ];
  return new Map(rows);
}

function changingScopes({ effective, hex }: MaskExplanation): string {
  const changing = Object.entries(effective).filter(([, changed]) => changed !== hex);
  return changing.map(([scope]) => scope.toUpperCase()).join(', ') || 'none';
}

/** All labels in the order of their first appearance. */
function labelsOf(sides: readonly ReadonlyMap<string, string>[]): readonly string[] {
  return [...new Set(sides.flatMap((side) => [...side.keys()]))];
}

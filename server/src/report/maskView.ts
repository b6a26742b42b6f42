import type { MaskProblem, NestedMask, PathStep } from '../kernel/explain/explanation';
import { summarise } from '../kernel/explain/summary';
import type { KernelModel } from '../kernel/model';
import { type MaskPageContent, mismatchSentences, rangeText, readingReasons } from './maskPage';
import { type MaskRow, maskRows } from './maskRows';

/** What the mask explorer shows, as plain data. */
export interface MaskView {
  /** `6.1.192 (tree)`. */
  readonly kernel: string;
  readonly hex: string;
  /** As this kernel prints it, or its names where it prints numbers. */
  readonly name: string;
  /** The mask as source text of this kernel: what one would write, and share. */
  readonly source: string;
  readonly summary: readonly string[];
  readonly rows: readonly MaskRow[];
  readonly path: readonly PathStep[];
  readonly nested: readonly NestedMask[];
  readonly problems: readonly MaskProblem[];
  /** Further remarks: that names and number disagree, which kernels a number may come from, how configurations read it. */
  readonly notes: readonly string[];
  /** The single flags of this kernel. */
  readonly flags: readonly MaskViewFlag[];
  /** Composites one starts from, with the flags they are made of. */
  readonly composites: readonly { readonly name: string; readonly flags: readonly string[] }[];
}

export interface MaskViewFlag {
  readonly name: string;
  readonly description: string;
  readonly on: boolean;
}

const MOST_RELEASES = 4;

export function maskView(content: MaskPageContent, model: KernelModel): MaskView {
  const on = new Set(content.flags);
  const bits = content.flags.reduce((all, name) => all | model.flags.bitsOf(name), 0);
  const unknown = content.unknownBits === '0x0' ? '' : ` | ${content.unknownBits}`;
  return {
    kernel: model.label,
    hex: content.hex,
    name: (content.names ?? content.canonical) || 'none',
    source:
      (bits === 0 && unknown !== '' ? '' : model.flags.print(bits).replaceAll('|', ' | ')) +
      (bits === 0 ? unknown.replace(' | ', '') : unknown),
    summary: summarise(content),
    rows: maskRows(content).filter(([label]) => label !== 'flags'),
    path: content.path ?? [],
    nested: content.nested ?? [],
    problems: content.problems,
    notes: notes(content),
    flags: model.flags.names.map((name) => ({ name, description: model.flags.describe(name) ?? '', on: on.has(name) })),
    composites: model.flags.composites
      .filter(({ name }) => name.startsWith('GFP_') && !name.endsWith('MASK'))
      .map((composite) => ({ name: composite.name, flags: namesOf(model, composite.bits) })),
  };
}

function namesOf(model: KernelModel, bits: number): readonly string[] {
  return model.flags.names.filter((_, index) => (bits & (1 << index)) !== 0);
}

function notes(content: MaskPageContent): readonly string[] {
  const releases = (content.releases ?? []).slice(0, MOST_RELEASES).map((range) => {
    const reasons = readingReasons(range).join(', ');
    return `Linux ${rangeText(range)} reads it as ${range.reading}${reasons === '' ? '' : ` (${reasons})`}`;
  });
  const readings = (content.readings ?? []).map((reading) => `With ${reading.config}: ${reading.hex ?? (reading.flags ?? []).join(' | ')}`);
  return [...(content.note === undefined ? [] : [content.note]), ...mismatchSentences(content), ...releases, ...readings];
}

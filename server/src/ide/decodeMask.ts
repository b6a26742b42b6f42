import { evaluateMask } from '../kernel/maskExpression';
import type { KernelModel } from '../kernel/model';
import { exactly } from '../mask/mask';
import { analyseSource } from '../program/analyseSource';
import { DEFAULT_RULE_SETTINGS } from '../rules/run';
import type { Hover, HoverLine } from './hover';
import { maskHover } from './hoverAt';
import type { KernelContext } from './kernels';
import { code } from './text';

/** Longer texts are no masks, characters. */
const MAX_TEXT = 4096;

/**
 * Explains a mask that stands in no C file: an expression, a number, or a number with names behind it as logs print it
 * (`0xcc0(GFP_KERNEL)`). Undefined when the text is no mask.
 */
export function decodeMask(text: string, context: KernelContext): Hover | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_TEXT) return undefined;
  const { model } = context;
  const logged = /^(?:gfp_mask=|mode:)?(0x[0-9a-f]+)\s*(?:\(.*\))?$/i.exec(trimmed) ?? /^(\d+)$/.exec(trimmed);
  if (logged !== null) return decodeNumber(model, logged[1]!);
  const bits = evaluateMask(
    trimmed,
    (name) => model.flags.bits(model.flags.rawName(name) ?? name),
    (number) => model.numbers.preferred.fromNumber(number),
  );
  if (bits !== undefined) return maskHover(model, trimmed, exactly(bits), []);
  return decodeSource(trimmed, context);
}

function decodeNumber(model: KernelModel, text: string): Hover | undefined {
  const number = Number(text);
  if (!Number.isInteger(number) || number > 0xffffffff) return undefined;
  const { preferred } = model.numbers;
  return maskHover(model, text, exactly(preferred.fromNumber(number)), numberLines(model, number));
}

/** What a number leaves open: bits that no flag has, and other readings when the configuration is not known. */
function numberLines(model: KernelModel, number: number): readonly HoverLine[] {
  const { preferred, layouts, certain } = model.numbers;
  const lines: HoverLine[] = [];
  const unknown = preferred.unknownBits(number);
  if (unknown !== 0) lines.push({ label: 'Unknown bits', value: [code(`0x${(unknown >>> 0).toString(16)}`)] });
  if (certain) return lines;
  const seen = new Set([preferred.print(number)]);
  for (const layout of layouts) {
    const reading = layout.print(number);
    if (seen.has(reading)) continue;
    seen.add(reading);
    lines.push({ label: 'Or', value: [code(reading), ' with ', code(layout.config)] });
  }
  return lines;
}

/** An expression with variables: read as C, so that it means what it means there. */
function decodeSource(text: string, context: KernelContext): Hover | undefined {
  const prefix = 'gfp_t mask = ';
  const bytes = new TextEncoder().encode(`${prefix}${text.replace(/[;{}#\n\r]/g, ' ')};\n`);
  const { facts } = analyseSource('mask.c', bytes, { ...context, rules: DEFAULT_RULE_SETTINGS });
  const site = facts.masks.find((one) => one.range.start >= prefix.length);
  return site === undefined ? undefined : maskHover(context.model, site.text, site.value, []);
}

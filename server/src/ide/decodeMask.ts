import { exactly } from '../mask/mask';
import { analyseSource } from '../program/analyseSource';
import { DEFAULT_RULE_SETTINGS } from '../rules/run';
import type { Hover } from './hover';
import { maskHover } from './hoverAt';
import type { KernelContext } from './kernels';
import { answerMask, type MaskAnswer } from './maskAnswer';

/** Longer texts are no masks. */
const MAX_TEXT = 4096;

/** What a text on its own means: a mask whose flags are all known, or an expression with variables, described as a hover is. */
export type DecodedMask = { readonly answer: MaskAnswer } | { readonly hover: Hover };

/**
 * Explains a mask that stands in no C file: an expression, a number, or a number with names behind it as logs print it
 * (`0xcc0(GFP_KERNEL)`). Undefined when the text is no mask.
 *
 * @param known whether a tree or a setting chose the kernel.
 */
export function decodeMask(text: string, context: KernelContext, known: boolean): DecodedMask | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_TEXT) return undefined;
  const answered = answerMask({ text: trimmed }, context.model, known);
  if (!('error' in answered)) return { answer: answered.answer };
  const hover = decodeSource(trimmed, context);
  return hover === undefined ? undefined : { hover };
}

/** The same as a hover, for masks inside of other texts than C. */
export function maskTextHover(text: string, context: KernelContext): Hover | undefined {
  const decoded = decodeMask(text, context, true);
  if (decoded === undefined || 'hover' in decoded) return decoded?.hover;
  const { flags } = context.model;
  const bits = decoded.answer.flags.reduce((all, name) => all | flags.bitsOf(name), 0);
  return maskHover(context.model, decoded.answer.input, exactly(bits), []);
}

/** An expression with variables: read as C, so that it means what it means there. */
function decodeSource(text: string, context: KernelContext): Hover | undefined {
  const prefix = 'gfp_t mask = ';
  const bytes = new TextEncoder().encode(`${prefix}${text.replace(/[;{}#\n\r]/g, ' ')};\n`);
  const { facts } = analyseSource('mask.c', bytes, { ...context, rules: DEFAULT_RULE_SETTINGS });
  const site = facts.masks.find((one) => one.range.start >= prefix.length);
  return site === undefined ? undefined : maskHover(context.model, site.text, site.value, []);
}

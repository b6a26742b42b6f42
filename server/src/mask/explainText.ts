import { explainMask } from '../kernel/explain/explainMask';
import type { ContextWord, MaskExplanation } from '../kernel/explain/explanation';
import type { KernelModel } from '../kernel/model';
import type { MaskTextError } from './parse';
import { parseMaskText } from './parse';

export interface MaskQuestion {
  /** Anything {@link parseMaskText} reads. */
  readonly mask: string;
  /** Page order; undefined: the one of a pasted log line, else what `size` needs, else 0. */
  readonly order?: number | undefined;
  /** Bytes asked from kmalloc(). */
  readonly size?: number | undefined;
  readonly context?: readonly ContextWord[] | undefined;
}

/** Reads a mask and explains it in one step. */
export function explainMaskText(model: KernelModel, question: MaskQuestion): MaskExplanation | MaskTextError {
  const parsed = parseMaskText(model, question.mask);
  if ('error' in parsed) return parsed;
  return explainMask(model, {
    input: question.mask,
    bits: parsed.bits,
    number: parsed.number,
    unknownBits: parsed.unknownBits,
    readings: parsed.readings,
    order: question.order ?? parsed.order,
    size: question.size,
    context: question.context,
  });
}

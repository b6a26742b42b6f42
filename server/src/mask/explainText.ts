import { explainMask } from '../kernel/explain/explainMask';
import type { ContextWord, MaskExplanation } from '../kernel/explain/explanation';
import type { KernelModel } from '../kernel/model';
import type { MaskTextError } from './parse';
import { parseMaskText } from './parse';
import { type NameMismatch, nameMismatch } from './releases';

export interface MaskQuestion {
  /** Anything {@link parseMaskText} reads. */
  readonly mask: string;
  /** Page order; undefined: the one of a pasted log line, else what `size` needs, else 0. */
  readonly order?: number | undefined;
  /** Bytes asked from kmalloc(). */
  readonly size?: number | undefined;
  readonly context?: readonly ContextWord[] | undefined;
  /** False leaves the path out of the answer. */
  readonly path?: boolean | undefined;
}

/** The explanation of a mask in text. */
export interface MaskTextExplanation extends MaskExplanation {
  /** The names beside the number are not those of this kernel. */
  readonly mismatch?: NameMismatch | undefined;
}

/** No kernel and configuration has a larger order (ia64 with its largest one): asking for more is a slip, not a request that fails. */
const LARGEST_ORDER = 16;

/** Reads a mask and explains it in one step. */
export function explainMaskText(model: KernelModel, question: MaskQuestion): MaskTextExplanation | MaskTextError {
  const parsed = parseMaskText(model, question.mask);
  if ('error' in parsed) return parsed;
  const order = question.order ?? parsed.order;
  if (order !== undefined && order > LARGEST_ORDER) return { error: `order ${order}: no kernel has an order above ${LARGEST_ORDER}` };
  const explanation = explainMask(model, {
    input: question.mask,
    bits: parsed.bits,
    number: parsed.number,
    unknownBits: parsed.unknownBits,
    readings: parsed.readings,
    order,
    size: question.size,
    context: question.context,
    path: question.path,
  });
  const { number, printed } = parsed;
  const mismatch = number === undefined || printed === undefined ? undefined : nameMismatch(model, number, printed.trim());
  return mismatch === undefined ? explanation : { ...explanation, mismatch };
}

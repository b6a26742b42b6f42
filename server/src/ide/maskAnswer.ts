import type { ContextWord } from '../kernel/explain/explanation';
import { CONTEXT_WORDS } from '../kernel/explain/explanation';
import { loadModel } from '../kernel/load';
import type { KernelModel } from '../kernel/model';
import { parseRelease } from '../kernel/release';
import { whyUnknown } from '../kernel/releaseTables';
import { explainMaskText, type MaskTextExplanation } from '../mask/explainText';
import { type MaskTextError, numberIn } from '../mask/parse';
import { likeliestRelease, type ReleaseRange, releasesOf } from '../mask/releases';

/** What is asked about a mask that stands in no C file. Members come from other programs and are checked here. */
export interface MaskAsk {
  readonly text: string;
  /** `X.Y[.Z]` in place of the kernel at hand. */
  readonly kernel?: string | undefined;
  readonly order?: number | undefined;
  /** Bytes asked from kmalloc(). */
  readonly size?: number | undefined;
  readonly context?: readonly string[] | undefined;
}

/** The same answer as that of `gfp-lens mask`. */
export interface MaskAnswer extends MaskTextExplanation {
  /** Only for a number when no tree and no release says what it means. */
  readonly releases?: readonly ReleaseRange[];
}

/** An answer and the model it rests on. */
export interface MaskAnswerOf {
  readonly answer: MaskAnswer;
  readonly model: KernelModel;
}

/** Longer texts are no masks. */
const MAX_TEXT = 4096;

/**
 * Explains a mask: an expression, a number, or a log line with one.
 *
 * @param model the kernel at hand.
 * @param known whether a tree or a setting chose that kernel; if not, a bare number is read by the release it most likely comes from.
 */
export function answerMask(ask: MaskAsk, model: KernelModel, known: boolean): MaskAnswerOf | MaskTextError {
  const text = ask.text.trim();
  if (text === '') return { error: 'no mask given' };
  if (text.length > MAX_TEXT) return { error: 'this text is too long for a mask' };
  const chosen = chosenModel(ask, text, model, known);
  if ('error' in chosen) return chosen;
  const question = { mask: text, order: count(ask.order), size: count(ask.size), context: contextWords(ask.context) };
  const answer = explainMaskText(chosen.model, question);
  if ('error' in answer) return answer;
  return { model: chosen.model, answer: chosen.number === undefined ? answer : { ...answer, releases: releasesOf(chosen.number) } };
}

interface Chosen {
  readonly model: KernelModel;
  /** The number whose release is a guess. */
  readonly number?: number;
}

function chosenModel({ kernel }: MaskAsk, text: string, model: KernelModel, known: boolean): Chosen | MaskTextError {
  if (kernel !== undefined && kernel !== '') {
    const other = modelOfRelease(kernel, model);
    return 'error' in other ? other : { model: other };
  }
  const number = known ? undefined : numberIn(text);
  if (number === undefined) return { model };
  const likeliest = modelOfRelease(likeliestRelease(number.number, number.printed), model);
  return 'error' in likeliest ? likeliest : { model: likeliest, number: number.number };
}

const models = new WeakMap<KernelModel, Map<string, KernelModel>>();

/** The tables of a release with the configuration of the kernel at hand. */
export function modelOfRelease(kernel: string, base: KernelModel): KernelModel | MaskTextError {
  const release = parseRelease(kernel);
  if (release === undefined) return { error: `"${kernel}" is not a kernel release` };
  const unknown = whyUnknown(release);
  if (unknown !== undefined) return { error: `kernel "${kernel}": ${unknown}` };
  let known = models.get(base);
  if (known === undefined) models.set(base, (known = new Map()));
  let model = known.get(kernel);
  if (model === undefined) known.set(kernel, (model = loadModel({ release, config: base.config })));
  return model;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function contextWords(words: unknown): readonly ContextWord[] {
  return Array.isArray(words) ? CONTEXT_WORDS.filter((word) => words.includes(word)) : [];
}

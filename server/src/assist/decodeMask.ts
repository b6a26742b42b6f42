import { type ContextWord, type KernelModel, loadModel, parseRelease, whyUnknown } from '../kernel/index';
import { explainMaskText, likeliestRelease, numberIn } from '../mask/index';
import { maskPage, PLAIN } from '../report/maskPage';
import { AssistError, type AssistTree } from './assistant';

export interface DecodeMaskQuestion {
  /** An expression, a number, or a log line that contains one. */
  readonly mask: string;
  /** `X.Y[.Z]`; otherwise that of the tree, or for a number outside of any tree the release it most likely comes from. */
  readonly kernel?: string | undefined;
  readonly order?: number | undefined;
  /** Bytes of a kmalloc(). */
  readonly size?: number | undefined;
  readonly context?: readonly ContextWord[] | undefined;
}

/** What a mask means to the allocator. `inTree`: the context is that of a real tree, not of the newest release. */
export function decodeMask(question: DecodeMaskQuestion, { context }: AssistTree, inTree: boolean): string {
  const { mask, order, size } = question;
  const asked = {
    mask,
    ...(order !== undefined && { order }),
    ...(size !== undefined && { size }),
    ...(question.context && { context: question.context }),
  };
  const answer = explainMaskText(modelFor(question, context.model, inTree), asked);
  if ('error' in answer) throw new AssistError(answer.error);
  return maskPage(answer, PLAIN).trimEnd();
}

function modelFor({ mask, kernel }: DecodeMaskQuestion, standard: KernelModel, inTree: boolean): KernelModel {
  const number = numberIn(mask);
  const name = kernel ?? (inTree || number === undefined ? undefined : likeliestRelease(number.number, number.printed));
  if (name === undefined) return standard;
  const release = parseRelease(name);
  const problem = release === undefined ? 'not a kernel release; write it like 6.1 or 6.12.3' : whyUnknown(release);
  if (release === undefined || problem !== undefined) throw new AssistError(`kernel "${name}": ${problem}`);
  return loadModel({ release, config: standard.config });
}

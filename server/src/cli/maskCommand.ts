import type { ContextWord, KernelModel, MaskExplanation } from '../kernel/index';
import { explainMaskText, likeliestRelease, type MaskTextExplanation, numberIn, type ReleaseRange, releasesOf } from '../mask/index';
import { maskPage } from '../report/maskPage';
import { DEFAULT_RULE_SETTINGS } from '../rules/run';
import { analysisContext, type ContextSetup, checkedKernel, configText } from './context';
import { UserError } from './errors';
import { answerLines } from './maskLines';
import { EXIT, type Output } from './output';
import { maskPaletteFor } from './palette';
import { rootOf } from './tree';

/** The flags of `mask` as the user gave them. */
export interface MaskOptions {
  readonly kernel?: string;
  readonly config?: string;
  readonly order?: number;
  readonly size?: number;
  readonly context?: readonly ContextWord[];
  readonly json?: boolean;
  readonly stdin?: boolean;
}

/** `gfp-lens mask`: explains one mask, or one per line of standard input. Returns the exit code; throws {@link UserError}. */
export async function explain(words: readonly string[], options: MaskOptions, output: Output): Promise<number> {
  if (options.stdin === true) {
    if (words.length > 0) throw new UserError('--stdin takes its masks from standard input, not from arguments');
    const setup = setupOf(options, treeAround(options));
    return answerLines(analysisContext(setup).model, setup, options, output);
  }
  if (words.length === 0) throw new UserError('give a mask, such as GFP_KERNEL or 0xcc0');
  const answer = answerTo(words.join(' '), options);
  if ('error' in answer) throw new UserError(answer.error);
  await output.write(options.json === true ? `${JSON.stringify(answer)}\n` : maskPage(answer, maskPaletteFor(process.stdout)));
  await output.flush();
  return hasProblem(answer) ? EXIT.findings : EXIT.ok;
}

type Answer = MaskTextExplanation & {
  /** Only when no release was given and the mask is a number: what it means to all of them, the likeliest first. */
  readonly releases?: readonly ReleaseRange[];
};

function answerTo(mask: string, options: MaskOptions): Answer | { readonly error: string } {
  const number = numberIn(mask);
  const tree = treeAround(options);
  if (options.kernel !== undefined || tree !== undefined || number === undefined)
    return explainMaskText(chosenModel(options, tree), { ...options, mask });
  const kernel = likeliestRelease(number.number, number.printed);
  const answer = explainMaskText(chosenModel({ ...options, kernel }), { ...options, mask });
  return 'error' in answer ? answer : { ...answer, releases: releasesOf(number.number) };
}

function hasProblem(answer: MaskExplanation): boolean {
  return answer.problems.some((problem) => problem.severity !== 'info');
}

function treeAround({ kernel }: MaskOptions): string | undefined {
  return kernel === undefined ? rootOf(undefined, [process.cwd()]) : undefined;
}

/** The model of the options, else of the tree around the current folder, else of the newest kernel. */
function chosenModel(options: MaskOptions, tree = treeAround(options)): KernelModel {
  return analysisContext(setupOf(options, tree)).model;
}

function setupOf({ kernel, config }: MaskOptions, tree: string | undefined): ContextSetup {
  return {
    tree,
    kernel: kernel === undefined ? undefined : checkedKernel(kernel),
    config: config === undefined ? undefined : configText(config),
    rules: DEFAULT_RULE_SETTINGS,
  };
}

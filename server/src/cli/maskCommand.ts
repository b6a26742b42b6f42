import { createInterface } from 'node:readline';
import {
  CONTEXT_WORDS,
  type ContextWord,
  configOf,
  type KernelConfig,
  type KernelModel,
  loadModel,
  type MaskExplanation,
  parseRelease,
} from '../kernel/index';
import { explainMaskText, type MaskQuestion } from '../mask/index';
import { maskPage } from '../report/maskPage';
import { DEFAULT_RULE_SETTINGS } from '../rules/run';
import { analysisContext, checkedKernel, configText } from './context';
import { UserError } from './errors';
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
    return answerLines(options, output);
  }
  if (words.length === 0) throw new UserError('give a mask, such as GFP_KERNEL or 0xcc0');
  const answer = explainMaskText(defaultModel(options), { ...options, mask: words.join(' ') });
  if ('error' in answer) throw new UserError(answer.error);
  await output.write(options.json === true ? `${JSON.stringify(answer)}\n` : maskPage(answer, maskPaletteFor(process.stdout)));
  await output.flush();
  return hasProblem(answer) ? EXIT.findings : EXIT.ok;
}

function hasProblem(answer: MaskExplanation): boolean {
  return answer.problems.some((problem) => problem.severity !== 'info');
}

/** The model of the options, else of the tree around the current folder, else of the newest kernel. */
function defaultModel({ kernel, config }: MaskOptions): KernelModel {
  const tree = kernel === undefined ? rootOf(undefined, [process.cwd()]) : undefined;
  const setup = {
    tree,
    kernel: kernel === undefined ? undefined : checkedKernel(kernel),
    config: config === undefined ? undefined : configText(config),
    rules: DEFAULT_RULE_SETTINGS,
  };
  return analysisContext(setup).model;
}

/** One JSON answer per line of JSON; a line that cannot be answered gets `{"error":…}`, and the exit code says so at the end. */
async function answerLines(options: MaskOptions, output: Output): Promise<number> {
  const models = new ModelCache(defaultModel(options));
  let failed = false;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const answer = answerLine(line, options, models);
    failed ||= 'error' in answer;
    await output.write(`${JSON.stringify(answer)}\n`);
    if (output.isClosed) break;
  }
  await output.flush();
  return failed ? EXIT.failure : EXIT.ok;
}

type Answer = MaskExplanation | { readonly error: string };

function answerLine(line: string, options: MaskOptions, models: ModelCache): Answer {
  let asked: unknown;
  try {
    asked = JSON.parse(line);
  } catch {
    return { error: 'this line is not JSON' };
  }
  if (typeof asked !== 'object' || asked === null) return { error: 'a question is a JSON object with a "mask"' };
  const question = questionOf(asked as Record<string, unknown>, options);
  if ('error' in question) return question;
  const model = models.get(question.kernel, question.config);
  return 'error' in model ? model : explainMaskText(model, question);
}

interface LineQuestion extends MaskQuestion {
  readonly kernel: string | undefined;
  readonly config: Readonly<Record<string, boolean | string>> | undefined;
}

function questionOf(asked: Record<string, unknown>, options: MaskOptions): LineQuestion | { readonly error: string } {
  const { mask, order = options.order, size = options.size, context = options.context, kernel, config } = asked;
  if (typeof mask !== 'string' && typeof mask !== 'number') return { error: '"mask" must be a string or a number' };
  if (!isCount(order)) return { error: '"order" must be a whole number' };
  if (!isCount(size)) return { error: '"size" must be a whole number' };
  if (kernel !== undefined && typeof kernel !== 'string') return { error: '"kernel" must be a string like "6.1"' };
  if (!isContext(context)) return { error: `"context" must be a list of ${CONTEXT_WORDS.join(', ')}` };
  if (!isConfig(config)) return { error: '"config" must be an object of CONFIG_ names and true or false' };
  return { mask: String(mask), order, size, context, kernel, config };
}

function isCount(value: unknown): value is number | undefined {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);
}

function isContext(value: unknown): value is readonly ContextWord[] | undefined {
  return value === undefined || (Array.isArray(value) && value.every((word) => CONTEXT_WORDS.includes(word)));
}

function isConfig(value: unknown): value is Readonly<Record<string, boolean | string>> | undefined {
  if (value === undefined) return true;
  return (
    typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'boolean' || typeof one === 'string')
  );
}

/** Models by release and configuration: a million questions are about a few kernels. */
class ModelCache {
  private readonly models = new Map<string, KernelModel>();

  constructor(private readonly standard: KernelModel) {}

  get(
    kernel: string | undefined,
    config: Readonly<Record<string, boolean | string>> | undefined,
  ): KernelModel | { readonly error: string } {
    if (kernel === undefined && config === undefined) return this.standard;
    const key = `${kernel ?? ''} ${JSON.stringify(config ?? {})}`;
    const known = this.models.get(key);
    if (known !== undefined) return known;
    const release = kernel === undefined ? this.standard.release : parseRelease(kernel);
    if (release === undefined) return { error: `"${kernel}" is not a kernel release` };
    const chosen: KernelConfig | undefined = config === undefined ? this.standard.config : configOf(config);
    const model = loadModel({ release, config: chosen });
    if (this.models.size >= MAX_MODELS) this.models.clear();
    this.models.set(key, model);
    return model;
  }
}

const MAX_MODELS = 256;

import { StringDecoder } from 'node:string_decoder';
import { CONTEXT_WORDS, type ContextWord, type KernelModel } from '../kernel/index';
import { explainMaskText, type MaskQuestion, type MaskTextExplanation } from '../mask/index';
import { explanationJson } from '../report/maskJson';
import { LineBuffer } from './lineBuffer';
import { type ConfigOptions, MaskModels } from './maskModels';
import { EXIT, type Output } from './output';

/** What lines that do not say otherwise are asked with. */
export interface LineDefaults {
  readonly order?: number;
  readonly size?: number;
  readonly context?: readonly ContextWord[];
}

/** All else in an answer is this program's own text. */
const ASCII = /^[ -~]*$/;

/** One JSON answer per line of JSON on standard input; a line that cannot be answered gets `{"error":…}`, and the exit code says so at the end. */
export async function answerLines(standard: KernelModel, defaults: LineDefaults, output: Output): Promise<number> {
  const models = new MaskModels(standard);
  const buffer = new LineBuffer(output);
  let failed = false;
  for await (const lines of linesOf(process.stdin)) {
    for (const line of lines) {
      if (line === '' || line.trim() === '') continue;
      const answer = answerLine(line, defaults, models);
      const bad = 'error' in answer;
      failed ||= bad;
      const text = bad || answer.mismatch !== undefined ? JSON.stringify(answer) : explanationJson(answer);
      if (!buffer.fits(text)) await buffer.flush();
      if (buffer.fits(text)) buffer.add(text, !bad && ASCII.test(answer.input));
      else await buffer.flush(text);
    }
    // Who asks line by line waits for the answer before the next question.
    await buffer.flush();
    await output.flush();
    if (output.isClosed) break;
  }
  return failed ? EXIT.failure : EXIT.ok;
}

/** The lines of a stream, as many at a time as a piece of it has: an event for each single one would cost more than the answer. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n');
    rest = lines.pop()!;
    yield lines;
  }
  yield [rest + decoder.end()];
}

type Answer = MaskTextExplanation | { readonly error: string };

function answerLine(line: string, defaults: LineDefaults, models: MaskModels): Answer {
  let asked: unknown;
  try {
    asked = JSON.parse(line);
  } catch {
    return { error: 'this line is not JSON' };
  }
  if (typeof asked !== 'object' || asked === null) return { error: 'a question is a JSON object with a "mask"' };
  const question = questionOf(asked as Record<string, unknown>, defaults);
  if ('error' in question) return question;
  const model = models.get(question.kernel, question.config);
  return 'error' in model ? model : explainMaskText(model, question);
}

interface LineQuestion extends MaskQuestion {
  readonly kernel: string | undefined;
  readonly config: ConfigOptions | undefined;
}

function questionOf(asked: Record<string, unknown>, defaults: LineDefaults): LineQuestion | { readonly error: string } {
  const { mask, path = false } = asked;
  // Programs write null for what they leave out.
  const order = asked.order ?? defaults.order;
  const size = asked.size ?? defaults.size;
  const context = asked.context ?? defaults.context;
  const kernel = asked.kernel ?? undefined;
  const config = asked.config ?? undefined;
  if (typeof mask !== 'string' && typeof mask !== 'number') return { error: '"mask" must be a string or a number' };
  if (!isCount(order)) return { error: '"order" must be a whole number' };
  if (!isCount(size)) return { error: '"size" must be a whole number' };
  if (kernel !== undefined && typeof kernel !== 'string') return { error: '"kernel" must be a string like "6.1"' };
  if (!isContext(context)) return { error: `"context" must be a list of ${CONTEXT_WORDS.join(', ')}` };
  if (!isConfig(config)) return { error: '"config" must be an object of CONFIG_ names and true or false' };
  if (typeof path !== 'boolean') return { error: '"path" must be true or false' };
  return { mask: typeof mask === 'string' ? mask : String(mask), order, size, context, kernel, config, path };
}

function isCount(value: unknown): value is number | undefined {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);
}

function isContext(value: unknown): value is readonly ContextWord[] | undefined {
  return value === undefined || (Array.isArray(value) && value.every((word) => CONTEXT_WORDS.includes(word)));
}

function isConfig(value: unknown): value is ConfigOptions | undefined {
  if (value === undefined) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === 'boolean' || typeof one === 'string' || typeof one === 'number')
  );
}

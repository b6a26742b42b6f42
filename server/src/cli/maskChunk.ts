import { CONTEXT_WORDS, type ContextWord } from '../kernel/index';
import { explainMaskText, type MaskQuestion, type MaskTextExplanation } from '../mask/index';
import { explanationJson } from '../report/maskJson';
import type { ConfigOptions, MaskModels } from './maskModels';

/** What lines that do not say otherwise are asked with. */
export interface LineDefaults {
  readonly order?: number;
  readonly size?: number;
  readonly context?: readonly ContextWord[];
}

/** The answers to some lines, as UTF-8. */
export interface ChunkAnswers {
  /** Memory of the answerer: it is used again for the next lines. */
  readonly bytes: Uint8Array;
  /** A line could not be answered. */
  readonly failed: boolean;
}

const FIRST_SIZE = 1 << 20;
/** UTF-8 takes at most three bytes for one unit of a string. */
const MOST_BYTES = 3;
const LF = 10;
/** All else in an answer is this program's own text. */
const ASCII = /^[ -~]*$/;

/**
 * Answers lines of JSON with lines of JSON. The answers go into one piece of memory as they are made: a text of many pieces is collected once, where joining
 * texts first would collect it twice.
 */
export class ChunkAnswerer {
  private buffer = Buffer.allocUnsafe(FIRST_SIZE);
  private used = 0;

  constructor(
    private readonly models: MaskModels,
    private readonly defaults: LineDefaults,
  ) {}

  answer(lines: readonly string[]): ChunkAnswers {
    this.used = 0;
    let failed = false;
    for (const line of lines) {
      if (line === '' || line.trim() === '') continue;
      const answer = answerLine(line, this.defaults, this.models);
      const bad = 'error' in answer;
      failed ||= bad;
      const text = bad || answer.mismatch !== undefined ? JSON.stringify(answer) : explanationJson(answer);
      this.add(text, !bad && ASCII.test(answer.input));
    }
    return { bytes: this.buffer.subarray(0, this.used), failed };
  }

  /** `ascii`: the line has no other characters, which is faster. */
  private add(line: string, ascii: boolean): void {
    const needed = this.used + line.length * MOST_BYTES + 1;
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, this.used);
      this.buffer = larger;
    }
    this.used += this.buffer.write(line, this.used, ascii ? 'latin1' : 'utf8');
    this.buffer[this.used++] = LF;
  }
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

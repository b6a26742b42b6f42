import { StringDecoder } from 'node:string_decoder';
import type { KernelModel } from '../kernel/index';
import type { ContextSetup } from './context';
import { ChunkAnswerer, type ChunkAnswers, type LineDefaults } from './maskChunk';
import { MaskModels } from './maskModels';
import { MaskPool } from './maskPool';
import { EXIT, type Output } from './output';

/** Pieces of input shorter than this come from somebody who asks line by line, characters. */
const BULK = 1 << 14;
/** So much input is answered before threads are worth their start, characters. */
const WARM = 1 << 19;

/** One JSON answer per line of JSON on standard input; a line that cannot be answered gets `{"error":…}`, and the exit code says so at the end. */
export async function answerLines(standard: KernelModel, setup: ContextSetup, defaults: LineDefaults, output: Output): Promise<number> {
  const answerer = new ChunkAnswerer(new MaskModels(standard), defaults);
  const pool = MaskPool.ifUseful({ context: setup, defaults });
  const pending: Promise<ChunkAnswers>[] = [];
  let seen = 0;
  let failed = false;
  const write = async (answers: ChunkAnswers): Promise<void> => {
    failed ||= answers.failed;
    await output.writeBytes(answers.bytes);
  };
  try {
    for await (const text of wholeLines(process.stdin)) {
      seen += text.length;
      if (pool !== undefined && text.length >= BULK && seen > WARM) {
        pending.push(pool.answer(text));
        if (pending.length > pool.ahead) await write(await pending.shift()!);
      } else {
        // Who asks line by line waits for the answer before the next question.
        while (pending.length > 0) await write(await pending.shift()!);
        await write(answerer.answer(text.split('\n')));
      }
      if (output.isClosed) break;
    }
    while (pending.length > 0 && !output.isClosed) await write(await pending.shift()!);
    await output.flush();
  } finally {
    await pool?.close();
  }
  return failed ? EXIT.failure : EXIT.ok;
}

/** The text of a stream in pieces that end with a line: an event for each single line would cost more than the answer. */
async function* wholeLines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const text = rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk));
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (end > 0) yield text.slice(0, end);
  }
  yield rest + decoder.end();
}

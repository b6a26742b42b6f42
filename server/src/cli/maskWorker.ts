import { parentPort, workerData } from 'node:worker_threads';
import { analysisContext, type ContextSetup } from './context';
import { ChunkAnswerer, type LineDefaults } from './maskChunk';
import { MaskModels } from './maskModels';

/** What a worker is started with: plain values, from which it makes the same model as the main thread. */
export interface MaskWorkerSetup {
  readonly context: ContextSetup;
  readonly defaults: LineDefaults;
}

const { context, defaults }: MaskWorkerSetup = workerData;
const answerer = new ChunkAnswerer(new MaskModels(analysisContext(context).model), defaults);

parentPort?.on('message', (text: string) => {
  const { bytes, failed } = answerer.answer(text.split('\n'));
  // A copy, because the memory of the answerer is used again while the main thread writes.
  const sent = new Uint8Array(bytes);
  parentPort?.postMessage({ bytes: sent, failed }, [sent.buffer]);
});

import {
  explainMask,
  formatRelease,
  type KernelModel,
  type MaskExplanation,
  maskBits,
  maskNumber,
  newestKnowing,
  newestRelease,
} from '../kernel/index';
import type { EventExplanation, FailureExplanation } from './explanation';
import type { EventReport, FailureRecord } from './record';
import { modelOf } from './request';

/** A trace as one explanation: its masks read with the newest release that knows them all. */
export function explainEvents(record: FailureRecord, events: EventReport): FailureExplanation {
  const texts = events.masks.map((use) => use.text);
  const fitting = newestKnowing(texts);
  const model = modelOf(fitting ?? newestRelease());
  const masks = events.masks.map((use) => ({ use, mask: readMask(model, use.text) }));
  const explanation: EventExplanation = { report: events, masks };
  return {
    kind: 'events',
    record,
    events: explanation,
    process: undefined,
    order: undefined,
    sizeKb: undefined,
    mask: undefined,
    maskText: undefined,
    kernel: formatRelease(model.release),
    kernelFrom: fitting === undefined || texts.length === 0 ? 'assumed' : 'mask',
    model,
    zones: [],
    path: [],
    verdict: 'unknown',
    summary: summaryOf(explanation),
    supports: [],
    contradicts: [],
    advice: [],
    site: undefined,
    missing: [],
    beside: [],
  };
}

/** A mask as events print it. Undefined when a name is not known. */
function readMask(model: KernelModel, text: string): MaskExplanation | undefined {
  const number = maskNumber(text);
  if (number !== undefined) {
    const { layouts, preferred } = model.numbers;
    const layout = layouts.find((one) => one.unknownBits(number) === 0) ?? preferred;
    const unknownBits = layout.unknownBits(number);
    return explainMask(model, { input: text, bits: layout.fromNumber(number), number, unknownBits, context: [] });
  }
  const bits = maskBits(text, model.flags);
  return bits === undefined ? undefined : explainMask(model, { input: text, bits, context: [] });
}

function summaryOf({ report, masks }: EventExplanation): string {
  const events = [...report.counts.values()].reduce((sum, one) => sum + one, 0);
  const requests = report.masks.reduce((sum, use) => sum + use.requests, 0);
  const failed = report.masks.reduce((sum, use) => sum + use.failed, 0);
  const sentences = [
    `${events} trace ${events === 1 ? 'event' : 'events'}, ${requests} of them requests for memory, with ${masks.length} different ${masks.length === 1 ? 'mask' : 'masks'}.`,
  ];
  if (failed > 0) sentences.push(`${failed} ${failed === 1 ? 'request' : 'requests'} got nothing.`);
  else if (requests > 0) sentences.push('None of them failed.');
  if (report.reclaims > 0) {
    const fruitless = report.fruitless === 0 ? '' : `, ${report.fruitless} of them in vain`;
    sentences.push(`Tasks had to reclaim memory themselves ${times(report.reclaims)} (${report.reclaimed} pages${fruitless}).`);
  }
  const compactions = [...report.compactions];
  if (compactions.length > 0)
    sentences.push(`Compaction ended with ${compactions.map(([status, times]) => `${status} (${times})`).join(', ')}.`);
  if (report.fragmenting > 0)
    sentences.push(`A page block of another mobility was broken up ${times(report.fragmenting)}, which makes large blocks rarer.`);
  return sentences.join(' ');
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

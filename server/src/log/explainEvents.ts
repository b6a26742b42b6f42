import { explainMask, formatRelease, type KernelModel, type MaskExplanation, newestRelease, sampledReleases } from '../kernel/index';
import { evaluateMask } from '../kernel/maskExpression';
import type { EventExplanation, FailureExplanation } from './explanation';
import type { EventReport, FailureRecord } from './record';
import { modelOf } from './request';

/** A trace as one explanation: its masks read with the newest release that knows them all. */
export function explainEvents(record: FailureRecord, events: EventReport): FailureExplanation {
  const texts = events.masks.map((use) => use.text);
  const fitting = sampledReleases.findLast((release) => texts.every((text) => readMask(modelOf(release), text)?.unknown === false));
  const model = modelOf(fitting ?? newestRelease());
  const masks = events.masks.map((use) => ({ use, mask: readMask(model, use.text)?.mask }));
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

interface ReadMask {
  readonly mask: MaskExplanation;
  /** It has bits or names that this release does not have. */
  readonly unknown: boolean;
}

/** A mask as events print it: names, or a number. Undefined when a name is not known. */
function readMask(model: KernelModel, text: string): ReadMask | undefined {
  if (/^(?:0x[0-9a-f]+|\d+)$/i.test(text)) {
    const number = Number(text);
    if (!Number.isInteger(number) || number > 0xffffffff) return undefined;
    const { layouts, preferred } = model.numbers;
    const layout = layouts.find((one) => one.unknownBits(number) === 0) ?? preferred;
    const unknownBits = layout.unknownBits(number);
    const mask = explainMask(model, { input: text, bits: layout.fromNumber(number), number, unknownBits, context: [] });
    return { mask, unknown: unknownBits !== 0 };
  }
  // `none` is what 0 prints as.
  const bits = text === 'none' ? 0 : evaluateMask(text, (name) => model.flags.bits(model.flags.rawName(name) ?? name));
  return bits === undefined ? undefined : { mask: explainMask(model, { input: text, bits, context: [] }), unknown: false };
}

function summaryOf({ report, masks }: EventExplanation): string {
  const events = [...report.counts.values()].reduce((sum, one) => sum + one, 0);
  const requests = report.masks.reduce((sum, use) => sum + use.requests, 0);
  const failed = report.masks.reduce((sum, use) => sum + use.failed, 0);
  const sentences = [`${events} trace events, ${requests} of them requests for memory with ${masks.length} different masks.`];
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

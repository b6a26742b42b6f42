import { formatRelease, type KernelModel, newestRelease } from '../../kernel/index';
import type { FailureExplanation } from '../explanation';
import type { FailureRecord, StateReport } from '../record';
import { modelOf } from '../request';
import { sizeWords } from '../summary';
import { outlooks, servingZone } from './outlook';
import type { KnownRequest } from './stateWords';

/** The state of a machine by /proc: what it would serve now, also of the requests that failed in the same log. */
export function explainState(
  record: FailureRecord,
  state: StateReport,
  requests: readonly KnownRequest[],
): Pick<FailureExplanation, 'model' | 'kernel' | 'kernelFrom' | 'summary' | 'beside'> {
  const known = requests.find((one) => one.request.releaseFrom !== 'assumed')?.request;
  const model: KernelModel = known?.model ?? modelOf(newestRelease());
  return {
    model,
    kernel: formatRelease(model.release),
    kernelFrom: known === undefined ? 'assumed' : known.releaseFrom,
    summary: outlookWords(record, model, state.pageKb),
    beside: requests.map((one) => repeated(record, one)),
  };
}

/** What a machine with these free blocks and watermarks serves without reclaim and compaction. */
export function outlookWords(record: FailureRecord, model: KernelModel, pageKb: number): string {
  const zones = record.memory?.zones ?? [];
  if (!zones.some((zone) => zone.buddy !== undefined)) return 'The text does not say which blocks are free (see /proc/buddyinfo).';
  const list = outlooks(record, model);
  const words = list.map(({ mask, order }) =>
    order === undefined ? `${mask} nothing` : `${mask} up to order ${order} (${sizeWords(pageKb * 2 ** order)})`,
  );
  const limited = list.some((one) => !one.everything);
  const above = limited ? ' Above that, a request has to reclaim or compact first, and fails at once when it may not sleep.' : '';
  const marks = zones.some((zone) => zone.fields.has('min'));
  const basis = marks ? '' : ' By the blocks alone: the watermarks are in /proc/zoneinfo.';
  return `At once this machine serves now: ${words.join(', ')}.${above}${basis}`;
}

function repeated(record: FailureRecord, { line, request }: KnownRequest): string {
  const zone = servingZone(record, request);
  const what = `The request of line ${line} (order ${request.order}, ${request.maskText})`;
  if (zone === undefined) return `${what} would not be served at once now.`;
  return `${what} would be served now, from ${zone.report.name} of node ${zone.report.node}.`;
}
